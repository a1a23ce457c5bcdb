"""Attempts as evidence: in order of time, by the number or contact dialled, and by how they were answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.compliance.dial_facts import PastAttempt
from app.crm.attempts.queries import AttemptCursor
from app.crm.attempts.tables import AttemptRow
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import CampaignId, ContactId, LeadId
from app.records.base import UtcDateTime, table_of

LIVE: Final = (AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED)
_ATTEMPT = table_of(AttemptRow)
_RINGS_AT_MOST = timedelta(hours=1)


async def placed_at(session: AsyncSession, lead: int) -> Sequence[datetime]:
    """The time at which each attempt at a lead was placed."""
    return (await session.scalars(select(_ATTEMPT.c.placed_at).where(_ATTEMPT.c.lead_id == lead))).all()


async def page_attempts(
    session: AsyncSession,
    campaign: CampaignId,
    from_at: datetime,
    to_at: datetime,
    *,
    after: AttemptCursor | None = None,
    limit: int = 1000,
) -> Sequence[AttemptRow]:
    """Attempts placed within a period, in order of time."""
    placed, id_ = col(AttemptRow.placed_at), col(AttemptRow.id)
    query = (
        select(AttemptRow)
        .where(col(AttemptRow.campaign_id) == campaign, placed >= from_at, placed < to_at)
        .order_by(placed, id_)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(placed, id_) > tuple_(*after, types=(UtcDateTime(), String())))
    return (await session.scalars(query)).all()


async def live_answers(
    session: AsyncSession, campaign: CampaignId, since: datetime | None, until: datetime
) -> Sequence[tuple[datetime, bool]]:
    """When each live answer of a campaign was answered, and whether it was abandoned, in order of time.

    Args:
        session: that reads.
        campaign: whose.
        since: answered at this moment or later; None: from the first.
        until: answered at this moment or earlier.
    """
    answered = _ATTEMPT.c.answered_at
    query = select(answered, _ATTEMPT.c.outcome).where(
        _ATTEMPT.c.campaign_id == campaign,
        _ATTEMPT.c.outcome.in_([outcome.value for outcome in LIVE]),
        answered.is_not(None),
        answered <= until,
    )
    if since is not None:
        query = query.where(
            answered >= since, _ATTEMPT.c.placed_at >= since - _RINGS_AT_MOST
        )  # for the index
    return [
        (at, outcome == AttemptOutcome.ABANDONED.value)
        for at, outcome in await session.execute(query.order_by(answered))
    ]


async def attempts_about(
    session: AsyncSession, number: str, contact: ContactId | None, since: datetime
) -> tuple[PastAttempt, ...]:
    """Attempts to reach a number or a contact, in all campaigns: those since a moment, and those still under way."""
    recent = or_(_ATTEMPT.c.placed_at >= since, _ATTEMPT.c.outcome.is_(None))
    found: dict[str, PastAttempt] = {}
    asked = [_ATTEMPT.c.number == number]
    if contact is not None:
        asked.append(_ATTEMPT.c.contact_id == contact)
    for about in asked:
        for row in await session.execute(select(_ATTEMPT).where(about, recent)):
            found[row.id] = PastAttempt(
                campaign=CampaignId(row.campaign_id),
                lead=LeadId(row.lead_id),
                number=row.number,
                placed=row.placed_at,
                ended=(row.ended_at or row.placed_at) if row.outcome is not None else None,
                outcome=AttemptOutcome(row.outcome) if row.outcome is not None else None,
                contact=ContactId(row.contact_id) if row.contact_id is not None else None,
            )
    return tuple(sorted(found.values(), key=lambda one: one.placed))
