"""Queries of the stream of events: pages, new events, and events that are too old."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, or_, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.records.base import table_of
from app.records.event_table import EventRow

_EVENT = table_of(EventRow)
END = 2**62
"""No event has so large an id."""
_OLDEST_OPEN = text("""
    SELECT coalesce(
        (
            SELECT min(xid::text::bigint) FROM pg_snapshot_xip(now.snapshot) AS xid
            WHERE NOT EXISTS (
                SELECT FROM pg_stat_activity AS other
                WHERE other.backend_xid = xid::xid AND other.datname <> current_database()
            )
        ),
        pg_snapshot_xmax(now.snapshot)::text::bigint
    )
    FROM (SELECT pg_current_snapshot() AS snapshot) AS now
""")
"""A snapshot has the open transactions of all databases of the server; those known to be another's write no event."""


@dataclass(slots=True, frozen=True)
class EventFilter:
    """Which events are wanted; None wants all."""

    subject: str | None = None
    subject_id: str | None = None
    kind: str | None = None
    user: int | None = None
    from_at: datetime | None = None
    """The first moment."""
    to_at: datetime | None = None
    """The first moment after the last."""


class Position(NamedTuple):
    """How far the stream has been read."""

    transaction: int
    """0 on SQLite, where ids are in the order of commits."""
    id: int


async def page_events(
    session: AsyncSession,
    wanted: EventFilter,
    *,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> Sequence[EventRow]:
    """Events that match, the newest first; `before` is the moment and id of the last event on the page before."""
    newest = (_EVENT.c.at.desc(), _EVENT.c.id.desc())
    matching = select(EventRow).where(*_conditions(wanted, before)).order_by(*newest).limit(limit)
    if wanted.subject is None or wanted.kind is not None or wanted.subject_id or wanted.user is not None:
        return (await session.scalars(matching)).all()
    # A whole subject: the newest events of each of its kinds, which the index has in order, and of these the newest.
    kinds = [
        select(_EVENT.c.id)
        .where(_EVENT.c.kind == kind, *_conditions(wanted, before))
        .order_by(*newest)
        .limit(limit)
        .subquery()
        for kind in await _kinds_of(session, wanted.subject)
    ]
    if not kinds:
        return []
    ids = union_all(*(select(one.c.id) for one in kinds)).subquery()
    query = select(EventRow).where(_EVENT.c.id.in_(select(ids.c.id))).order_by(*newest).limit(limit)
    return (await session.scalars(query)).all()


def _conditions(wanted: EventFilter, before: tuple[datetime, int] | None) -> list[ColumnElement[bool]]:
    event = _EVENT.c
    conditions = [
        column == value
        for column, value in (
            (event.subject, wanted.subject),
            (event.subject_id, wanted.subject_id),
            (event.kind, wanted.kind),
            (event.user_id, wanted.user),
        )
        if value is not None
    ]
    if wanted.from_at is not None:
        conditions.append(event.at >= wanted.from_at)
    if wanted.to_at is not None:
        conditions.append(event.at < wanted.to_at)
    if before is not None:
        # The index begins with the first condition: `OR` alone would read the newer events, too.
        conditions += [event.at <= before[0], or_(event.at < before[0], event.id < before[1])]
    return conditions


async def _kinds_of(session: AsyncSession, subject: str) -> list[str]:
    """The kinds of a subject's events, by one look into the index for each kind."""
    of_subject = select(func.min(_EVENT.c.kind)).where(_EVENT.c.subject == subject)
    kinds = of_subject.cte("kinds", recursive=True)
    found = kinds.c[0]
    kinds = kinds.union_all(
        select(of_subject.where(_EVENT.c.kind > found).scalar_subquery()).where(found.is_not(None))
    )
    return [kind for kind in await session.scalars(select(kinds.c[0])) if kind is not None]


async def get_event(session: AsyncSession, event: int) -> EventRow | None:
    """One event, or None."""
    return await session.get(EventRow, event)


async def changes_since(
    session: AsyncSession, subject: str, subject_id: str, version: int, limit: int = 100
) -> Sequence[EventRow]:
    """The changes that a row has had since one of its versions, the newest first."""
    at, id_ = col(EventRow.at), col(EventRow.id)
    query = select(EventRow).where(
        col(EventRow.subject) == subject,
        col(EventRow.subject_id) == subject_id,
        col(EventRow.row_version) > version,
    )
    return (await session.scalars(query.order_by(at.desc(), id_.desc()).limit(limit))).all()


async def end_of_stream(session: AsyncSession) -> Position:
    """The position behind all committed events; events that are committed later come after it."""
    if _on_postgresql(session):
        return Position(await _oldest_open(session) - 1, END)
    return Position(0, await session.scalar(select(func.max(_EVENT.c.id))) or 0)


async def place_of_event(session: AsyncSession, event: int) -> Position:
    """The position behind an event, by its id; an id that is not there yet counts as the end of the stream."""
    row = await session.scalar(select(EventRow).where(_EVENT.c.id >= event).order_by(_EVENT.c.id).limit(1))
    if row is None:
        return await end_of_stream(session)
    found = position_of(row)
    return found if row.id == event else found._replace(id=found.id - 1)  # the event was removed as too old


async def events_after(session: AsyncSession, position: Position, limit: int) -> Sequence[EventRow]:
    """The next events, in the order of the stream.

    PostgreSQL gives ids before the commit, so a lower id may be seen later. There the stream goes by transactions, and
    ends before the oldest open one: no event can come before those that have been read.
    """
    if not _on_postgresql(session):
        query = select(EventRow).where(_EVENT.c.id > position.id).order_by(_EVENT.c.id)
        return (await session.scalars(query.limit(limit))).all()
    transaction, id_ = _EVENT.c.transaction_id, _EVENT.c.id
    # The index begins with the first condition.
    query = select(EventRow).where(
        transaction >= position.transaction,
        or_(transaction > position.transaction, id_ > position.id),
        transaction < await _oldest_open(session),
    )
    return (await session.scalars(query.order_by(transaction, id_).limit(limit))).all()


def position_of(row: EventRow) -> Position:
    """The position behind an event."""
    assert row.id is not None
    return Position(row.transaction_id or 0, row.id)


async def remove_events(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove the oldest events from before a moment, at most `limit`; return how many."""
    some = select(_EVENT.c.id).where(_EVENT.c.at < before).order_by(_EVENT.c.at, _EVENT.c.id).limit(limit)
    removed = await session.execute(
        delete(_EVENT).where(_EVENT.c.id.in_(some.scalar_subquery())).returning(_EVENT.c.id)
    )
    return len(removed.all())


async def _oldest_open(session: AsyncSession) -> int:
    """The oldest transaction of this database that is still open on PostgreSQL; the next one where none is."""
    oldest: int = (await session.execute(_OLDEST_OPEN)).scalar_one()
    return oldest


def _on_postgresql(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"
