"""Dispositions as rows."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.dispositions.tables import DispositionRow
from app.domain.ids import CampaignId


async def list_dispositions(
    session: AsyncSession, campaign: CampaignId | None = None
) -> Sequence[DispositionRow]:
    """The dispositions common to all campaigns, and those of one campaign, in their order."""
    of = col(DispositionRow.campaign_id)
    return (
        await session.scalars(
            select(DispositionRow)
            .where(or_(of.is_(None), of == campaign) if campaign is not None else of.is_(None))
            .order_by(col(DispositionRow.position), col(DispositionRow.id))
        )
    ).all()


async def get_disposition(session: AsyncSession, disposition: int) -> DispositionRow | None:
    """One disposition, or None."""
    return await session.get(DispositionRow, disposition)


async def dispositions_by_id(
    session: AsyncSession, ids: Collection[int | None]
) -> Mapping[int, DispositionRow]:
    """Dispositions by id, active or not."""
    query = select(DispositionRow).where(col(DispositionRow.id).in_([id_ for id_ in ids if id_ is not None]))
    return {row.id: row for row in await session.scalars(query) if row.id is not None}


async def has_disposition(session: AsyncSession, campaign: int | None, code: str) -> bool:
    """Whether a campaign, or the list common to all campaigns, has a disposition with this code."""
    of = col(DispositionRow.campaign_id)
    found = await session.scalar(
        select(func.count())
        .select_from(DispositionRow)
        .where(of.is_(None) if campaign is None else of == campaign, col(DispositionRow.code) == code)
    )
    return bool(found)


async def save_disposition(session: AsyncSession, row: DispositionRow) -> DispositionRow:
    """Make a disposition or change it; a new row comes back with its id.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when the campaign has that code, or there is no such campaign.
    """
    session.add(row)
    await session.flush()
    return row
