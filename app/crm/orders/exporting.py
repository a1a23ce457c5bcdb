"""Placed orders of a period as a file, a row for each line.

The file is written batch by batch, in a thread: neither the event loop nor a transaction waits for it, and memory is
bounded. Texts that a spreadsheet would run are defused.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

import xlsxwriter
from defusedcsv import csv
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contacts.service import contact_names
from app.crm.orders import queries
from app.crm.orders.errors import ExportsBusy, ExportTooLong
from app.crm.orders.queries import OrderFilter
from app.crm.orders.tables import OrderLineRow, OrderRow
from app.records.engine import reading
from app.system.money import written

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

Cell = str | int | Decimal | datetime | None


class ExportFormat(StrEnum):
    """The kinds of file."""

    CSV = "csv"
    XLSX = "xlsx"


class _Writer(Protocol):
    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Write rows."""

    def close(self) -> None:
        """Complete the file."""


class _Csv:
    """UTF-8 with a byte-order mark, and semicolons, as spreadsheets here expect."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter=";")

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        self._writer.writerows([[_text(cell) for cell in row] for row in rows])

    def close(self) -> None:
        self._file.close()


class _Xlsx:
    """A workbook with one sheet, written row by row; its texts are never formulas or links."""

    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._sheet = self._book.add_worksheet("orders")
        self._row = 0

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        for row in rows:
            for column, cell in enumerate(row):
                if isinstance(cell, (int, Decimal)):
                    self._sheet.write_number(self._row, column, float(cell))
                else:
                    self._sheet.write_string(self._row, column, _text(cell))
            self._row += 1

    def close(self) -> None:
        self._book.close()


_WRITERS: Final[dict[ExportFormat, Callable[[Path], _Writer]]] = {
    ExportFormat.CSV: _Csv,
    ExportFormat.XLSX: _Xlsx,
}


class Exports:
    """Makes files of orders, a few at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._under_way = 0

    async def make(self, wanted: OrderFilter, form: ExportFormat) -> Path:
        """Write the file of a period; whoever asked deletes it.

        Args:
            wanted: which orders; drafts are never among them.
            form: the kind of file.

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
            return await self._write(wanted, form)
        finally:
            self._under_way -= 1

    async def _write(self, wanted: OrderFilter, form: ExportFormat) -> Path:
        async with _opened(form) as (path, writer):
            await asyncio.to_thread(writer.add, [HEADER])
            after = 0
            while True:
                async with reading(self._engine) as session:
                    orders = await queries.placed_orders(session, wanted, after=after, limit=_BATCH)
                    lines = await queries.lines_of(session, [order.id or 0 for order in orders])
                    names = await contact_names(session, {one.contact_id for one in orders if one.contact_id})
                await asyncio.to_thread(_add, writer, orders, lines, names)
                if len(orders) < _BATCH:
                    return path
                after = orders[-1].id or 0


@asynccontextmanager
async def _opened(form: ExportFormat) -> AsyncIterator[tuple[Path, _Writer]]:
    """A new file that only the service's user may read, and its writer; deleted when it fails."""
    path = await asyncio.to_thread(_new_file, form)
    try:
        writer = await asyncio.to_thread(_WRITERS[form], path)
        try:
            yield path, writer
        finally:
            await asyncio.to_thread(writer.close)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise


def _new_file(form: ExportFormat) -> Path:
    descriptor, name = tempfile.mkstemp(prefix="keskus-orders-", suffix=f".{form.value}")
    os.close(descriptor)
    return Path(name)


def _add(
    writer: _Writer, orders: Sequence[OrderRow], lines: Sequence[OrderLineRow], names: dict[int, str]
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


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return written(cell)
        case datetime():
            return cell.isoformat(timespec="seconds")
        case _:
            return str(cell)
