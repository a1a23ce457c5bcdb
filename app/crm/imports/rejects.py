"""Rows that did not come in, back in a file with their reasons: to be mended and brought again."""

import io
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from defusedcsv import csv  # a cell that a spreadsheet would run is made text

from app.crm.imports.drafts import Rejected
from app.crm.imports.reading import Reading


class Rejects:
    """A CSV file with the original columns, the row's number, and why it was not taken.

    UTF-8 with a mark and semicolons, as spreadsheets here open it. Read again, its first two columns are ignored.
    """

    def __init__(self, path: Path, reading: Reading, keep_bytes: int) -> None:
        """Open it; what lies behind `keep_bytes` was never committed, and goes."""
        raw = path.open("ab")
        raw.truncate(keep_bytes)
        self._raw = raw
        self._file = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, delimiter=";")
        if not keep_bytes:
            header = reading.header or [f"column {place + 1}" for place in range(len(reading.columns))]
            self._file.write("\N{ZERO WIDTH NO-BREAK SPACE}")
            self._writer.writerow(["row", "why", *header])

    def __enter__(self) -> "Rejects":
        """It is closed at the end."""
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Close it."""
        self._file.close()

    def write(self, rejected: Iterable[Rejected]) -> int:
        """Add rows; how long the file is now, in bytes."""
        for one in rejected:
            self._writer.writerow([one.row.number, one.why, *one.row.cells])
        self._file.flush()
        return self._raw.tell()
