"""What a spreadsheet shows for a cell stored as a number: a date, a number with leading zeros, or all its digits."""

import re
from datetime import datetime, timedelta
from typing import Final, NamedTuple

_DIGITS_MOST: Final = 15
"""The digits of a number that a spreadsheet stores; further digits are not the original ones."""
_CODE_MOST: Final = 255
"""The most characters of a format; spreadsheets store no longer ones."""
_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of the built-in formats for dates and times."""
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ZEROS: Final = re.compile(r'(?:"(\+?)"|\\?(\+)|)(0+)')


class Shown(NamedTuple):
    """How a number is shown."""

    date: bool = False
    digits: int = 0
    """The least number of digits; zeros before the number fill it up."""
    plus: bool = False
    """A plus sign stands before it."""


GENERAL: Final = Shown()


def shown_by(code: str | None, number: int) -> Shown:
    """How a format shows a number.

    Args:
        code: the format's code; None: a built-in format.
        number: the format's number.

    >>> shown_by("yyyy-mm-dd", 165).date, shown_by('"+"00000000000', 166).plus, shown_by("0000000", 167).digits
    (True, True, 7)
    """
    if code is None:
        return Shown(date=number in _DATES)
    zeros = _ZEROS.fullmatch(code)
    if zeros is not None:
        return Shown(digits=len(zeros[3]), plus="+" in (zeros[1] or zeros[2] or ""))
    bare = _LITERAL.sub("", code[:_CODE_MOST].split(";")[0]).lower()
    return Shown(date="general" not in bare and any(letter in bare for letter in "ymdhs"))


def as_shown(text: str, how: Shown, epoch: datetime) -> str:
    """A number as people see it in the spreadsheet.

    Args:
        text: the number as stored, such as `37255500123` or `3.7255500123E10`.
        how: its format.
        epoch: the date of day 0.

    >>> as_shown("3.7255500123E+10", GENERAL, datetime(1899, 12, 30)), as_shown("0.5", GENERAL, datetime(1899, 12, 30))
    ('37255500123', '0.5')
    """
    text = text.strip()
    try:
        value = float(text)
    except ValueError:
        return text
    if how.date:
        return _moment(value, epoch) or text
    if not value.is_integer() or abs(value) >= 10**_DIGITS_MOST:
        return text
    digits = str(int(value)).rjust(how.digits, "0")
    return f"+{digits}" if how.plus and value > 0 else digits


def _moment(value: float, epoch: datetime) -> str:
    try:
        moment = epoch + timedelta(seconds=round(value * 86_400))
    except (OverflowError, ValueError):
        return ""
    if 0 <= value < 1:
        return str(moment.time())
    return str(moment.date()) if moment.time() == moment.min.time() else str(moment)
