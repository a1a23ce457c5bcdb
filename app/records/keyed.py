"""Keyed hashes of numbers and names: whoever lacks the database's secret learns nothing from them.

They let the service recognise a number that it must not keep: an objection of somebody who was erased, and an erasure
that is done again after a backup is restored. The secret is made by a migration and goes into each backup.
"""

import hashlib
import hmac
from collections.abc import Collection
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field

from app.records.base import Row, table_of

MARK: Final = "#"
"""How a hash begins: no number does."""


class HashSecretRow(Row, table=True):
    """The secret of this database, one row."""

    __tablename__ = "hash_secret"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    secret: str
    """64 hexadecimal digits."""


_secrets: WeakKeyDictionary[Pool, bytes] = WeakKeyDictionary()
"""Each database's secret, once it has been read."""


async def secret_of(session: AsyncSession) -> bytes:
    """The secret of a session's database; it is read once."""
    pool = session.get_bind().engine.pool
    if (known := _secrets.get(pool)) is None:
        secret = await session.scalar(select(table_of(HashSecretRow).c.secret))
        assert secret is not None, "the migrations have made it"
        known = _secrets[pool] = bytes.fromhex(secret)
    return known


async def keyed(session: AsyncSession, text: str) -> str:
    """The keyed hash of a text, which begins with `MARK`."""
    return hashed(await secret_of(session), text)


async def keyed_all(session: AsyncSession, texts: Collection[str]) -> dict[str, str]:
    """The texts by their keyed hashes."""
    secret = await secret_of(session)
    return {hashed(secret, text): text for text in texts}


def hashed(secret: bytes, text: str) -> str:
    """HMAC-SHA256 of a text, 128 bits of it in hexadecimal digits, behind `MARK`."""
    return MARK + hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32]
