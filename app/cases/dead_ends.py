"""Whether callers get somewhere by each way into a centre: by a number, a queue that overflows, a department. Pure."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from app.cases.reach import DEPARTMENT, Goal, Loop, Ways, goal

QUEUE = "queue"
OPERATOR = "operator"


class Centre(NamedTuple):
    """What calls are led by."""

    numbers: Mapping[str, Goal]
    """What each number leads to: a `queue`, or an `operator`."""
    queues: Mapping[str, str | None]
    """The queue into which each queue's calls overflow; None: they stay, or a message ends them."""
    users: Collection[str]
    """Those who are operators, in digits; a number of one who is put out of use is theirs nonetheless."""
    operators: Collection[str]
    """Those of them whom a call can reach."""
    departments: Mapping[int, Ways]
    """How each department in use is reached."""


class DeadEnd(NamedTuple):
    """Something by which callers get nowhere."""

    kind: str
    """`number`, `queue` or `department`."""
    id: str
    circle: tuple[str, ...] = ()
    """The queues or departments through which a call goes round, each once; empty: there is no circle."""


def dead_ends(centre: Centre) -> list[DeadEnd]:
    """Every number, queue and department by which callers get nowhere, or go round in a circle."""
    return [*_of_numbers(centre), *_of_queues(centre), *_of_departments(centre)]


def _of_numbers(centre: Centre) -> list[DeadEnd]:
    there = {QUEUE: centre.queues.keys(), OPERATOR: centre.users}
    return [
        DeadEnd("number", number) for number, to in centre.numbers.items() if to.target not in there[to.kind]
    ]


def _of_queues(centre: Centre) -> list[DeadEnd]:
    found = []
    for queue in centre.queues:
        path: list[str] = []
        at: str | None = queue
        while at is not None and at in centre.queues and at not in path:
            path.append(at)
            at = centre.queues[at]
        if at == queue:
            found.append(DeadEnd(QUEUE, queue, tuple(path)))
        elif centre.queues[queue] is not None and centre.queues[queue] not in centre.queues:
            found.append(DeadEnd(QUEUE, queue))
    return found


def _of_departments(centre: Centre) -> list[DeadEnd]:
    """A department is reached by what a phone can dial: a queue or an operator needs a number that leads there."""
    dialled = set(centre.numbers.values())
    there = {QUEUE: centre.queues.keys(), OPERATOR: centre.operators}

    def reaches(to: Goal) -> bool:
        if to.kind == DEPARTMENT:
            return int(to.target) in centre.departments
        return to.kind not in there or (to.target in there[to.kind] and to in dialled)

    found = []
    for department, ways in centre.departments.items():
        try:
            ends = goal(centre.departments, department, ()) is None
        except Loop as loop:
            if department in loop.departments:
                circle = tuple(str(one) for one in dict.fromkeys(loop.departments))
                found.append(DeadEnd(DEPARTMENT, str(department), circle))
            continue
        if ends or not all(reaches(to) for to in ways if to is not None):
            found.append(DeadEnd(DEPARTMENT, str(department)))
    return found
