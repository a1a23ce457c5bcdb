"""Asides: text beside a number that has digits and is certainly no part of the number.

An aside is a place in a list before a number (`1. 5550 0123`), hours in brackets behind it (`5550 0123 (9-17)`), or
the prefix of a chat line from a messenger (`[12.03.2025, 14:55] Mari: 5550 0123`). An aside is removed only if its
digits allow no other reading; if they do, the whole piece is refused.
"""

import re
from typing import Final

from app.numbers.faults import NumberFault
from app.numbers.plans import Ambiguous, e164_of, is_country_code, is_valid
from app.numbers.words import LABELS

_RUN: Final = r"\+?\(?\d(?:[ ().\-]*\d)*"
_PLACE: Final = re.compile(
    rf"(?P<before>(?:^|\n|[,;][ ]+)[ ]*)(?P<place>\d{{1,3}})[.)][ ]+"
    rf"(?P<number>(?:(?P<label>[^\W\d_]+)[.:]?[ ]*)?(?P<run>{_RUN}))"
)
"""A place in a list, before a number or its label."""
_HOUR: Final = r"(\d{1,2})(?:[.:]([0-5]\d))?"
_HOURS: Final = re.compile(
    rf"(?P<run>{_RUN})[ ]*\("
    r"(?P<words>(?:[^\W\d_]{1,12}[.:]?(?:[ ]?-[ ]?[^\W\d_]{1,12}[.:]?)?,?[ ])?)"
    rf"{_HOUR}[ ]?-[ ]?{_HOUR}(?:[ ]?[^\W\d_]{{1,4}}[.]?)?[ ]*\)(?=[ ]*(?:$|[\n,;/]))"
)
"""Hours in brackets behind a number, at the end of the piece."""
_TIMES: Final = re.compile(
    r"(?<![\d.,:\-])(\d{1,2})[.:]([0-5]\d)[ ]?-[ ]?(\d{1,2})[.:]([0-5]\d)(?![\d.,:\-])"
)
_DAY: Final = r"(?:\d{1,2}[./\-]\d{1,2}[./\-](?:20)?\d\d|20\d\d-\d\d-\d\d)"
_TIME: Final = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:[ ]?[ap]\.?m\.?)?"
_STAMP: Final = re.compile(
    rf"^[ ]*\(?(?:{_DAY},?[ ]+{_TIME}|{_TIME},?[ ]+{_DAY})\)?[ ]*-?(?=[ ]*[^\d\s][^\n:]*:)",
    re.MULTILINE | re.IGNORECASE,
)
"""The time stamp of a chat line, before the writer's name and a colon."""
_HOURS_LEAST: Final = 5
"""A plain range that begins below this is not read as hours: nobody wants calls at four in the morning."""


def without_asides(said: str, region: str) -> tuple[str, list[tuple[str, NumberFault]]]:
    """A clean text without its asides, and the pieces of it that are refused, each with its fault.

    Args:
        said: text that `app.numbers.text.clean` has cleaned.
        region: ISO 3166 code of the country for numbers without a country code.

    >>> without_asides("1. 5550 0123 (9-17)", "EE"), without_asides("49. 5550 0123", "EE")
    (('5550 0123', []), (';', [('49. 5550 0123', <NumberFault.AMBIGUOUS: 'number.ambiguous'>)]))
    """
    refused: list[tuple[str, NumberFault]] = []

    def refuse(text: str, fault: NumberFault = NumberFault.AMBIGUOUS) -> str:
        refused.append((text.strip(" ,;\n"), fault))
        return ";"

    def place(match: re.Match[str]) -> str:
        if match["label"] is not None and match["label"].casefold() not in LABELS:
            return match.group()
        alone, joined = _readings(match["run"], region), _joined(match["place"], match["run"], region)
        if joined <= alone:
            return match["before"] + match["number"]
        return refuse(match.group()) if alone else match.group()

    def hours(match: re.Match[str]) -> str:
        _, words, first, first_min, last, last_min = match.groups()
        if not _is_range(first, first_min, last, last_min):
            return match.group()
        plain = not words and first_min is None and last_min is None
        if plain and (
            int(first) < _HOURS_LEAST or any(_goes_on(match["run"], end, region) for end in (first, last))
        ):
            return refuse(match.group())
        return match["run"]

    def times(match: re.Match[str]) -> str:
        return refuse(match.group(), NumberFault.HOURS) if _is_range(*match.groups()) else match.group()

    said = _STAMP.sub("", said)
    said = _HOURS.sub(hours, said)
    said = _TIMES.sub(times, said)
    said = _PLACE.sub(place, said)
    return said.strip(" "), refused


def _joined(place: str, run: str, region: str) -> set[str | None]:
    """The numbers that place and digits can be together, if the place is a country code or an area code."""
    if run.startswith("+"):
        return set()
    digits = place + _digits(run)
    with_code = _readings(f"+{digits}", region) if is_country_code(place) else set()
    return _readings(digits, region) | with_code


def _goes_on(run: str, digits: str, region: str) -> bool:
    """Whether these digits may be the end of the number before them, as in `5550 12 (34-35)`."""
    return any(longer is None or is_valid(longer) for longer in _readings(run + digits, region))


def _readings(run: str, region: str) -> set[str | None]:
    """The number that a run of digits can be, if any; None in the set: it can be more than one."""
    try:
        number = e164_of(("+" if run.startswith("+") else "") + _digits(run), region)
    except Ambiguous:
        return {None}
    return set() if number is None else {number}


def _is_range(first: str, first_min: str | None, last: str, last_min: str | None) -> bool:
    """Whether these are two times of a day, in their order."""
    begin, end = (
        60 * int(hour) + int(minutes or 0) for hour, minutes in ((first, first_min), (last, last_min))
    )
    return begin < end <= 24 * 60


def _digits(run: str) -> str:
    return "".join(letter for letter in run if letter.isdecimal())
