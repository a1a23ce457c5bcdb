"""Places a draft: once, with a number, with the prices of this moment.

All of it is one transaction. What it refuses, or what fails, leaves the draft as it was, gives back the number and
leaves the stock alone. It locks first the draft, then the stocks by their ids, and last the year's count.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.orders import queries
from app.crm.orders.errors import OrderEmpty, OrderOutOfStock, OrderTooLarge, TooManyOrders
from app.crm.orders.numbers import order_number
from app.crm.orders.pricing import ROUNDING
from app.crm.orders.quoting import Quote, quote, stored_rates
from app.crm.orders.service import Author, own_draft
from app.crm.orders.states import OrderAction, OrderState
from app.crm.orders.tables import OrderLineRow, OrderRow
from app.crm.products.service import move_stock
from app.system.money import written

GROSS_MOST: Final = Decimal(100_000_000)
"""The largest sum of an order."""
AN_HOUR: Final = timedelta(hours=1)
PLACED_MOST: Final = 500
"""The most orders that a user places in an hour: a stolen log-in cannot empty the stock unseen."""


async def place_order(
    session: AsyncSession, order: int, *, author: Author, at: datetime, today: date
) -> OrderRow:
    """Place a draft.

    Args:
        session: writes.
        order: the draft.
        author: who places it.
        at: now.
        today: the date in the centre's time zone, for VAT and the year of the number.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotPossible: it is no draft.
        DraftOfAnother: see `own_draft`.
        OrderEmpty: it has no lines.
        OrderOutOfStock: some of its lines cannot be had now.
        OrderTooLarge: its sum is above `GROSS_MOST`.
        TooManyOrders: the user has placed `PLACED_MOST` within an hour.
    """
    row = await own_draft(session, order, OrderAction.PLACE, author)
    if not row.draft_lines:
        raise OrderEmpty
    if await queries.count_placed(session, author.user, at - AN_HOUR) >= PLACED_MOST:
        raise TooManyOrders(most=PLACED_MOST, retry_after_s=60)
    quoted = await quote(session, row, at, today, lock=True)
    if quoted.problems:
        raise OrderOutOfStock(quoted.problems)
    totals = quoted.priced.totals
    if totals.gross > GROSS_MOST:
        raise OrderTooLarge(most=written(GROSS_MOST, 0))
    taken: dict[int, Decimal] = {}
    for line in quoted.lines:
        product = line.product.row.id or 0
        taken[product] = taken.get(product, Decimal(0)) - line.item.quantity
    await move_stock(session, taken)
    row.state, row.placed_version, row.version = OrderState.PLACED.value, row.version, row.version + 1
    row.user_id, row.user_name = author.user, author.name
    row.placed_at = row.updated_at = at
    row.draft_lines = []
    row.net, row.vat, row.gross, row.rounding = totals.net, totals.vat, totals.gross, ROUNDING
    row.vat_rates = stored_rates(totals)
    row.number = order_number(today.year, await queries.next_number(session, today.year))
    await queries.save_order(session, row, frozen_lines(order, quoted))
    return row


def frozen_lines(order: int, quoted: Quote) -> Sequence[OrderLineRow]:
    """The lines of a quote as rows: first products, then what promotions take off."""
    lines = [
        OrderLineRow(
            order_id=order,
            position=position,
            product_id=line.product.row.id,
            code=line.product.row.code,
            name_et=line.product.row.name_et,
            name_ru=line.product.row.name_ru,
            name_en=line.product.row.name_en,
            unit=line.product.row.unit,
            quantity=line.item.quantity,
            net_price=line.item.net_price,
            discount=line.item.discount,
            net=line.net,
            vat=line.item.vat.category,
            vat_percent=line.item.vat.percent,
        )
        for position, line in enumerate(quoted.lines, 1)
    ]
    for position, one in enumerate(quoted.priced.taken, len(lines) + 1):
        titles = quoted.rules[one.promotion].titles
        lines.append(
            OrderLineRow(
                order_id=order,
                position=position,
                promotion_id=one.promotion,
                name_et=titles.get("et", ""),
                name_ru=titles.get("ru", ""),
                name_en=titles.get("en", ""),
                quantity=Decimal(1),
                net_price=one.net,
                net=one.net,
                vat=one.vat.category,
                vat_percent=one.vat.percent,
            )
        )
    return lines
