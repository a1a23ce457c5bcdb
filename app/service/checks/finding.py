"""A check of an installation, and its result."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple


class Finding(NamedTuple):
    """Something that is wrong, and its remedy."""

    what: str
    remedy: str


class CheckImpossible(Exception):  # noqa: N818 - named for what is so
    """A check cannot be made; the text says why."""


class Check(NamedTuple):
    """One check of an installation."""

    title: str
    look: Callable[[], Awaitable[Sequence[Finding]]]
    """Makes the check; raises CheckImpossible."""


class Checked(NamedTuple):
    """The result of a check."""

    title: str
    findings: Sequence[Finding]
    impossible: str = ""
