"""Lengths of time as text for people."""

from itertools import pairwise

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def span(seconds: float) -> str:
    """A length of time in its two largest units; below ten seconds, in seconds with tenths.

    Args:
        seconds: 0 or more.

    >>> span(28_800), span(506.1), span(90_000), span(2.5)
    ('8 hours', '8 minutes 26 seconds', '1 day 1 hour', '2.5 seconds')
    """
    whole = round(seconds)
    for (length, unit), (part, less) in pairwise(_UNITS):
        if whole >= length:
            return " ".join(
                counted(n, one) for n, one in ((whole // length, unit), (whole % length // part, less)) if n
            )
    return counted(whole if whole >= 10 else round(seconds, 1), "second")


def counted(number: float, thing: str) -> str:
    """A number with its noun, whose plural ends in s: `1 day`, `1,200 days`."""
    said = f"{number:,}" if isinstance(number, int) else f"{number:g}"
    return f"{said} {thing}" if number == 1 else f"{said} {thing}s"
