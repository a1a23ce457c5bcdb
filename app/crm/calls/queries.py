"""Recorded calls: pages, one call whole, and calls whose end was not seen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import String, or_, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.domain.calls import CallOutcome, Direction
from app.domain.ids import CallId, CampaignId, ContactId, OperatorId, QueueId
from app.records.base import UtcDateTime
from app.records.tables import CallEventRow, CallLegRow, CallRow


@dataclass(slots=True, frozen=True)
class CallFilter:
    """Which calls are wanted; a field that is None does not filter."""

    operator: OperatorId | None = None
    """The operator who talked last, or who called a colleague."""
    queue: QueueId | None = None
    """The queue the call was last in."""
    outcome: CallOutcome | None = None
    numbers: Sequence[str] = ()
    """The caller's number in every spelling to look for; empty does not filter."""
    contact: ContactId | None = None
    campaign: CampaignId | None = None
    direction: Direction | None = None
    from_at: datetime | None = None
    """Arrived at this moment or later."""
    to_at: datetime | None = None
    """Arrived before this moment."""


class CallCursor(NamedTuple):
    """The last call of the page before."""

    arrived_at: datetime
    id: CallId


@dataclass(slots=True, frozen=True)
class CallPage:
    """Calls, newest first."""

    calls: Sequence[CallRow]
    next: CallCursor | None
    """The cursor for the next page; None on the last page."""


@dataclass(slots=True, frozen=True)
class WholeCall:
    """A call with its legs and its timeline, each in order."""

    call: CallRow
    legs: Sequence[CallLegRow]
    events: Sequence[CallEventRow]


async def page_calls(  # noqa: C901 - one filter after another
    session: AsyncSession, wanted: CallFilter, *, after: CallCursor | None = None, limit: int = 50
) -> CallPage:
    """Calls that match, newest first.

    Args:
        after: the cursor of the page before.
        limit: how many at most, 1..500.
    """
    arrived, key = col(CallRow.arrived_at), col(CallRow.id)
    query = select(CallRow).order_by(arrived.desc(), key.desc()).limit(limit + 1)
    if wanted.operator is not None:
        query = query.where(
            or_(
                col(CallRow.operator_id) == wanted.operator,
                col(CallRow.caller_operator_id) == wanted.operator,
            )
        )
    if wanted.queue is not None:
        query = query.where(col(CallRow.queue) == wanted.queue)
    if wanted.outcome is not None:
        query = query.where(col(CallRow.outcome) == wanted.outcome.value)
    if wanted.numbers:
        query = query.where(col(CallRow.caller_number).in_(wanted.numbers))
    if wanted.contact is not None:
        query = query.where(col(CallRow.contact_id) == wanted.contact)
    if wanted.campaign is not None:
        query = query.where(col(CallRow.campaign_id) == wanted.campaign)
    if wanted.direction is not None:
        query = query.where(col(CallRow.direction) == wanted.direction.value)
    if wanted.from_at is not None:
        query = query.where(arrived >= wanted.from_at)
    if wanted.to_at is not None:
        query = query.where(arrived < wanted.to_at)
    if after is not None:
        query = query.where(tuple_(arrived, key) < tuple_(*after, types=(UtcDateTime(), String())))
    calls = (await session.scalars(query)).all()
    if len(calls) <= limit:
        return CallPage(calls, None)
    last = calls[limit - 1]
    return CallPage(calls[:limit], CallCursor(last.arrived_at, CallId(last.id)))


async def get_call(session: AsyncSession, call: CallId) -> WholeCall | None:
    """One call whole, or None."""
    row = await session.get(CallRow, call)
    if row is None:
        return None
    legs = await session.scalars(
        select(CallLegRow).where(col(CallLegRow.call_id) == call).order_by(col(CallLegRow.number))
    )
    events = await session.scalars(
        select(CallEventRow).where(col(CallEventRow.call_id) == call).order_by(col(CallEventRow.seq))
    )
    return WholeCall(row, legs.all(), events.all())


async def set_contact(session: AsyncSession, call: CallId, contact: int | None) -> None:
    """Record who a call was with; None: nobody who is known."""
    await session.execute(update(CallRow).where(col(CallRow.id) == call).values(contact_id=contact))


async def open_calls(session: AsyncSession, limit: int = 1000) -> Sequence[CallRow]:
    """Calls without an end, oldest first: on the floor now, or their end was not seen.

    A call the floor does not have, after the snapshot has been merged, ended while nobody listened.
    """
    query = (
        select(CallRow)
        .where(col(CallRow.ended_at).is_(None))
        .order_by(col(CallRow.arrived_at), col(CallRow.id))
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def ended_among(session: AsyncSession, calls: Collection[CallId]) -> set[CallId]:
    """Those of the given calls whose record has an end."""
    query = select(CallRow.id).where(col(CallRow.id).in_(calls), col(CallRow.ended_at).is_not(None))
    return {CallId(id_) for id_ in await session.scalars(query)}


async def calls_between(session: AsyncSession, from_at: datetime, to_at: datetime) -> Sequence[CallId]:
    """Calls that arrived from one moment up to, not including, another, oldest first."""
    arrived = col(CallRow.arrived_at)
    query = select(CallRow.id).where(arrived >= from_at, arrived < to_at).order_by(arrived, col(CallRow.id))
    return [CallId(id_) for id_ in await session.scalars(query)]
