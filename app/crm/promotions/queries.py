"""Queries of promotions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.promotions.tables import PromotionRow


async def page_promotions(
    session: AsyncSession, *, after: int | None = None, limit: int = 50
) -> Sequence[PromotionRow]:
    """Promotions in the order of their ids, after one of them."""
    query = select(PromotionRow).order_by(col(PromotionRow.id)).limit(limit)
    if after is not None:
        query = query.where(col(PromotionRow.id) > after)
    return (await session.scalars(query)).all()


async def running_promotions(session: AsyncSession, at: datetime, limit: int) -> Sequence[PromotionRow]:
    """Promotions in use that run at a moment, those that end first before the others, the oldest first."""
    until = col(PromotionRow.until_at)
    query = (
        select(PromotionRow)
        .where(col(PromotionRow.active), col(PromotionRow.from_at) <= at, or_(until.is_(None), until > at))
        .order_by(until.is_(None), until, col(PromotionRow.id))
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def get_promotion(session: AsyncSession, promotion: int) -> PromotionRow | None:
    """One promotion, or None."""
    return await session.get(PromotionRow, promotion)


async def save_promotion(session: AsyncSession, row: PromotionRow) -> PromotionRow:
    """Save a promotion; a new row comes back with its id."""
    session.add(row)
    await session.flush()
    return row
