"""Campaigns as rows, and the record of who changed what in them."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.campaigns.tables import CampaignChangeRow, CampaignRow
from app.domain.campaigns import CampaignState
from app.domain.ids import CampaignId, QueueId


async def list_campaigns(
    session: AsyncSession, states: Collection[CampaignState] = ()
) -> Sequence[CampaignRow]:
    """Campaigns, the highest priority first, then the oldest; with no states given, all of them."""
    query = select(CampaignRow).order_by(col(CampaignRow.priority).desc(), col(CampaignRow.id))
    if states:
        query = query.where(col(CampaignRow.state).in_([state.value for state in states]))
    return (await session.scalars(query)).all()


async def get_campaign(session: AsyncSession, campaign: CampaignId) -> CampaignRow | None:
    """One campaign, or None."""
    return await session.get(CampaignRow, campaign)


async def is_title_taken(session: AsyncSession, row: CampaignRow) -> bool:
    """Whether another campaign has this one's title."""
    query = select(CampaignRow.id).where(col(CampaignRow.title) == row.title)
    if row.id is not None:
        query = query.where(col(CampaignRow.id) != row.id)
    return await session.scalar(query) is not None


async def save_campaign(session: AsyncSession, row: CampaignRow) -> None:
    """Keep a campaign; a new row has its id afterwards.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when the title is taken or there is no such queue.
    """
    session.add(row)
    await session.flush()


async def remove_campaign(session: AsyncSession, row: CampaignRow) -> None:
    """Take a campaign away; its leads go with it."""
    await session.delete(row)
    await session.flush()


async def add_change(session: AsyncSession, row: CampaignChangeRow) -> None:
    """Record who changed what in a campaign."""
    session.add(row)
    await session.flush()


async def page_changes(
    session: AsyncSession, campaign: CampaignId, *, before: int | None = None, limit: int = 50
) -> Sequence[CampaignChangeRow]:
    """The changes of a campaign, the newest first; `before` is the id of the last change of the page before."""
    id_ = col(CampaignChangeRow.id)
    query = select(CampaignChangeRow).where(col(CampaignChangeRow.campaign_id) == campaign)
    if before is not None:
        query = query.where(id_ < before)
    return (await session.scalars(query.order_by(id_.desc()).limit(limit))).all()


async def campaigns_that_play(session: AsyncSession, message: str) -> Sequence[str]:
    """Titles of campaigns that are not finished and play this sound file."""
    query = (
        select(CampaignRow.title)
        .where(
            or_(col(CampaignRow.message) == message, col(CampaignRow.machine_message) == message),
            col(CampaignRow.state) != CampaignState.FINISHED.value,
        )
        .order_by(col(CampaignRow.title))
    )
    return (await session.scalars(query)).all()


async def titles_of_queue(session: AsyncSession, queue: QueueId) -> Sequence[str]:
    """Titles of campaigns that name this queue."""
    query = select(CampaignRow.title).where(col(CampaignRow.queue) == queue).order_by(col(CampaignRow.title))
    return (await session.scalars(query)).all()
