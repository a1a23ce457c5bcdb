"""Placed orders of a period as a file, a row for each line.

The file is written batch by batch (`app.lists.sheets`): neither the event loop nor a transaction waits for it, and
memory is bounded.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.service import LoggedIn
from app.crm.contacts.service import shown_names
from app.crm.orders import queries
from app.crm.orders.errors import ExportsBusy, ExportTooLong
from app.crm.orders.queries import OrderFilter
from app.crm.orders.tables import OrderLineRow, OrderRow
from app.lists.sheets import Cell, ExportFormat, Writer, opened
from app.records.engine import reading

LINES_MOST: Final = 200_000
"""The most lines of one file."""
AT_ONCE: Final = 2
"""The most files that are made at one time."""
_BATCH: Final = 200
"""How many orders are read and written at a time."""
HEADER: Final = (
    "number",
    "state",
    "placed_at",
    "contact_id",
    "contact",
    "operator",
    "address",
    "comment",
    "line",
    "code",
    "name_et",
    "name_ru",
    "name_en",
    "unit",
    "quantity",
    "net_price",
    "discount",
    "net",
    "vat",
    "vat_percent",
    "returned",
    "order_net",
    "order_vat",
    "order_gross",
)


class Exports:
    """Makes files of orders, a few at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._under_way = 0

    async def make(self, wanted: OrderFilter, form: ExportFormat, who: LoggedIn) -> Path:
        """Write the file of a period; whoever asked deletes it.

        Args:
            wanted: which orders; drafts are never among them.
            form: the kind of file.
            who: asked.

        Raises:
            ExportTooLong: they have more than `LINES_MOST` lines.
            ExportsBusy: `AT_ONCE` files are being made.
        """
        if self._under_way >= AT_ONCE:
            raise ExportsBusy(most=AT_ONCE, retry_after_s=5)
        self._under_way += 1
        try:
            async with reading(self._engine) as session:
                lines = await queries.count_lines(session, wanted)
            if lines > LINES_MOST:
                raise ExportTooLong(lines=lines, most=LINES_MOST)
            return await self._write(wanted, form, who)
        finally:
            self._under_way -= 1

    async def _write(self, wanted: OrderFilter, form: ExportFormat, who: LoggedIn) -> Path:
        async with opened("orders", form) as (path, writer):
            await asyncio.to_thread(writer.add, [HEADER])
            after = 0
            while True:
                async with reading(self._engine) as session:
                    orders = await queries.placed_orders(session, wanted, after=after, limit=_BATCH)
                    lines = await queries.lines_of(session, [order.id or 0 for order in orders])
                    named = {one.contact_id for one in orders if one.contact_id}
                    names = await shown_names(session, who, named)
                await asyncio.to_thread(_add, writer, orders, lines, names)
                if len(orders) < _BATCH:
                    return path
                after = orders[-1].id or 0


def _add(
    writer: Writer, orders: Sequence[OrderRow], lines: Sequence[OrderLineRow], names: dict[int, str]
) -> None:
    by_id = {order.id: order for order in orders}
    writer.add([_row(by_id[line.order_id], line, names) for line in lines])


def _row(order: OrderRow, line: OrderLineRow, names: dict[int, str]) -> tuple[Cell, ...]:
    return (
        *(order.number, order.state, order.placed_at, order.contact_id),
        *(names.get(order.contact_id or 0, ""), order.user_name, order.address, order.comment),
        *(line.position, line.code, line.name_et, line.name_ru, line.name_en, line.unit),
        *(line.quantity, line.net_price, line.discount, line.net, line.vat, line.vat_percent, line.returned),
        *(order.net, order.vat, order.gross),
    )
