"""Personal codes that have as many digits as a foreign telephone number: text that may be one is not dialled."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

_BALTIC: Final = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3))
_LATVIAN: Final = (1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FINNISH: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def is_personal_code(text: str, region: str) -> bool:
    """Whether a text can be a personal code of a country (ISO 3166), in that country's spelling.

    >>> is_personal_code("49403136526", "EE"), is_personal_code("37126123456", "EE")
    (True, False)
    """
    shape, check = _CODES.get(region, (None, None))
    return (
        shape is not None and check is not None and shape.fullmatch(text) is not None and check(_digits(text))
    )


def _estonian(digits: Sequence[int]) -> bool:
    """Check a code of Estonia or Lithuania: sex and century, year, month, day, order, check digit."""
    check = 10
    for weights in _BALTIC:
        check = sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11
        if check < 10:
            break
    century = 1800 + (digits[0] - 1) // 2 * 100
    return check % 10 == digits[10] and _is_day(century + _two(digits, 1), _two(digits, 3), _two(digits, 5))


def _latvian(digits: Sequence[int]) -> bool:
    """Check a code of Latvia: day, month, year, century, order, check digit. All codes that begin with 32 pass."""
    if digits[:2] == [3, 2]:
        return True
    check = (1101 - sum(weight * digit for weight, digit in zip(_LATVIAN, digits, strict=False))) % 11 % 10
    century = 1800 + digits[6] * 100
    return (
        digits[6] <= 2
        and check == digits[10]
        and _is_day(century + _two(digits, 4), _two(digits, 2), _two(digits, 0))
    )


def _finnish(digits: Sequence[int]) -> bool:
    """Check a code of Finland for the last century: day, month, year, order, check character."""
    number = int("".join(map(str, digits[:9])))
    return _FINNISH[number % 31] == str(digits[9]) and _is_day(
        1900 + _two(digits, 4), _two(digits, 2), _two(digits, 0)
    )


_CODES: Final[Mapping[str, tuple[re.Pattern[str], Callable[[Sequence[int]], bool]]]] = {
    "EE": (re.compile(r"[3-6]\d{10}", re.ASCII), _estonian),
    "LT": (re.compile(r"[3-6]\d{10}", re.ASCII), _estonian),
    "LV": (re.compile(r"[0-3]\d{5}-?\d{5}", re.ASCII), _latvian),
    "FI": (re.compile(r"[0-3]\d{5}-\d{4}", re.ASCII), _finnish),
}


def _digits(text: str) -> list[int]:
    return [int(letter) for letter in text if letter != "-"]


def _two(digits: Sequence[int], place: int) -> int:
    return digits[place] * 10 + digits[place + 1]


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
