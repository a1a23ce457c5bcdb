"""Costs of attempts: one minute is reserved when an attempt is placed, and its real cost replaces that at the end."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.attempts.tables import AttemptRow
from app.crm.tallies.service import count_money, tariffs_of
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import CampaignId


async def settle(session: AsyncSession, attempt: AttemptRow) -> None:
    """Count what an ended attempt cost, in place of the minute that was reserved for it."""
    if attempt.cost is None or attempt.ended_at is None:
        return
    if attempt.answered_at is None:
        if attempt.outcome == AttemptOutcome.UNKNOWN.value:
            return  # perhaps it was answered
        cost = 0.0
    else:
        tariff = (await tariffs_of(session, [attempt.number])).get(attempt.number)
        if tariff is None:
            return  # the prices were changed meanwhile
        cost = tariff.cost((attempt.ended_at - attempt.answered_at).total_seconds())
    await count_money(session, CampaignId(attempt.campaign_id), attempt.placed_at, cost - attempt.cost)
    attempt.cost = cost
