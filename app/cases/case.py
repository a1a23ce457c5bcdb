"""A case: its states, what may happen to it in each, and what happened.

    open ----> in_work <----> waiting          solved, rejected
      |           |              |                  |
      +-----------+--------------+--> solve,        +--> reopen --> reopened, which goes on like open
                                      reject

`step` takes one event after another; a case is nothing but its events, so that replaying them gives it again exactly.
Its deadline follows from them, too: see `app.cases.deadline`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class CaseState(StrEnum):
    """The states of a case."""

    OPEN = "open"
    """Nobody works on it yet."""
    IN_WORK = "in_work"
    WAITING = "waiting"
    """It waits for the customer; the time that it takes does not count."""
    SOLVED = "solved"
    REJECTED = "rejected"
    REOPENED = "reopened"
    """It was solved or rejected, and the customer is not content; nobody works on it yet."""


class Severity(StrEnum):
    """How bad a case is for the customer."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class CaseEventKind(StrEnum):
    """What may happen to a case."""

    OPENED = "opened"
    STARTED = "started"
    HELD = "held"
    """It waits for the customer from then on."""
    RESUMED = "resumed"
    SOLVED = "solved"
    REJECTED = "rejected"
    REOPENED = "reopened"
    PASSED = "passed"
    """Another department has it from then on, by whose working hours it is counted."""
    RATED = "rated"
    """Its severity changed, and with it the working time that it may take, from its beginning."""
    ASSIGNED = "assigned"
    """Somebody else owns it."""


class CaseEvent(NamedTuple):
    """One thing that happened to a case."""

    kind: CaseEventKind
    at: datetime
    """Aware; not before the event before it."""
    severity: Severity | None = None
    """Of `opened` and `rated`."""
    department: int | None = None
    """Of `opened` and `passed`: who has it from then on; None: no department."""


class Stretch(NamedTuple):
    """A part of a case's life in which its time ran."""

    begins: datetime
    ends: datetime | None
    """None: it still runs."""
    department: int | None
    """By whose working hours it is counted."""


@dataclass(slots=True, frozen=True)
class Case:
    """A case after its events."""

    state: CaseState
    severity: Severity
    department: int | None
    at: datetime
    """When its last event was."""
    stretches: tuple[Stretch, ...]
    """In order; only the last one may still run."""
    ended: datetime | None = None
    """When it was last solved or rejected; None: it is not."""


class NotAllowed(ValueError):  # noqa: N818 - named for what is so
    """Such an event cannot happen to the case now."""

    def __init__(self, kind: CaseEventKind, state: CaseState | None) -> None:
        super().__init__(
            f"{kind.value} cannot happen to a case that is {state.value if state else 'not there'}"
        )
        self.kind, self.state = kind, state


_K, _S = CaseEventKind, CaseState
_ANY_TIME: Final = frozenset({_K.PASSED, _K.RATED, _K.ASSIGNED})
_UNTOUCHED: Final = _ANY_TIME | {_K.STARTED, _K.HELD, _K.SOLVED, _K.REJECTED}
MAY: Final[Mapping[CaseState, frozenset[CaseEventKind]]] = MappingProxyType(
    {
        _S.OPEN: _UNTOUCHED,
        _S.REOPENED: _UNTOUCHED,
        _S.IN_WORK: _ANY_TIME | {_K.HELD, _K.SOLVED, _K.REJECTED},
        _S.WAITING: _ANY_TIME | {_K.RESUMED, _K.SOLVED, _K.REJECTED},
        _S.SOLVED: frozenset({_K.REOPENED}),
        _S.REJECTED: frozenset({_K.REOPENED}),
    }
)
"""What may happen to a case in each state."""
_LEADS_TO: Final[Mapping[CaseEventKind, CaseState]] = MappingProxyType(
    {
        _K.STARTED: _S.IN_WORK,
        _K.RESUMED: _S.IN_WORK,
        _K.HELD: _S.WAITING,
        _K.SOLVED: _S.SOLVED,
        _K.REJECTED: _S.REJECTED,
        _K.REOPENED: _S.REOPENED,
    }
)
ENDED: Final = frozenset({_S.SOLVED, _S.REJECTED})
_STOPPED: Final = ENDED | {_S.WAITING}
"""States in which the time does not run."""


def step(case: Case | None, event: CaseEvent) -> Case:
    """The case after one more event.

    Args:
        case: as it was; None before its first event, which is `opened`.
        event: what happened.

    Raises:
        NotAllowed: that cannot happen now.
        ValueError: it was before the event before it.
    """
    if case is None:
        if event.kind is not _K.OPENED:
            raise NotAllowed(event.kind, None)
        severity = event.severity or Severity.NORMAL
        running = (Stretch(event.at, None, event.department),)
        return Case(_S.OPEN, severity, department=event.department, at=event.at, stretches=running)
    if event.kind not in MAY[case.state]:
        raise NotAllowed(event.kind, case.state)
    if event.at < case.at:
        raise ValueError("an event cannot be before the one before it")
    department = event.department if event.kind is _K.PASSED else case.department
    state = _LEADS_TO.get(event.kind, case.state)
    stretches = case.stretches
    runs = stretches[-1].ends is None
    to_run = state not in _STOPPED
    if runs and (not to_run or department != case.department):
        stretches = (*stretches[:-1], stretches[-1]._replace(ends=event.at))
        runs = False
    if to_run and not runs:
        stretches = (*stretches, Stretch(event.at, None, department))
    return replace(
        case,
        state=state,
        severity=event.severity or case.severity if event.kind is _K.RATED else case.severity,
        department=department,
        at=event.at,
        stretches=stretches,
        ended=None if state not in ENDED else event.at if case.state not in ENDED else case.ended,
    )


def replay(events: Iterable[CaseEvent]) -> Case:
    """The case that these events make, the first one `opened`.

    Raises:
        NotAllowed, ValueError: see `step`; there are none.
    """
    case: Case | None = None
    for event in events:
        case = step(case, event)
    if case is None:
        raise ValueError("a case has events")
    return case
