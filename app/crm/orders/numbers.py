"""The numbers of orders, which people read out: the year, a dash, and a count. Pure."""

import re
from typing import Final

_TYPED: Final = re.compile(r"(?:([0-9]{4})\s*[-/ ]\s*)?([0-9]{1,9})", re.ASCII)


def order_number(year: int, count: int) -> str:
    """A number as it is kept and shown.

    >>> order_number(2026, 17)
    '2026-00017'
    """
    return f"{year}-{count:05d}"


def is_number(text: str) -> bool:
    """Whether a text is an order's number, year and all.

    >>> is_number("2026-00017"), is_number("17")
    (True, False)
    """
    found = _TYPED.fullmatch(text.strip())
    return found is not None and found[1] is not None


def typed_number(text: str, year: int) -> str:
    """A number as somebody types or hears it, in the form in which it is kept; other text as it is.

    Args:
        text: with or without the year and its zeros.
        year: the year that is meant where the text has none.

    >>> typed_number("17", 2026), typed_number("2025 / 00123", 2026), typed_number("abc", 2026)
    ('2026-00017', '2025-00123', 'abc')
    """
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return text
    return order_number(int(found[1] or year), int(found[2]))
