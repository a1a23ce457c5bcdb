"""What other columns say about a row's telephones: their country, which one is a fax, and whether to call at all."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from app.domain.names import fold
from app.lists.headers import PhoneWord, phone_word
from app.numbers.faults import NumberFault
from app.numbers.plans import is_country, region_of_code
from app.numbers.reader import NumbersRead, Unread, read_numbers
from app.numbers.words import FAX

_CODE: Final = re.compile(
    r"(?:(?:phone|mobile|telephone) )?(?:country|country calling|calling|dial|dialing|dialling) code"
    r"|(?:telefoni )?(?:suunakood|riigi kood|riigikood|maakood)|(?:телефонный )?код страны|valsts kods"
    r"|šalies kodas|maakoodi|maatunnus|ländervorwahl|landesvorwahl"
)
_COUNTRY: Final = re.compile(r"(?:country|riik|страна|valsts|šalis|land)(?: region)?")
_NO_CALLS: Final = re.compile(
    r"(?:do not|dont|don t|never|no) (?:call|phone|calls)|dnc|(?:mitte|ära|ei tohi) helista\w*"
    r"|(?:ei soovi|keeldub) kõne\w*|helistamis ?keeld|helistamise keeld|не (?:звонить|беспокоить)"
    r"|запрет звонков|nezvanīt|neskambinti|älä soita|soittokielto|nicht anrufen"
)
_NOT_SO: Final = {
    "",
    *["ei", "no", "n", "0", "false", "vale", "väär", "нет", "ложь", "nē", "ne", "nein", "none"],
}
_CALLED: Final = re.compile(r"(?:\+|00)?([1-9]\d{0,3})")
_OTHER_DEVICES: Final = FAX | {"pager", "peiler", "пейджер", "peidžeris", "telex", "teleks"}


class _Columns(NamedTuple):
    """The places of such columns, from 0."""

    codes: tuple[int, ...]
    countries: tuple[int, ...]
    no_calls: tuple[int, ...]
    kinds: frozenset[int]
    """Telephone columns whose kind the column before them says."""


def numbers_of(cells: Sequence[str], place: int, header: tuple[str, ...] | None, region: str) -> NumbersRead:
    """The numbers of one cell, with the country that the row gives.

    Args:
        cells: the row's cells.
        place: the cell to read, from 0.
        header: the row that names the columns, if one does.
        region: country of numbers without a country code, if the row gives none.
    """
    cell, beside = cells[place], _columns(header or ())
    for code in (_code(cells, one) for one in _nearest(beside.codes, place)):
        if code:
            return read_numbers(cell, code)
    read = read_numbers(cell, region)
    for country in (_country(cells, one) for one in _nearest(beside.countries, place)):
        if country and country != region:
            return _either(read, read_numbers(cell, country), cell, region)
    return read


def is_fax(cells: Sequence[str], place: int, header: tuple[str, ...] | None) -> bool:
    """Whether the cell before a telephone says that it is a fax, a pager or the like.

    >>> is_fax(["Work Fax", "600 1234"], 1, ("Phone 1 - Type", "Phone 1 - Value"))
    True
    """
    kinds = _columns(header or ()).kinds
    words = fold(cells[place - 1]).split() if place in kinds else []
    # A fax's own cell, such as `faks 600 1234`, says nothing about the next one.
    return not _OTHER_DEVICES.isdisjoint(words) and not any(word.isdecimal() for word in words)


def no_call_said(cells: Sequence[str], header: tuple[str, ...] | None) -> str:
    """The column that says that nobody may call, with its cell's text; empty: there is none.

    >>> no_call_said(["5550 0123", "jah"], ("Telefon", "Mitte helistada"))
    'Mitte helistada: jah'
    """
    for place in _columns(header or ()).no_calls:
        if place < len(cells) and fold(cells[place]) not in _NOT_SO:
            return f"{(header or ())[place]}: {cells[place]}"[:100]
    return ""


@lru_cache(maxsize=8)
def _columns(header: tuple[str, ...]) -> _Columns:
    names = [fold(name) for name in header]
    return _Columns(
        tuple(place for place, name in enumerate(names) if _CODE.fullmatch(name)),
        tuple(place for place, name in enumerate(names) if _COUNTRY.fullmatch(name)),
        tuple(place for place, name in enumerate(names) if _NO_CALLS.fullmatch(name)),
        frozenset(
            place
            for place in range(1, len(header))
            if phone_word(header[place - 1]) is PhoneWord.NOT and phone_word(header[place]) is PhoneWord.SURE
        ),
    )


def _nearest(places: tuple[int, ...], place: int) -> Sequence[int]:
    """The column, of several such columns, that belongs to a telephone: the last before it, else the first."""
    before = [one for one in places if one < place]
    return before[-1:] or places[:1]


def _code(cells: Sequence[str], place: int) -> str:
    """The country, ISO 3166, of a cell such as `+358`, `358` or `FI`; empty: it gives none."""
    said = cells[place].strip(" ()") if place < len(cells) else ""
    match = _CALLED.fullmatch(said)
    return region_of_code(int(match.group(1))) if match else _country(cells, place)


def _country(cells: Sequence[str], place: int) -> str:
    said = cells[place].strip().upper() if place < len(cells) else ""
    return said if is_country(said) else ""


def _either(here: NumbersRead, there: NumbersRead, cell: str, region: str) -> NumbersRead:
    """The numbers, if they can be read in only one of two countries or are the same in both; otherwise none.

    The row's country may be that of an address, and the telephone may be of another country.
    """
    if not there.numbers or [one.e164 for one in here.numbers] == [one.e164 for one in there.numbers]:
        return here
    if not here.numbers:
        return there
    return NumbersRead((), (Unread(cell, NumberFault.AMBIGUOUS, region),))
