"""The rows of a file of any kind, and their limits."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from app.domain.errors import Refusal
from app.lists.row_errors import RowCellTooLong, RowTooLong, RowTooManyCells, RowWithNul

CELL_MOST: Final = 32_768
"""The most characters of a cell, as in spreadsheets."""
ROW_MOST: Final = 100_000
"""The most characters of a row."""
BATCH: Final = 500
"""The most rows that are processed at a time."""
CELLS_MOST: Final = 400
"""The most cells of a row; no list is wider."""
_TEXT_MARK: Final = frozenset("=+-@|%0123456789")
"""Characters before which an apostrophe is a spreadsheet's mark of text, not part of the text."""

_SIGNS: Final = "=+\\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20"
"""Letters with which a formula may begin, for a regular expression."""
_RUN: Final = re.compile(f"[{_SIGNS}]")
_ROUNDED: Final = re.compile(r"0[0-9]+|[0-9]{12,}")
"""Numbers of which a spreadsheet would not show all digits."""
_MARKED: Final = re.compile(f"'+[{_SIGNS}0-9]")
"""A text whose first apostrophe is a mark; a text of one's own that looks so gets another one."""


class Row(NamedTuple):
    """One row that is not blank."""

    number: int
    """The row's number as a spreadsheet counts, from 1; for a row over several lines, the number of the last line."""
    cells: list[str]
    progress: float
    """How much of the file has been read, 0..1."""
    fault: Refusal | None = None
    """Why this row cannot be read; None: it can."""


def make_row(
    number: int, cells: Sequence[str], progress: float, fault: Refusal | None = None, *, whole: bool = False
) -> Row | None:
    """A row of these cells, cleaned and within the limits; None: it is blank.

    Args:
        number: as `Row.number`.
        cells: as they are in the file.
        progress: how much of the file has been read, 0..1.
        fault: why the row cannot be read; None: it can.
        whole: texts keep their blanks, lines and invisible letters; only a spreadsheet's mark of text is removed.
    """
    if len(cells) > CELLS_MOST:
        if not fault and any(cell.strip() for cell in cells[CELLS_MOST:]):
            fault = RowTooManyCells(most=CELLS_MOST)
        cells = cells[:CELLS_MOST]
    if not fault:
        longest = max(map(len, cells), default=0)
        if longest > CELL_MOST:
            fault = RowCellTooLong(most=CELL_MOST)
        elif sum(map(len, cells)) > ROW_MOST:
            fault = RowTooLong(most=ROW_MOST)
        elif any("\0" in cell for cell in cells):
            fault = RowWithNul()
    if fault:
        cells = [cell[: ROW_MOST // CELLS_MOST] for cell in cells]
    said = [unguarded(cell) if whole else clean(cell) for cell in cells]
    if not fault and not any(map(str.strip, said)):
        return None
    return Row(number, said, progress, fault)


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet runs as a formula, or rounds; `unguarded` gives the same text again.

    >>> guarded("=1+1"), guarded("0401234567"), guarded("12"), guarded("'=1+1")
    ("'=1+1", "'0401234567", '12', "''=1+1")
    """
    return f"'{text}" if _RUN.match(text) or _ROUNDED.fullmatch(text) or _MARKED.match(text) else text


def marked(text: str) -> str:
    """A text as a workbook's cell, which is no formula whatever it says; `unguarded` gives the same text again.

    >>> marked("=1+1"), marked("'=1+1")
    ('=1+1', "''=1+1")
    """
    return f"'{text}" if _MARKED.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell, without a spreadsheet's mark of text.

    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'s-Hertogenbosch")
    ('=1+1', "'=1+1", "'s-Hertogenbosch")
    """
    return cell[1:] if _MARKED.match(cell) else cell


def clean(cell: str) -> str:
    """A cell without characters that are not printable, and without the apostrophe that marks text in spreadsheets.

    >>> clean("'+372 5550 0123"), clean("\\u202a5550\\t0123"), clean("'s-Hertogenbosch")
    ('+372 5550 0123', '5550 0123', "'s-Hertogenbosch")
    """
    if cell[:1] == "'" and cell[1:2] in _TEXT_MARK and len(cell) > 1:
        cell = cell[1:]
    if cell.isprintable():
        return cell.strip()
    return " ".join("".join(letter if letter.isprintable() else " " for letter in cell).split())
