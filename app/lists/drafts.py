"""Makes a lead of a row, or says why the row is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.errors import Refusal
from app.lists.beside import is_fax, no_call_said, numbers_of
from app.lists.columns import ColumnRole
from app.lists.draft import NUMBERS_MOST, DraftNumber, LeadDraft
from app.lists.reading import Reading, names_of
from app.lists.row_errors import (
    PhoneSaysNoCalls,
    PriorityNoNumber,
    PriorityOutOfRange,
    RowSaysNoCalls,
    RowTextTooLong,
    RowUnfit,
    RowUnreadable,
    RowWithoutNumber,
    TimeZoneUnknown,
    stored,
)
from app.lists.rows import Row
from app.numbers.faults import NumberFault
from app.numbers.reader import NumbersRead, Unread
from app.numbers.words import says_no

TEXT_MOST: Final = 200
VARIABLE_MOST: Final = 2000
_NOTES_SHOWN: Final = 60
PRIORITY_MOST: Final = 1000
_PATRONYMIC: Final = re.compile(r"(вич|вна|ична|ьич|мич|оглы|кызы)$", re.IGNORECASE)


@dataclass(slots=True, frozen=True)
class Rejected:
    """A row that makes nothing, with the reasons."""

    row: Row
    faults: tuple[Refusal, ...]
    """At least one."""

    def why(self, language: str = "en") -> str:
        """The reasons in words.

        Args:
            language: `en`, `et` or `ru`.
        """
        return "; ".join(one.said(language) for one in self.faults)


def to_draft(row: Row, reading: Reading, region: str) -> LeadDraft | Rejected:
    """The lead that a row makes, or the row with the reason why it makes none.

    Args:
        row: a row of the file.
        reading: how the file is read.
        region: country of numbers without a country code.
    """
    try:
        return _draft(row, reading, region)
    except RowUnfit as error:
        return Rejected(row, (error,))


def _draft(row: Row, reading: Reading, region: str) -> LeadDraft | Rejected:
    _check(row, reading)
    said: dict[ColumnRole, str] = {}
    numbers: dict[str, DraftNumber] = {}
    variables: dict[str, str] = {}
    unread: list[Refusal] = []
    for place, cell in enumerate(row.cells):
        role = reading.columns[place] if place < len(reading.columns) else ColumnRole.VARIABLE
        if not cell or role is ColumnRole.IGNORE:
            continue
        if role is ColumnRole.PHONE:
            read = _telephones(row, place, reading, region)
            unread += [one.refusal for one in read.unread]
            for one in read.numbers:
                numbers.setdefault(one.e164, DraftNumber(one.e164, one.raw, one.extension))
            if read.unread or read.notes:
                variables[_name(reading, place)] = cell[:VARIABLE_MOST]  # nothing is lost
        elif role is ColumnRole.VARIABLE:
            variables[_name(reading, place)] = cell[:VARIABLE_MOST]
        else:
            said[role] = cell
    if not numbers:
        return Rejected(row, tuple(unread) or (RowWithoutNumber(),))
    surname, given_name, patronymic = _names(said)
    return LeadDraft(
        numbers=tuple(numbers.values())[:NUMBERS_MOST],
        unread=tuple(map(stored, unread)),
        external_id=_text(said, ColumnRole.EXTERNAL_ID) or None,
        surname=surname,
        given_name=given_name,
        patronymic=patronymic,
        company_name=_text(said, ColumnRole.COMPANY),
        time_zone=_zone(said.get(ColumnRole.TIME_ZONE, "")),
        priority=_priority(said.get(ColumnRole.PRIORITY, "")),
        variables=variables,
    )


def _check(row: Row, reading: Reading) -> None:
    if any("\N{REPLACEMENT CHARACTER}" in cell for cell in row.cells):
        raise RowUnreadable(encoding=reading.encoding or "-")
    if no_call := no_call_said(row.cells, reading.header):
        raise RowSaysNoCalls(text=no_call)


def _telephones(row: Row, place: int, reading: Reading, region: str) -> NumbersRead:
    if is_fax(row.cells, place, reading.header):
        return NumbersRead((), (Unread(row.cells[place], NumberFault.OTHER_KIND, region),))
    read = numbers_of(row.cells, place, reading.header, region)
    if says_no(read.notes):
        raise PhoneSaysNoCalls(text=f"'{read.notes[:_NOTES_SHOWN]}'")
    return read


def _name(reading: Reading, place: int) -> str:
    names = names_of(reading.header or ())
    return names[place] if place < len(names) else f"column {place + 1}"


def _text(said: dict[ColumnRole, str], role: ColumnRole) -> str:
    text = said.get(role, "")
    if len(text) > TEXT_MOST:
        raise RowTextTooLong(column=role.value.replace("_", " "), most=TEXT_MOST)
    return text


def _names(said: dict[ColumnRole, str]) -> tuple[str, str, str]:
    """Surname, given name, patronymic; a whole name counts where there are no parts."""
    parts = tuple(
        _text(said, role) for role in (ColumnRole.SURNAME, ColumnRole.GIVEN_NAME, ColumnRole.PATRONYMIC)
    )
    whole = _text(said, ColumnRole.NAME)
    return (parts[0], parts[1], parts[2]) if any(parts) or not whole else split_name(whole)


def split_name(whole: str) -> tuple[str, str, str]:
    """Surname, given name, patronymic of a whole name; all in the surname if its parts cannot be told apart.

    >>> split_name("Kask, Kalle"), split_name("Иванова Анна Петровна")
    (('Kask', 'Kalle', ''), ('Иванова', 'Анна', 'Петровна'))
    """
    if "," in whole:
        surname, _, given_name = whole.partition(",")
        return surname.strip(), given_name.strip(), ""
    words: Sequence[str] = whole.split()
    if len(words) == 3 and _PATRONYMIC.search(words[2]):
        return words[0], words[1], words[2]
    if len(words) == 3 and _PATRONYMIC.search(words[1]):
        return words[2], words[0], words[1]
    return whole, "", ""


def _zone(name: str) -> str:
    if name and not _is_zone(name):
        raise TimeZoneUnknown(text=name[:60])
    return name


@cache
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        return False
    except KeyError:
        return False
    return True


def _priority(said: str) -> int:
    if not said:
        return 0
    try:
        priority = int(said)
    except ValueError:
        raise PriorityNoNumber(text=said[:40]) from None
    if abs(priority) > PRIORITY_MOST:
        raise PriorityOutOfRange(most=PRIORITY_MOST)
    return priority
