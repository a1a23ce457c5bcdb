"""The rules of orders: drafts kept as typed, and what becomes of placed orders."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contacts.service import require_contact
from app.crm.orders import queries
from app.crm.orders.errors import DraftOfAnother, OrderNotPossible, OrderUnknown, ReturnUnfit, TooManyDrafts
from app.crm.orders.numbers import is_number, typed_number
from app.crm.orders.quoting import DraftLine, draft_lines, stored_lines
from app.crm.orders.states import (
    Delivered,
    OrderAction,
    OrderState,
    after,
    give_back,
    returned_state,
)
from app.crm.orders.tables import OrderLineRow, OrderRow
from app.crm.products.errors import ProductUnknown
from app.crm.products.queries import get_products
from app.crm.products.service import move_stock
from app.domain.references import ReferenceUnknown, named

_ID: Final = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)
DRAFTS_MOST: Final = 50
"""The most drafts of a user."""
DRAFT_KEPT: Final = timedelta(days=30)
"""How long a draft is kept that nobody touches."""


class Author(NamedTuple):
    """Who types or places an order."""

    user: int
    name: str
    manages: bool = False
    """They may change everybody's drafts."""
    call: str | None = None
    """The call that they are in now: its drafts are theirs, too, when it was passed on to them."""


class Heard(NamedTuple):
    """The call in which a draft is made."""

    call: str | None = None
    queue: str | None = None
    contact: int | None = None
    """The call's; a draft that names nobody is theirs."""


async def get_order(session: AsyncSession, order: int) -> OrderRow:
    """One order.

    Raises:
        OrderUnknown: there is no such order.
    """
    row = await queries.get_order(session, order)
    if row is None:
        raise OrderUnknown(order=order)
    return row


async def find_order(session: AsyncSession, said: str) -> OrderRow:
    """One order, by its id or by the number that the customer was told.

    Raises:
        OrderUnknown: there is no such order.
    """
    if is_number(said):
        row = await queries.get_order_by_number(session, typed_number(said, 0))
    else:
        row = await queries.get_order(session, int(said)) if _ID.fullmatch(said) else None
    if row is None:
        raise OrderUnknown(order=said)
    return row


async def order_ref(session: AsyncSession, said: str) -> str:
    """The id of an order in digits where its number is given; what is no number, or no order's, as it is."""
    if not is_number(said):
        return said
    row = await queries.get_order_by_number(session, typed_number(said, 0))
    return str(row.id) if row is not None else said


async def make_draft(
    session: AsyncSession,
    fields: Mapping[str, Any],
    lines: Sequence[DraftLine],
    *,
    author: Author,
    heard: Heard,
    at: datetime,
) -> OrderRow:
    """Begin an order; the author's drafts that nobody has touched for `DRAFT_KEPT` go.

    Args:
        session: writes.
        fields: `contact_id`, and those of `OrderFields`.
        lines: what is wanted.
        author: who types it.
        heard: the call it is typed in.
        at: now.

    Raises:
        ReferenceUnknown: it names a contact or a product that does not exist.
        TooManyDrafts: the user has `DRAFTS_MOST`.
    """
    await queries.remove_drafts(session, author.user, at - DRAFT_KEPT)
    if await queries.count_drafts(session, author.user) >= DRAFTS_MOST:
        raise TooManyDrafts(most=DRAFTS_MOST)
    row = OrderRow(
        state=OrderState.DRAFT.value,
        call_id=heard.call,
        queue=heard.queue,
        user_id=author.user,
        user_name=author.name,
        created_at=at,
        updated_at=at,
    )
    if fields.get("contact_id") is None:
        fields = {**fields, "contact_id": heard.contact}
    await _type(session, row, fields, lines)
    await queries.save_order(session, row)
    return row


async def change_draft(
    session: AsyncSession,
    order: int,
    fields: Mapping[str, Any],
    lines: Sequence[DraftLine] | None,
    *,
    author: Author,
    at: datetime,
) -> OrderRow:
    """Change what is given of a draft.

    Args:
        session: writes.
        order: the draft.
        fields: those that change.
        lines: all lines; None: they stay.
        author: who changes it.
        at: now.

    Raises:
        OrderUnknown: there is none.
        ReferenceUnknown: it names a contact or a product that does not exist.
        OrderNotPossible: it is no draft.
        DraftOfAnother: see `own_draft`.
    """
    row = await own_draft(session, order, OrderAction.CHANGE, author)
    await _type(session, row, fields, lines)
    _touch(row, at)
    await queries.save_order(session, row)
    return row


async def discard_draft(session: AsyncSession, order: int, author: Author) -> None:
    """Throw a draft away.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotPossible: it is no draft.
        DraftOfAnother: see `own_draft`.
    """
    await queries.remove_order(session, await own_draft(session, order, OrderAction.DISCARD, author))


async def repeat_order(
    session: AsyncSession, order: int, *, author: Author, heard: Heard, at: datetime
) -> OrderRow:
    """A draft with what another order has: the same products at today's prices, for the same contact.

    Raises:
        OrderUnknown: there is no such order.
        TooManyDrafts: see `make_draft`.
    """
    row = await get_order(session, order)
    sold = [line for line in await queries.lines_of(session, [order]) if line.product_id is not None]
    lines = [DraftLine(line.product_id, line.quantity) for line in sold if line.product_id is not None]
    if not sold:
        lines = draft_lines(row)
    fields = {"contact_id": row.contact_id, "address": row.address, "comment": row.comment}
    made = await make_draft(session, fields, lines, author=author, heard=heard, at=at)
    made.repeat_of = order
    await queries.save_order(session, made)
    return made


async def confirm_order(session: AsyncSession, order: int, at: datetime) -> OrderRow:
    """Say that an order is accepted.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotPossible: it is not placed.
    """
    row = await _moved(session, order, OrderAction.CONFIRM, at)
    row.confirmed_at = at
    await queries.save_order(session, row)
    return row


async def deliver_order(session: AsyncSession, order: int, at: datetime) -> OrderRow:
    """Say that an order was delivered.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotPossible: it is neither placed nor confirmed.
    """
    row = await _moved(session, order, OrderAction.DELIVER, at)
    row.delivered_at = at
    await queries.save_order(session, row)
    return row


async def cancel_order(session: AsyncSession, order: int, reason: str, at: datetime) -> OrderRow:
    """Cancel an order; counted goods are in stock again.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotPossible: it is neither placed nor confirmed.
    """
    row = await _moved(session, order, OrderAction.CANCEL, at)
    row.reason, row.ended_at = reason, at
    lines = await queries.lines_of(session, [order])
    await move_stock(session, _quantities({line.id or 0: line.quantity for line in lines}, lines))
    await queries.save_order(session, row)
    return row


async def return_order(
    session: AsyncSession,
    order: int,
    back: dict[int, Decimal] | None,
    reason: str,
    at: datetime,
    *,
    restock: bool,
) -> OrderRow:
    """Take goods back.

    Args:
        session: writes.
        order: the order.
        back: the quantity that comes back, by the line's id; None: all that is not back yet.
        reason: why.
        at: now.
        restock: the goods are in stock again, where they are counted.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotPossible: it is not delivered.
        ReturnUnfit: more would come back than was delivered, or nothing.
    """
    row = await _moved(session, order, OrderAction.RETURN, at)
    lines = [line for line in await queries.lines_of(session, [order]) if line.product_id is not None]
    before = [Delivered(line.id or 0, line.quantity, line.returned) for line in lines]
    now = give_back(before, back)
    if now is None:
        raise ReturnUnfit
    for line, one in zip(lines, now, strict=True):
        line.returned = one.returned
    row.state, row.reason = returned_state(now).value, reason
    if row.state == OrderState.RETURNED.value:
        row.ended_at = at
    if restock:
        came = {one.id: one.returned - was.returned for one, was in zip(now, before, strict=True)}
        await move_stock(session, _quantities(came, lines))
    await queries.save_order(session, row)
    return row


async def known_order(session: AsyncSession, order: int) -> OrderRow:
    """One order, locked until the commit.

    Raises:
        OrderUnknown: there is no such order.
    """
    row = await queries.get_order(session, order, lock=True)
    if row is None:
        raise OrderUnknown(order=order)
    return row


async def known(session: AsyncSession, order: int, action: OrderAction) -> OrderRow:
    """An order with which something may be done now, locked until the commit.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotPossible: its state does not allow it.
    """
    row = await known_order(session, order)
    if after(OrderState(row.state), action) is None:
        raise OrderNotPossible(state=row.state, action=action.value)
    return row


async def own_draft(session: AsyncSession, order: int, action: OrderAction, author: Author) -> OrderRow:
    """A draft that is somebody's to change, locked until the commit.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotPossible: it is no draft.
        DraftOfAnother: they may not.
    """
    row = await known(session, order, action)
    if not is_own(row, author):
        raise DraftOfAnother(user=row.user_name)
    return row


def is_own(row: OrderRow, author: Author) -> bool:
    """Whether a draft is somebody's to change: they typed it, are in its call, or manage orders."""
    in_call = row.call_id is not None and row.call_id == author.call
    return row.user_id == author.user or author.manages or in_call


async def _moved(session: AsyncSession, order: int, action: OrderAction, at: datetime) -> OrderRow:
    row = await known(session, order, action)
    state = after(OrderState(row.state), action)
    assert state is not None
    row.state = state.value
    _touch(row, at)
    return row


def _touch(row: OrderRow, at: datetime) -> None:
    row.version += 1
    row.updated_at = at


def _quantities(by_line: Mapping[int, Decimal], lines: Sequence[OrderLineRow]) -> dict[int, Decimal]:
    """Quantities by product."""
    found: dict[int, Decimal] = {}
    for line in lines:
        if line.product_id is not None and by_line.get(line.id or 0):
            found[line.product_id] = found.get(line.product_id, Decimal(0)) + by_line[line.id or 0]
    return found


async def _type(
    session: AsyncSession, row: OrderRow, fields: Mapping[str, Any], lines: Sequence[DraftLine] | None
) -> None:
    contact = fields.get("contact_id")
    if contact is not None:
        with named("contact"):
            await require_contact(session, contact)
    if lines is not None:
        there = await get_products(session, {line.product for line in lines})
        for place, line in enumerate(lines):
            if line.product not in there:
                raise ReferenceUnknown(f"lines.{place}.product", ProductUnknown(product=line.product))
        row.draft_lines = stored_lines(lines)
    for name, value in fields.items():
        setattr(row, name, value)
