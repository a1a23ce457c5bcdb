"""Queries of what a customer has or had, for the articles that are about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.cases.case import ENDED
from app.crm.complaints.tables import CategoryRow, ComplaintRow
from app.crm.orders.states import OrderState
from app.crm.orders.tables import OrderLineRow, OrderRow
from app.retrieval.prior import Matters

_MOST = 100


async def ordered_products(session: AsyncSession, contact: int, since: datetime) -> Matters:
    """The codes of products in a contact's orders: placed or confirmed, or delivered since a moment."""
    state = col(OrderRow.state)
    is_open = state.in_([OrderState.PLACED.value, OrderState.CONFIRMED.value])
    lately = and_(state == OrderState.DELIVERED.value, col(OrderRow.delivered_at) >= since)
    query = (
        select(OrderLineRow.code, is_open)
        .distinct()
        .join(OrderRow, col(OrderRow.id) == col(OrderLineRow.order_id))
        .where(
            col(OrderRow.contact_id) == contact,
            or_(is_open, lately),
            col(OrderLineRow.product_id).is_not(None),
        )
        .limit(_MOST)
    )
    return _matters(await session.execute(query))


async def complaint_topics(session: AsyncSession, contact: int, since: datetime) -> Matters:
    """The codes of the categories of a contact's complaints: not over, or over since a moment."""
    ended = col(ComplaintRow.state).in_([state.value for state in ENDED])
    query = (
        select(CategoryRow.code, ~ended)
        .distinct()
        .join(ComplaintRow, col(ComplaintRow.category) == col(CategoryRow.id))
        .where(
            col(ComplaintRow.contact_id) == contact,
            or_(~ended, col(ComplaintRow.ended_at) >= since),
            col(CategoryRow.code) != "",
        )
        .limit(_MOST)
    )
    return _matters(await session.execute(query))


def _matters(rows: Iterable[Any]) -> Matters:
    found = {True: set[str](), False: set[str]()}
    for code, is_open in rows:
        found[is_open].add(code)
    return Matters(frozenset(found[True]), frozenset(found[False] - found[True]))
