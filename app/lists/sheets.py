"""Tables that people take away, as files: CSV and XLSX.

A file is written row by row, in a thread, so neither the event loop nor memory feels its length. Texts that a
spreadsheet would run are defused.
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

from defusedcsv import csv

from app.system.money import written

Cell = str | int | Decimal | datetime | None


class ExportFormat(StrEnum):
    """The kinds of file."""

    CSV = "csv"
    XLSX = "xlsx"


_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
SHEET_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {
            "text/csv": _BINARY,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _BINARY,
        },
    }
}
"""For a route's `responses`: it answers with a file."""
MEDIA: Final = dict(zip(ExportFormat, SHEET_FILE[200]["content"], strict=True))
"""The media type of each kind of file."""


class Writer(Protocol):
    """Writes one file."""

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
        import xlsxwriter  # noqa: PLC0415 - slow to load; at the top the service would start later

        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._sheet = self._book.add_worksheet()
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


_WRITERS: Final[dict[ExportFormat, Callable[[Path], Writer]]] = {
    ExportFormat.CSV: _Csv,
    ExportFormat.XLSX: _Xlsx,
}


@asynccontextmanager
async def opened(what: str, form: ExportFormat) -> AsyncIterator[tuple[Path, Writer]]:
    """A new file that only the service's user may read, and its writer; deleted when it fails.

    Args:
        what: what is in it, for its name.
        form: the kind of file.
    """
    path = await asyncio.to_thread(_new_file, what, form)
    try:
        writer = await asyncio.to_thread(_WRITERS[form], path)
        try:
            yield path, writer
        finally:
            await asyncio.to_thread(writer.close)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise


def _new_file(what: str, form: ExportFormat) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=f"keskus-{what}-", suffix=f".{form.value}")
    os.close(descriptor)
    return Path(name)


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
