"""Attempts as rows: written before anything is dialled, filled in as more is learnt, and looked through."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, func, insert, or_, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.compliance.recycling import UNCOUNTED
from app.crm.attempts.tables import AttemptRow
from app.domain.ids import AttemptId, CampaignId, OperatorId
from app.records.base import UtcDateTime, table_of

_ATTEMPT = table_of(AttemptRow)
_UNCOUNTED = [outcome.value for outcome in UNCOUNTED]


class AttemptCursor(NamedTuple):
    """The last attempt of the page before."""

    placed_at: datetime
    id: str


async def get_attempt(session: AsyncSession, attempt: AttemptId) -> AttemptRow | None:
    """One attempt, or None."""
    return await session.get(AttemptRow, attempt)


async def lock_attempt(session: AsyncSession, attempt: AttemptId) -> AttemptRow | None:
    """One attempt for a change, or None."""
    return await session.get(AttemptRow, attempt, with_for_update=True, populate_existing=True)


async def attempts_by_id(
    session: AsyncSession, attempts: Collection[AttemptId]
) -> Mapping[AttemptId, AttemptRow]:
    """Those of the given attempts that exist."""
    query = select(AttemptRow).where(col(AttemptRow.id).in_(attempts))
    return {AttemptId(row.id): row for row in await session.scalars(query)}


async def add_attempt(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Write down a new attempt; `values` are columns of `AttemptRow`."""
    await session.execute(insert(_ATTEMPT).values(**values))


async def save_attempt(session: AsyncSession, row: AttemptRow) -> None:
    """Save an attempt that was changed."""
    session.add(row)
    await session.flush()


async def note_attempt(
    session: AsyncSession,
    attempt: AttemptId,
    *,
    sent_at: datetime | None = None,
    answered_at: datetime | None = None,
    connected_at: datetime | None = None,
    amd: str | None = None,
    call: str | None = None,
    operator: OperatorId | None = None,
) -> bool:
    """Write down what is learnt of an attempt; None leaves a field as it is. False when there is no such attempt."""
    said: dict[str, Any] = {
        "sent_at": sent_at,
        "answered_at": answered_at,
        "connected_at": connected_at,
        "amd": amd,
        "call_id": call,
        "operator_id": operator,
    }
    values = {name: value for name, value in said.items() if value is not None}
    if not values:
        return await session.get(AttemptRow, attempt) is not None
    known = await session.scalars(
        update(_ATTEMPT).where(_ATTEMPT.c.id == attempt).values(**values).returning(_ATTEMPT.c.id)
    )
    return known.one_or_none() is not None


async def count_placed(session: AsyncSession, lead: int, since: datetime) -> int:
    """How many attempts at a lead were placed at a moment (aware) or later; those that rang nobody are left out."""
    count = await session.scalar(
        select(func.count())
        .select_from(_ATTEMPT)
        .where(
            _ATTEMPT.c.lead_id == lead,
            _ATTEMPT.c.placed_at >= since,
            or_(_ATTEMPT.c.outcome.is_(None), _ATTEMPT.c.outcome.not_in(_UNCOUNTED)),
        )
    )
    return count or 0


async def count_unrung(session: AsyncSession, attempt: AttemptRow) -> int:
    """How many other attempts by this number of the lead ended before anything rang."""
    count = await session.scalar(
        select(func.count())
        .select_from(_ATTEMPT)
        .where(
            _ATTEMPT.c.lead_id == attempt.lead_id,
            _ATTEMPT.c.position == attempt.position,
            _ATTEMPT.c.id != attempt.id,
            _ATTEMPT.c.outcome.in_(_UNCOUNTED),
        )
    )
    return count or 0


async def has_attempts(session: AsyncSession, campaign: CampaignId) -> bool:
    """Whether a campaign has called anybody."""
    query = select(AttemptRow.id).where(col(AttemptRow.campaign_id) == campaign).limit(1)
    return await session.scalar(query) is not None


async def last_attempt_at(session: AsyncSession, campaign: CampaignId) -> datetime | None:
    """When the last attempt of a campaign was placed, or ended; None when it has called nobody."""
    query = (
        select(AttemptRow)
        .where(col(AttemptRow.campaign_id) == campaign)
        .order_by(col(AttemptRow.placed_at).desc())
        .limit(1)
    )
    last = (await session.scalars(query)).first()
    return (last.ended_at or last.placed_at) if last is not None else None


async def page_talks(
    session: AsyncSession,
    *,
    operator: OperatorId | None = None,
    campaign: CampaignId | None = None,
    undisposed: bool = False,
    before: AttemptCursor | None = None,
    limit: int = 50,
) -> Sequence[AttemptRow]:
    """Attempts in which an operator talked, the newest first.

    Args:
        session: to read.
        operator: only this one's.
        campaign: only this one's.
        undisposed: only those of which nobody has said what they came to.
        before: the last of the page before.
        limit: how many at most.
    """
    placed, id_, of = col(AttemptRow.placed_at), col(AttemptRow.id), col(AttemptRow.operator_id)
    query = select(AttemptRow).where(of.is_not(None)).order_by(placed.desc(), id_.desc()).limit(limit)
    if operator is not None:
        query = query.where(of == operator)
    if campaign is not None:
        query = query.where(col(AttemptRow.campaign_id) == campaign)
    if undisposed:
        query = query.where(col(AttemptRow.disposition_id).is_(None))
    if before is not None:
        query = query.where(tuple_(placed, id_) < tuple_(*before, types=(UtcDateTime(), String())))
    return (await session.scalars(query)).all()


async def count_outcomes(session: AsyncSession) -> dict[str, int]:
    """How many attempts of all campaigns came out in which way; those under way are `open`."""
    query = select(_ATTEMPT.c.outcome, func.count()).group_by(_ATTEMPT.c.outcome)
    found = {outcome or "open": count for outcome, count in await session.execute(query)}
    return dict(sorted(found.items()))


async def open_attempts(session: AsyncSession) -> Sequence[AttemptRow]:
    """Attempts that have not ended, the oldest first: after a restart, the PBX is asked about these."""
    query = select(AttemptRow).where(col(AttemptRow.outcome).is_(None)).order_by(col(AttemptRow.placed_at))
    return (await session.scalars(query)).all()
