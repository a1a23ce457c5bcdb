"""Attempts as lists: of an operator, of a campaign, and those whose call nobody has said the outcome of."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import String, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.attempts.tables import AttemptRow
from app.crm.dispositions.tables import DispositionRow
from app.crm.leads.tables import LeadRow
from app.domain.ids import AttemptId, CampaignId, OperatorId
from app.records.base import UtcDateTime


class AttemptCursor(NamedTuple):
    """Where a page ended."""

    placed_at: datetime
    id: str


async def get_attempt(session: AsyncSession, attempt: AttemptId) -> AttemptRow | None:
    """One attempt, or None."""
    return await session.get(AttemptRow, attempt)


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


async def dispositions_by_id(
    session: AsyncSession, ids: Collection[int | None]
) -> Mapping[int, DispositionRow]:
    """Dispositions, whether in use or not."""
    query = select(DispositionRow).where(col(DispositionRow.id).in_([id_ for id_ in ids if id_ is not None]))
    return {row.id: row for row in await session.scalars(query) if row.id is not None}


async def leads_by_id(session: AsyncSession, ids: Collection[int]) -> Mapping[int, LeadRow]:
    """Those leads that are still there."""
    query = select(LeadRow).where(col(LeadRow.id).in_(ids))
    return {row.id: row for row in await session.scalars(query) if row.id is not None}
