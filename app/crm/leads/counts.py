"""Counts of a campaign's leads, by state and kind."""

from collections.abc import Collection

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.compliance.recycling import LeadState
from app.crm.leads.tables import LeadRow
from app.domain.ids import CampaignId


async def has_leads(session: AsyncSession, campaign: CampaignId, *, besides: int = 0) -> bool:
    """Whether a campaign has any leads, in whatever state.

    Args:
        session: that reads.
        campaign: whose leads.
        besides: how many leads the campaign may have without counting as having any, 0 or more.
    """
    query = select(LeadRow.id).where(col(LeadRow.campaign_id) == campaign).offset(besides).limit(1)
    return await session.scalar(query) is not None


async def has_open_leads(session: AsyncSession, campaign: CampaignId) -> bool:
    """Whether a campaign has leads that are not done, callbacks aside."""
    for state in LeadState:
        if state is LeadState.DONE:
            continue
        query = select(LeadRow.id).where(
            col(LeadRow.campaign_id) == campaign,
            col(LeadRow.state) == state.value,
            col(LeadRow.callback_at).is_(None),
        )
        if await session.scalar(query.limit(1)) is not None:
            return True
    return False


async def has_callbacks(session: AsyncSession, campaign: CampaignId) -> bool:
    """Whether a campaign has callbacks to make; a lead that is done has none."""
    query = select(LeadRow.id).where(
        # A sum is in no index: else SQLite goes through all leads of the campaign, not the few callbacks there are.
        col(LeadRow.campaign_id) + 0 == campaign,
        col(LeadRow.callback_at).is_not(None),
    )
    return await session.scalar(query.limit(1)) is not None


async def count_leads(session: AsyncSession, campaigns: Collection[int]) -> dict[int, dict[LeadState, int]]:
    """How many leads of each campaign are in each state."""
    counts: dict[int, dict[LeadState, int]] = {
        campaign: dict.fromkeys(LeadState, 0) for campaign in campaigns
    }
    if not counts:
        return counts
    rows = await session.execute(
        select(LeadRow.campaign_id, LeadRow.state, func.count())
        .where(col(LeadRow.campaign_id).in_(campaigns))
        .group_by(col(LeadRow.campaign_id), col(LeadRow.state))
    )
    for campaign, state, count in rows:
        counts[campaign][LeadState(state)] = count
    return counts


async def count_imported(session: AsyncSession, job: int) -> int:
    """Leads of an import that are still in the campaign."""
    query = select(func.count()).select_from(LeadRow).where(col(LeadRow.import_job_id) == job)
    return await session.scalar(query) or 0
