"""Queries of what a customer has open, for the articles that are about it."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.cases.case import ENDED
from app.crm.complaints.tables import CategoryRow, ComplaintRow
from app.crm.orders.states import OrderState
from app.crm.orders.tables import OrderLineRow, OrderRow

_MOST = 100


async def ordered_products(session: AsyncSession, contact: int) -> frozenset[str]:
    """The codes of products in a contact's orders that are placed or confirmed."""
    query = (
        select(OrderLineRow.code)
        .distinct()
        .join(OrderRow, col(OrderRow.id) == col(OrderLineRow.order_id))
        .where(
            col(OrderRow.contact_id) == contact,
            col(OrderRow.state).in_([OrderState.PLACED.value, OrderState.CONFIRMED.value]),
            col(OrderLineRow.product_id).is_not(None),
        )
        .limit(_MOST)
    )
    return frozenset(await session.scalars(query))


async def complaint_topics(session: AsyncSession, contact: int) -> frozenset[str]:
    """The codes of the categories of a contact's complaints that are not over."""
    query = (
        select(CategoryRow.code)
        .distinct()
        .join(ComplaintRow, col(ComplaintRow.category) == col(CategoryRow.id))
        .where(
            col(ComplaintRow.contact_id) == contact,
            col(ComplaintRow.state).not_in([state.value for state in ENDED]),
            col(CategoryRow.code) != "",
        )
        .limit(_MOST)
    )
    return frozenset(await session.scalars(query))
