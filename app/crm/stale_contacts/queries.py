"""Contacts that may be stale, as rows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.attempts.tables import AttemptRow
from app.crm.contacts.tables import ContactRow
from app.records.base import table_of
from app.records.tables import CallRow

_CONTACT: Final = table_of(ContactRow)
_USED: Final = ((table_of(CallRow), "arrived_at"), (table_of(AttemptRow), "placed_at"))
"""Tables whose rows count only when they are late enough, and the column that says when they were."""


async def untouched(session: AsyncSession, since: datetime, *, after: int, limit: int) -> Sequence[int]:
    """Ids of contacts that nobody has made, changed or served since a moment, in ascending order."""
    served = _CONTACT.c.last_served_at
    query = select(_CONTACT.c.id).where(
        _CONTACT.c.id > after, _CONTACT.c.updated_at < since, or_(served.is_(None), served < since)
    )
    return (await session.scalars(query.order_by(_CONTACT.c.id).limit(limit))).all()


async def called_since(session: AsyncSession, contacts: Collection[int], since: datetime) -> set[int]:
    """Those of some contacts with a call, or an attempt at one, since a moment."""
    found: set[int] = set()
    for table, at in _USED:
        query = select(table.c.contact_id).where(table.c.contact_id.in_(contacts), table.c[at] >= since)
        found.update(await session.scalars(query.distinct()))
    return found
