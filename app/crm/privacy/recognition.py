"""Recognises numbers of somebody who was erased by their keyed hashes, in a database that a backup brought back."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.contacts.tables import PhoneRow
from app.crm.privacy.holdings import HOLDINGS
from app.crm.privacy.tables import ErasureRow
from app.records.base import table_of
from app.records.engine import reading
from app.records.keyed import hashed, secret_of

_PAGE: Final = 5_000
_PHONE = table_of(PhoneRow)


def number_columns() -> Sequence[ColumnElement[Any]]:
    """All columns that have a number of a person."""
    return [table_of(one.row).c[one.number] for one in HOLDINGS.values() if one.number]


class Known:
    """The numbers of some erasures, found when they are first asked for: each number of the database is read once.

    Args:
        engine: the database.
        rows: the erasures.
    """

    def __init__(self, engine: AsyncEngine, rows: Sequence[ErasureRow]) -> None:
        self._engine = engine
        self._hashes = frozenset(hash_ for row in rows for hash_ in row.numbers)
        self._found: Mapping[str, str] | None = None

    async def numbers(self, row: ErasureRow) -> tuple[str, ...]:
        """The numbers of one erasure that no contact has now."""
        async with reading(self._engine) as session:
            if self._found is None:
                self._found = await recognise(session, self._hashes)
            numbers = [self._found[hash_] for hash_ in row.numbers if hash_ in self._found]
            taken = set(await session.scalars(select(_PHONE.c.e164).where(_PHONE.c.e164.in_(numbers))))
        return tuple(one for one in numbers if one not in taken)


async def recognise(session: AsyncSession, hashes: Collection[str]) -> dict[str, str]:
    """The numbers of the records that have one of these hashes, by hash.

    It reads each number of the database once.
    """
    wanted, secret = frozenset(hashes), await secret_of(session)
    known: dict[str, str] = {}
    for column in number_columns():
        last = ""
        while wanted:
            query = select(column).where(column > last).distinct().order_by(column).limit(_PAGE)
            some = list(await session.scalars(query))
            if not some:
                break
            last = some[-1]
            known |= await asyncio.to_thread(_of, some, secret, wanted)
    return known


def _of(numbers: Collection[str], secret: bytes, wanted: Collection[str]) -> dict[str, str]:
    pairs = ((hashed(secret, number), number) for number in numbers)
    return {hash_: number for hash_, number in pairs if hash_ in wanted}
