"""What a check of an installation is, and what comes of it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple


class Finding(NamedTuple):
    """Something amiss, and what puts it right."""

    what: str
    remedy: str


class CheckImpossible(Exception):  # noqa: N818 - named for what is so
    """What was to be looked at cannot be; in words."""


class Check(NamedTuple):
    """One thing to look at."""

    title: str
    look: Callable[[], Awaitable[Sequence[Finding]]]
    """Raises CheckImpossible."""


class Checked(NamedTuple):
    """What a look came to."""

    title: str
    findings: Sequence[Finding]
    impossible: str = ""
