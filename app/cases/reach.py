"""Where a call for a department goes: to the department while it works, to its fallback else. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

DEPARTMENT = "department"


class Goal(NamedTuple):
    """Something that a call can be sent to."""

    kind: str
    """`queue`, `operator`, `number`, or `department` for a fallback on another department."""
    target: str
    """A queue's id, a user's id, a number; a department's id in digits."""


class Ways(NamedTuple):
    """How a department is reached."""

    reach: Goal | None
    fallback: Goal | None


class Loop(Exception):  # noqa: N818 - named for what is so
    """Departments fall back on each other in a circle."""

    def __init__(self, departments: Sequence[int]) -> None:
        super().__init__(departments)
        self.departments = departments


def goal(ways: Mapping[int, Ways], department: int, open_now: Collection[int]) -> Goal | None:
    """Where a call goes that is passed to a department; None: nowhere.

    A department that is closed, or has nothing of its own, hands on to its fallback. Where no fallback leads anywhere,
    the first department of the way that has something of its own is called all the same.

    Args:
        ways: of every department in use.
        department: the one that is called.
        open_now: departments that work at this moment.

    Raises:
        Loop: they fall back on each other in a circle.
    """
    path: list[int] = []
    closed: Goal | None = None
    while department not in path:
        path.append(department)
        own = ways.get(department)
        if own is None:
            return closed
        if own.reach is not None and department in open_now:
            return own.reach
        closed = closed or own.reach
        if own.fallback is None:
            return closed
        if own.fallback.kind != DEPARTMENT:
            return own.fallback
        department = int(own.fallback.target)
    raise Loop([*path[path.index(department) :], department])
