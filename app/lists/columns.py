"""Guesses the role of each column, by its header and its cells; a telephone column needs both to agree."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final
from zoneinfo import available_timezones

from app.lists.headers import ColumnRole, PhoneWord, phone_word, role_of_header
from app.numbers.plans import dialled_country
from app.numbers.reader import read_numbers

__all__ = ["ColumnRole", "guess_columns", "has_header"]

CONTENT_SHARE: Final = 0.7
"""The least share of a column's cells that must look like a telephone for the column to be one."""
_DIGITS_SHARE: Final = 0.5
"""The least share of cells with enough digits for a number, in a column whose header says telephone."""
_DIGITS_LEAST: Final = 5
_COUNTED_LEAST: Final = 3
"""The fewest cells by which a column can be seen to count upwards."""
_ONCE: Final = frozenset(ColumnRole) - {ColumnRole.PHONE, ColumnRole.VARIABLE, ColumnRole.IGNORE}


def guess_columns(
    header: Sequence[str] | None, rows: Sequence[Sequence[str]], region: str
) -> list[ColumnRole]:
    """A role for each column.

    Args:
        header: the row that names the columns, if one does.
        rows: some of the rows after it.
        region: country of numbers without a country code.
    """
    width = max((len(row) for row in (header or (), *rows)), default=0)
    names = [header[place] if header is not None and place < len(header) else "" for place in range(width)]
    cells = [
        [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        for place in range(width)
    ]
    said = [role_of_header(name) for name in names]
    said = [role if role is not ColumnRole.PHONE else None for role in said]
    phones = _phones(names, cells, said, region)
    zoned = ColumnRole.TIME_ZONE in said
    guessed: list[ColumnRole] = []
    for place, role in enumerate(said):
        if place in phones:
            guessed.append(ColumnRole.PHONE)
        elif role is not None:  # of two columns of one role, the first has it
            guessed.append(role if role not in _ONCE or role not in guessed else ColumnRole.VARIABLE)
        elif not zoned and _are_zones(cells[place]):
            guessed.append(ColumnRole.TIME_ZONE)
        else:
            guessed.append(ColumnRole.VARIABLE)
    return guessed


def has_header(rows: Sequence[Sequence[str]], region: str) -> bool:
    """Whether the first row names the columns: it has a known name, or only words, and no number."""
    if not rows:
        return False
    first = [cell.strip() for cell in rows[0]]
    if any(_digits(cell) > _DIGITS_LEAST or read_numbers(cell, region).numbers for cell in first if cell):
        return False
    return any(role_of_header(cell) is not None for cell in first) or (
        len(rows) > 1 and all(cell and not _digits(cell) for cell in first)
    )


def _phones(
    names: Sequence[str],
    cells: Sequence[Sequence[str]],
    roles: Sequence[ColumnRole | None],
    region: str,
) -> set[int]:
    """The places of the columns that are telephones.

    Args:
        names: the headers; empty: a column has none.
        cells: the cells of each column that are not blank.
        roles: the roles by the headers, other than telephones.
        region: country of numbers without a country code.
    """
    words = [phone_word(name) for name in names]
    sure = {
        place
        for place, word in enumerate(words)
        if word is PhoneWord.SURE and roles[place] is None and _has_digits(cells[place])
    }
    # Besides those, only columns without a header, such as cells beyond the last header.
    asked = [
        place
        for place, name in enumerate(names)
        if place not in sure
        and words[place] is not PhoneWord.NOT
        and (not name.strip() if sure else roles[place] is None or words[place] is PhoneWord.PERHAPS)
    ]
    found = {place for place in asked if _are_numbers(cells[place], region)}
    others = sure or {place for place in found if not _counts(cells[place])}
    if others or len(found) > 1:  # of several columns, one that counts upwards is not surely telephones
        found = {place for place in found if not _counts(cells[place])}
    if sure or found:
        return sure | found
    if len(names) == 1 and sum(bool(read_numbers(cell, region).numbers) for cell in cells[0]) >= (
        CONTENT_SHARE * max(1, len(cells[0]))
    ):
        return {0}  # the only column: its cells may have names before the numbers
    abroad = [place for place in asked if _are_numbers(cells[place], region, abroad=True)]
    return set(abroad) if len(abroad) == 1 else set()


def _has_digits(column: Sequence[str]) -> bool:
    """Whether a column may be telephones, readable or not; an empty one may. Cells such as `0` do not count."""
    counts = [digits for digits in map(_digits, column) if digits > 1]
    if not counts:
        return not column
    return sum(digits >= _DIGITS_LEAST for digits in counts) >= _DIGITS_SHARE * len(counts)


def _are_numbers(column: Sequence[str], region: str, *, abroad: bool = False) -> bool:
    """Whether a column is telephones by its cells, without a header that says so.

    Args:
        column: its cells that are not blank.
        region: country of numbers without a country code.
        abroad: whether foreign numbers without a plus count, too. They have as many digits as personal codes, so then
            every cell must be a number.
    """
    if not column:
        return False
    here = f"+{dialled_country(region)}"
    count = 0
    for cell in column:
        read = read_numbers(cell, region)
        if (
            read.numbers
            and not read.unread
            and not read.notes
            and (
                abroad
                or read.numbers[0].e164.startswith(here)
                or "+" in cell
                or cell.lstrip(" (").startswith("00")
            )
        ):
            count += 1
    return count >= (1.0 if abroad else CONTENT_SHARE) * len(column)


def _counts(column: Sequence[str]) -> bool:
    """Whether a column counts upwards, with gaps or without, as orders and customers are numbered."""
    if len(column) < _COUNTED_LEAST or not all(cell.isdecimal() for cell in column):
        return False
    return all(int(before) < int(after) for before, after in pairwise(column))


def _are_zones(column: Sequence[str]) -> bool:
    if not column or not all("/" in cell for cell in column):
        return False
    known = available_timezones()
    return all(cell in known for cell in column)


def _digits(cell: str) -> int:
    return sum(letter.isdecimal() for letter in cell)
