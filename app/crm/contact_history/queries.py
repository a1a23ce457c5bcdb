"""The entries of one contact's history, a page of each source."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contact_history.sources import CHANGE, Source
from app.events.values import told
from app.records.base import table_of
from app.records.event_table import EventRow


class Entry(NamedTuple):
    """One entry of a history."""

    at: datetime
    kind: str
    id: str
    """The id of the row or event."""
    user: int | None
    name: str
    """The name of whoever acted, where the row itself has it."""
    data: dict[str, Any]


class Place(NamedTuple):
    """The last entry of the page before."""

    at: datetime
    kind: str
    id: str


async def page_source(
    session: AsyncSession, source: Source, contact: int, *, before: Place | None, limit: int
) -> Sequence[Entry]:
    """The next entries of one source, the newest first."""
    table = table_of(source.row)
    at, id_ = table.c[source.at], table.c.id
    user = table.c[source.user] if source.user else null()
    query = select(at, id_, user, *(table.c[name] for name in source.shows)).where(
        table.c.contact_id == contact, at.is_not(None)
    )
    if source.unless:
        query = query.where(table.c[source.unless].is_(None))
    if before is not None:
        query = query.where(_older(at, id_, source.kind, before))
    rows = await session.execute(query.order_by(at.desc(), id_.desc()).limit(limit))
    return [
        Entry(
            at=row[0],
            kind=source.kind,
            id=str(row[1]),
            user=row[2],
            name="",
            data={name: told(value) for name, value in zip(source.shows, row[3:], strict=True)},
        )
        for row in rows
    ]


async def page_changes(
    session: AsyncSession, contact: int, subjects: Collection[str], *, before: Place | None, limit: int
) -> Sequence[Entry]:
    """The next events of a contact and of what belongs to it, the newest first."""
    table = table_of(EventRow)
    query = select(table).where(table.c.contact_id == contact, table.c.subject.in_(subjects))
    if before is not None:
        query = query.where(_older(table.c.at, table.c.id, CHANGE, before))
    rows = await session.execute(query.order_by(table.c.at.desc(), table.c.id.desc()).limit(limit))
    return [
        Entry(
            at=row.at,
            kind=CHANGE,
            id=str(row.id),
            user=row.user_id,
            name=row.actor_name or row.actor,
            data={
                "what": row.kind,
                "subject_id": row.subject_id,
                "row_version": row.row_version,
                "before": row.before,
                "after": row.after,
            },
        )
        for row in rows
    ]


def _older(at: Any, id_: Any, kind: str, before: Place) -> ColumnElement[bool]:
    """What comes behind a place in the order of moment, kind and id, each descending."""
    if kind > before.kind:
        return at < before.at  # type: ignore[no-any-return]  # a column of no known type
    if kind < before.kind:
        return at <= before.at  # type: ignore[no-any-return]  # likewise
    last: int | str = before.id
    if isinstance(id_.type, Integer):
        last = int(before.id) if before.id.isdecimal() and len(before.id) < 19 else 0
    return or_(at < before.at, and_(at == before.at, id_ < last))
