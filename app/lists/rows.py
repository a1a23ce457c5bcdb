"""The rows of a file of any kind, and their limits."""

from collections.abc import Sequence
from typing import Final, NamedTuple

CELL_MOST: Final = 32_768
"""The most characters of a cell, as in spreadsheets."""
ROW_MOST: Final = 100_000
"""The most characters of a row."""
BATCH: Final = 500
"""The most rows that are processed at a time."""
CELLS_MOST: Final = 200
"""The most cells of a row; no list is wider."""
_TEXT_MARK: Final = frozenset("=+-@|%0123456789")
"""Characters before which an apostrophe is a spreadsheet's mark of text, not part of the text."""


class Row(NamedTuple):
    """One row that is not blank."""

    number: int
    """The row's number as a spreadsheet counts, from 1; for a row over several lines, the number of the last line."""
    cells: list[str]
    progress: float
    """How much of the file has been read, 0..1."""
    fault: str = ""
    """Why this row cannot be read; empty: it can."""


def make_row(number: int, cells: Sequence[str], progress: float, fault: str = "") -> Row | None:
    """A row of these cells, cleaned and within the limits; None: it is blank."""
    if len(cells) > CELLS_MOST:
        if not fault and any(cell.strip() for cell in cells[CELLS_MOST:]):
            fault = f"it has more than {CELLS_MOST} cells"
        cells = cells[:CELLS_MOST]
    if not fault:
        longest = max(map(len, cells), default=0)
        if longest > CELL_MOST:
            fault = f"a cell has more than {CELL_MOST} characters"
        elif sum(map(len, cells)) > ROW_MOST:
            fault = f"it has more than {ROW_MOST} characters"
        elif any("\0" in cell for cell in cells):
            fault = "it has NUL characters: this is no text"
    if fault:
        cells = [cell[: ROW_MOST // CELLS_MOST] for cell in cells]
    said = [clean(cell) for cell in cells]
    if not fault and not any(said):
        return None
    return Row(number, said, progress, fault)


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
