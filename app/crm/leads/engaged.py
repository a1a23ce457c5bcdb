"""Contacts and numbers that are engaged: a lead of theirs is reserved or dialled, so nobody else calls them.

Each stands once in the table `engaged`, whoever asks: that is what keeps two campaigns, or two runners, from calling
one customer at a time.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.leads.tables import EngagedRow
from app.records.base import table_of

_ENGAGED = table_of(EngagedRow)


async def engaged_among(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Those of some keys that are engaged, as far as can be seen."""
    if not keys:
        return set()
    return set(await session.scalars(select(_ENGAGED.c.key).where(_ENGAGED.c.key.in_(keys))))


async def engage(session: AsyncSession, leads: Mapping[int, Collection[str]]) -> set[int]:
    """Engage contacts and numbers; the leads for which all of them were free.

    All in one statement, in the order of the keys, as every runner does: so two never wait for each other in a ring.

    Args:
        session: that writes.
        leads: each with its keys: its numbers in E.164, and `c` and its contact's id.
    """
    rows = sorted(({"key": key, "lead_id": lead} for lead, keys in leads.items() for key in keys), key=_key)
    if not rows:
        return set()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(_ENGAGED).on_conflict_do_nothing().returning(_ENGAGED.c.key, _ENGAGED.c.lead_id)
    got: dict[int, set[str]] = {}
    for key, lead in await session.execute(statement, rows):
        got.setdefault(lead, set()).add(key)
    free = {lead for lead, keys in leads.items() if got.get(lead) == set(keys)}
    await disengage(session, got.keys() - free)
    return free


async def disengage(session: AsyncSession, leads: Collection[int]) -> None:
    """Release the contacts and numbers of these leads, so that they can be called again."""
    if leads:
        await session.execute(delete(_ENGAGED).where(_ENGAGED.c.lead_id.in_(leads)))


def _key(row: Mapping[str, Any]) -> str:
    key: str = row["key"]
    return key
