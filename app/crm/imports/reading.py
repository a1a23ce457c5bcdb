"""How a file of leads is read: its encoding, its delimiter, its columns. Guessed, shown, and said otherwise."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from app.crm.imports.columns import ColumnRole, guess_columns, has_header
from app.crm.imports.encoding import detect
from app.crm.imports.rows import FileUnreadable, Row, csv_rows, is_workbook, workbook_rows

LOOKED_AT: Final = 200
"""Rows that a guess is made from."""
SHOWN: Final = 10
DELIMITERS: Final = (";", ",", "\t", "|")
COLUMNS_MOST: Final = 200


@dataclass(slots=True, frozen=True)
class Reading:
    """How a file is read."""

    encoding: str
    """Python's name; empty for a workbook."""
    delimiter: str
    """One character; empty for a workbook."""
    header: tuple[str, ...] | None
    """The first row, when it names the columns."""
    columns: tuple[ColumnRole, ...]
    """What each column is."""

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return {**asdict(self), "columns": [role.value for role in self.columns]}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Reading":
        """As the database has it."""
        header = said["header"]
        return cls(
            said["encoding"],
            said["delimiter"],
            tuple(header) if header is not None else None,
            tuple(ColumnRole(role) for role in said["columns"]),
        )


def rows_of(path: Path, reading: Reading) -> Iterator[Row]:
    """The rows of a file, without its header and its blank ones, a piece of the file at a time.

    Raises:
        FileUnreadable: it cannot be read to its end; the rows before have been given.
    """
    rows = csv_rows(path, reading.encoding, reading.delimiter) if reading.encoding else workbook_rows(path)
    if reading.header is not None:
        next(rows, None)
    return rows


def guess(path: Path, region: str) -> tuple[Reading, list[Row]]:
    """How a file is to be read, and its first rows.

    Args:
        path: the file.
        region: country of numbers without a country code.

    Raises:
        FileUnreadable: it is neither a table nor a workbook, or has no rows.
    """
    if is_workbook(path):
        reading = Reading("", "", None, ())
    else:
        encoding = detect(path)
        reading = Reading(encoding, _delimiter(path, encoding), None, ())
    return guess_with(path, reading, region)


def guess_with(path: Path, reading: Reading, region: str) -> tuple[Reading, list[Row]]:
    """The same for a file whose encoding and delimiter are known.

    Raises:
        FileUnreadable: it has no rows.
    """
    rows = list(islice(rows_of(path, replace(reading, header=None)), LOOKED_AT))
    if not rows:
        raise FileUnreadable("the file has no rows")
    if max(len(row.cells) for row in rows) > COLUMNS_MOST:
        raise FileUnreadable(f"the file has more than {COLUMNS_MOST} columns")
    cells = [row.cells for row in rows]
    header = tuple(cells[0]) if has_header(cells, region) else None
    columns = guess_columns(header, cells[1:] if header is not None else cells, region)
    return replace(reading, header=header, columns=tuple(columns)), rows[1:] if header is not None else rows


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter by which most rows have one and the same width, the widest."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = [
            line
            for line in islice((file.readline(65_536) for _ in range(LOOKED_AT)), LOOKED_AT)
            if line.strip()
        ]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0][4]
    best, most = DELIMITERS[0], 0.0
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        except csv.Error:
            continue
        if not widths:
            continue
        width, rows = max(widths.items(), key=_rows_and_width)
        score = rows / widths.total() * min(width, 20) if width > 1 else 0.0
        if score > most:
            best, most = delimiter, score
    return best


def _rows_and_width(found: tuple[int, int]) -> tuple[int, int]:
    width, rows = found
    return rows, width
