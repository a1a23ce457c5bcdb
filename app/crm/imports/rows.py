"""The rows of a file: a CSV is read a piece at a time, a workbook's first sheet whole."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

CELL_MOST: Final = 32_768
"""Characters; a quote that is never closed would swallow the file."""
_RUN: Final = frozenset("=+-@|%")


class FileUnreadable(ValueError):  # noqa: N818 - named for what is so
    """A file that cannot be read as a table, in words."""


class Row(NamedTuple):
    """One row that is not blank."""

    number: int
    """As a spreadsheet counts: the first row of the file is 1. Of a row over several lines, the last line's."""
    cells: list[str]
    progress: float
    """How much of the file has been read, 0..1."""


def is_workbook(path: Path) -> bool:
    """Whether it is an XLSX file, whatever its name says."""
    return zipfile.is_zipfile(path)


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """The rows of a text file. What its encoding cannot read becomes U+FFFD.

    Raises:
        FileUnreadable: with the line where it ends to make sense.
    """
    size = max(1, path.stat().st_size)
    before = csv.field_size_limit(CELL_MOST)
    csv.field_size_limit(max(before, CELL_MOST))
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as file,
    ):
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for cells in reader:
                if reader.line_num == 1 and len(cells) <= 2 and "".join(cells).lower().startswith("sep="):
                    continue  # Excel's own line
                if any(len(cell) > CELL_MOST for cell in cells):
                    raise FileUnreadable(
                        f"line {reader.line_num}: a cell with more than {CELL_MOST} characters"
                    )
                if any(cell.strip() for cell in cells):
                    yield Row(reader.line_num, [_clean(cell) for cell in cells], raw.tell() / size)
        except csv.Error as error:
            raise FileUnreadable(f"line {reader.line_num}: {error}") from error


def workbook_rows(path: Path) -> Iterator[Row]:
    """The rows of a workbook's first sheet.

    Raises:
        FileUnreadable: it is no workbook.
    """
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            total = max(1, sheet.total_height)
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                said = [_clean(_plain(cell)) for cell in cells]
                if any(said):
                    yield Row(number, said, min(1.0, number / total))
    except (CalamineError, OSError) as error:
        raise FileUnreadable(f"this is no workbook: {error}") from error


def _plain(cell: object) -> str:
    """A cell as people read it: spreadsheets keep numbers as floating-point ones."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() | date() | time() | timedelta():
            return str(cell)
        case _:
            return str(cell)


def _clean(cell: str) -> str:
    """Without what is not printed, nor the apostrophe that keeps spreadsheets from running a cell."""
    if cell[:1] == "'" and cell[1:2] in _RUN:
        cell = cell[1:]
    if cell.isprintable():
        return cell.strip()
    return " ".join("".join(letter if letter.isprintable() else " " for letter in cell).split())
