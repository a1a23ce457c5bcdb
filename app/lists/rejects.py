"""The file of rejected rows, each with its reason: users correct it and upload it again."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final

from app.lists.drafts import Rejected
from app.lists.reading import REJECTED_HEADER, Reading
from app.lists.rows import guarded

_RUN: Final = ("=", "+", "-", "@", "|", "%")
"""Beginnings of cells that a spreadsheet would run as a formula."""
_ROUNDED: Final = re.compile(r"0\d+|\d{12,}")
"""Numbers of which a spreadsheet would not show all digits."""


class Rejects:
    """A CSV file with the original columns, the row's number, and why it was not taken.

    It has UTF-8 with a byte-order mark, and semicolons, as spreadsheets here expect. When it is uploaded again, its
    first two columns are ignored, and the others are read as before.
    """

    def __init__(self, path: Path, reading: Reading, keep_bytes: int, language: str = "en") -> None:
        """Open the file, cut to `keep_bytes`: what lies behind was never committed.

        Args:
            path: the file.
            reading: how the rows were read.
            keep_bytes: how much of it was committed.
            language: of the reasons, `en`, `et` or `ru`.
        """
        self._language = language
        raw = path.open("ab")
        raw.truncate(keep_bytes)
        self._raw = raw
        self._file = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, delimiter=";")
        self._again = reading.is_rejected
        self._as_text = guarded if reading.whole else as_text
        if not keep_bytes:
            self._file.write("\N{ZERO WIDTH NO-BREAK SPACE}")
            self._writer.writerow(map(self._as_text, rejected_header(reading)))

    def __enter__(self) -> "Rejects":
        """Use the file; it is closed at the end."""
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Close it."""
        self._file.close()

    def write(self, rejected: Iterable[Rejected]) -> int:
        """Add rows; return the length of the file, in bytes."""
        for one in rejected:
            cells = one.row.cells[len(REJECTED_HEADER) :] if self._again else one.row.cells
            self._writer.writerow([one.row.number, one.why(self._language), *map(self._as_text, cells)])
        self._file.flush()
        return self._raw.tell()


def rejected_header(reading: Reading) -> list[str]:
    """The header of the file of rejected rows, for a file with this reading."""
    header = reading.header or [f"column {place + 1}" for place in range(len(reading.columns))]
    return [*header] if reading.is_rejected else [*REJECTED_HEADER, *header]


def as_text(cell: str) -> str:
    """A cell that a spreadsheet neither runs nor rounds; `app.lists.rows.clean` removes its apostrophe again.

    >>> as_text("=1+1"), as_text("+37255500123"), as_text("0401234567"), as_text("12"), as_text("-")
    ("'=1+1", "'+37255500123", "'0401234567", '12', '-')
    """
    return f"'{cell}" if (len(cell) > 1 and cell.startswith(_RUN)) or _ROUNDED.fullmatch(cell) else cell
