"""How times and numbers are written in templates: the format texts of .NET, as far as templates use them."""

import re
from datetime import datetime, timedelta
from typing import Final

from app.crm_template.errors import ExpressionUnfit

_STANDARD: Final = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "o": "yyyy-MM-ddTHH:mm:ss.fffK",
    "O": "yyyy-MM-ddTHH:mm:ss.fffK",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
}
_PLAIN: Final = "yyyy-MM-dd HH:mm:ss"
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PART: Final = re.compile(
    r"'[^']*'|\"[^\"]*\"|\\.|%|yyyy|yy|M{1,4}|d{1,4}|HH?|hh?|mm?|ss?|f{1,7}|F{1,7}|tt?|z{1,3}|K|.", re.DOTALL
)
_NUMBER: Final = re.compile(r"([A-Za-z])([0-9]{0,2})")


def time_text(moment: datetime, form: str = "") -> str:
    """A moment as text.

    Args:
        moment: in the zone to be written.
        form: a .NET format: one letter of the standard ones, or a pattern; empty: `yyyy-MM-dd HH:mm:ss`.

    >>> from datetime import UTC
    >>> time_text(datetime(2026, 3, 2, 9, 5, tzinfo=UTC), "yyyy-MM-ddTHH:mm:ssZ")
    '2026-03-02T09:05:00Z'
    >>> time_text(datetime(2026, 3, 2, 9, 5, tzinfo=UTC), "t")
    '09:05'
    """
    pattern = _STANDARD.get(form, form) if len(form) == 1 else form or _PLAIN
    return "".join(_time_part(moment, part) for part in _PART.findall(pattern))


def _time_part(moment: datetime, part: str) -> str:  # noqa: C901, PLR0912 - a table
    match part:
        case "yyyy":
            return f"{moment.year:04}"
        case "yy":
            return f"{moment.year % 100:02}"
        case "MMMM" | "MMM":
            return _MONTHS[moment.month - 1][: None if part == "MMMM" else 3]
        case "MM" | "M":
            return f"{moment.month:0{len(part)}}"
        case "dddd" | "ddd":
            return _DAYS[moment.weekday()][: None if part == "dddd" else 3]
        case "dd" | "d":
            return f"{moment.day:0{len(part)}}"
        case "HH" | "H":
            return f"{moment.hour:0{len(part)}}"
        case "hh" | "h":
            return f"{(moment.hour - 1) % 12 + 1:0{len(part)}}"
        case "mm" | "m":
            return f"{moment.minute:0{len(part)}}"
        case "ss" | "s":
            return f"{moment.second:0{len(part)}}"
        case "tt" | "t":
            return ("AM" if moment.hour < 12 else "PM")[: len(part)]
        case "%":
            return ""
        case "K" | "z" | "zz" | "zzz":
            return _offset(moment, part)
    if part[0] in "fF":
        return f"{moment.microsecond:06}0"[: len(part)]
    if part[0] in "'\"" and len(part) > 1:
        return part[1:-1]
    return part[1:] if part[0] == "\\" and len(part) > 1 else part


def _offset(moment: datetime, part: str) -> str:
    seconds = int((moment.utcoffset() or timedelta()).total_seconds())
    if part == "K" and not seconds:
        return "Z"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "-" if seconds < 0 else "+"
    if part == "z":
        return f"{sign}{hours}"
    return f"{sign}{hours:02}" if part == "zz" else f"{sign}{hours:02}:{minutes:02}"


def span_text(span: timedelta) -> str:
    """A length of time, `hh:mm:ss`.

    >>> span_text(timedelta(seconds=3725.4))
    '01:02:05'
    """
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"


def number_text(number: float, form: str = "") -> str:
    """A number as text.

    Args:
        number: the number.
        form: `F2`, `N0`, `D3` or `0.00`; empty: as short as it can be.

    >>> number_text(2.5, "F0"), number_text(90.0), number_text(7, "D3"), number_text(1.25, "0.00")
    ('2', '90', '007', '1.25')

    Raises:
        ExpressionUnfit: the form is none of these.
    """
    if not form:
        return f"{number:.10g}"
    standard = _NUMBER.fullmatch(form)
    if standard:
        letter, digits = standard[1].upper(), standard[2]
        if letter == "D":
            return f"{int(number):0{int(digits or 1)}}"
        if letter == "F":
            return f"{number:.{int(digits or 2)}f}"
        if letter == "N":
            return f"{number:,.{int(digits or 2)}f}"
    if form.strip("0#") in {"", "."}:
        return f"{number:.{len(form.partition('.')[2])}f}"
    raise ExpressionUnfit(f"there is no form {form[:20]} of numbers")
