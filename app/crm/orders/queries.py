"""Orders, lines and numbers as rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from app.crm.orders.states import OrderState
from app.crm.orders.tables import OrderLineRow, OrderNumberRow, OrderRow
from app.records.base import table_of

_NUMBER = table_of(OrderNumberRow)


@dataclass(slots=True, frozen=True, kw_only=True)
class OrderFilter:
    """Which orders are wanted; None wants all."""

    number: str | None = None
    states: Collection[OrderState] = ()
    contact: int | None = None
    call: str | None = None
    user: int | None = None
    product: int | None = None
    from_at: datetime | None = None
    """Placed then or later; a draft: made then or later."""
    to_at: datetime | None = None
    """Placed, or made, before."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions in SQL."""
        found = [
            column == value
            for column, value in (
                (col(OrderRow.number), self.number),
                (col(OrderRow.contact_id), self.contact),
                (col(OrderRow.call_id), self.call),
                (col(OrderRow.user_id), self.user),
            )
            if value is not None
        ]
        if self.states:
            found.append(col(OrderRow.state).in_([state.value for state in self.states]))
        if self.product is not None:
            lines = select(OrderLineRow.order_id).where(OrderLineRow.product_id == self.product)
            found.append(col(OrderRow.id).in_(lines))
        if self.from_at is not None or self.to_at is not None:
            placed, made = col(OrderRow.placed_at), col(OrderRow.created_at)
            # Instead of coalesce(): the index of `placed_at` finds both sides, drafts by its nulls.
            found.append(or_(self._within(placed), and_(placed.is_(None), self._within(made))))
        return found

    def _within(self, at: Mapped[datetime] | Mapped[datetime | None]) -> ColumnElement[bool]:
        begins = [at >= self.from_at] if self.from_at is not None else []
        return and_(*begins, *([at < self.to_at] if self.to_at is not None else []))


async def page_orders(
    session: AsyncSession, wanted: OrderFilter, *, before: int | None, limit: int
) -> Sequence[OrderRow]:
    """Orders, the newest first; `before` is the id of the last one on the page before."""
    id_ = col(OrderRow.id)
    query = select(OrderRow).where(*wanted.conditions()).order_by(id_.desc()).limit(limit)
    if before is not None:
        query = query.where(id_ < before)
    return (await session.scalars(query)).all()


async def count_orders(session: AsyncSession, wanted: OrderFilter) -> Sequence[tuple[str, int, Any]]:
    """For each state the number of orders and their gross sum, which is None for drafts."""
    query = (
        select(OrderRow.state, func.count(), func.sum(OrderRow.gross))
        .where(*wanted.conditions())
        .group_by(col(OrderRow.state))
    )
    return [(state, count, gross) for state, count, gross in await session.execute(query)]


async def get_order(session: AsyncSession, order: int, *, lock: bool = False) -> OrderRow | None:
    """One order, or None; a locked one stays as it is until the commit."""
    return await session.get(OrderRow, order, with_for_update=True if lock else None)


async def get_order_by_number(session: AsyncSession, number: str) -> OrderRow | None:
    """The order with a number as it is kept, or None."""
    return (await session.scalars(select(OrderRow).where(OrderRow.number == number))).one_or_none()


async def save_order(session: AsyncSession, row: OrderRow, lines: Sequence[OrderLineRow] = ()) -> None:
    """Save an order, and lines that are new; the rows come back with their ids."""
    session.add(row)
    session.add_all(lines)
    await session.flush()


async def remove_order(session: AsyncSession, row: OrderRow) -> None:
    """Remove a draft."""
    await session.delete(row)
    await session.flush()


async def remove_drafts(session: AsyncSession, user: int, before: datetime) -> None:
    """Remove a user's drafts that nobody has touched since a moment."""
    query = select(OrderRow).where(
        OrderRow.user_id == user,
        OrderRow.state == OrderState.DRAFT.value,
        col(OrderRow.updated_at) < before,
    )
    for row in await session.scalars(query):
        await session.delete(row)
    await session.flush()


async def lines_of(session: AsyncSession, orders: Collection[int]) -> Sequence[OrderLineRow]:
    """The lines of orders, in their order."""
    query = (
        select(OrderLineRow)
        .where(col(OrderLineRow.order_id).in_(orders))
        .order_by(col(OrderLineRow.order_id), col(OrderLineRow.position))
    )
    return (await session.scalars(query)).all()


async def count_drafts(session: AsyncSession, user: int) -> int:
    """How many drafts a user has."""
    query = select(func.count()).select_from(OrderRow)
    query = query.where(OrderRow.user_id == user, OrderRow.state == OrderState.DRAFT.value)
    return await session.scalar(query) or 0


async def count_placed(session: AsyncSession, user: int, since: datetime) -> int:
    """How many orders a user has placed since a moment."""
    query = select(func.count()).select_from(OrderRow)
    query = query.where(OrderRow.user_id == user, col(OrderRow.placed_at) >= since)
    return await session.scalar(query) or 0


async def next_number(session: AsyncSession, year: int) -> int:
    """The next number of a year; others who place orders wait from here to the commit."""
    new = (postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert)(_NUMBER)
    counted = new.values(year=year, last=1).on_conflict_do_update(
        index_elements=["year"], set_={"last": _NUMBER.c.last + 1}
    )
    return int((await session.execute(counted.returning(_NUMBER.c.last))).scalar_one())


def _placed(wanted: OrderFilter) -> Select[Any]:
    return select(OrderRow).where(col(OrderRow.placed_at).is_not(None), *wanted.conditions())


async def count_lines(session: AsyncSession, wanted: OrderFilter) -> int:
    """How many lines placed orders have."""
    orders = _placed(wanted).with_only_columns(col(OrderRow.id))
    query = select(func.count()).select_from(OrderLineRow).where(col(OrderLineRow.order_id).in_(orders))
    return await session.scalar(query) or 0


async def placed_orders(
    session: AsyncSession, wanted: OrderFilter, *, after: int, limit: int
) -> Sequence[OrderRow]:
    """Placed orders in the order of their ids, after one of them."""
    query = _placed(wanted).where(col(OrderRow.id) > after).order_by(col(OrderRow.id)).limit(limit)
    return (await session.scalars(query)).all()
