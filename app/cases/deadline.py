"""By when a case is due: the moment at which the working time that it has taken reaches what it may take.

Nothing is added up and kept: each answer is computed from the case's events and the calendars as they are now. So a
case that waited for the customer, that was reopened, that went to another department, or whose department closes on a
day that was open before, is due when it would have been, had all that been known from the beginning.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cases.case import ENDED, Case, Severity
from app.cases.working_time import Calendar, after, worked


@dataclass(slots=True, frozen=True)
class Terms:
    """What a department promises."""

    calendar: Calendar
    allowed: Mapping[Severity, timedelta]
    """The working time that a case of each severity may take."""
    warning: timedelta
    """The working time before the deadline at which it is warned of."""
    patience: timedelta
    """The working time after the deadline at which the fallback is told, too."""


@dataclass(slots=True, frozen=True)
class Deadline:
    """The deadline of a case. Moments are in UTC; None: not reached, and not to be foreseen while no time runs."""

    due: datetime | None
    warn: datetime | None
    """When it is to be warned of."""
    escalate: datetime | None
    """When the fallback is to be told."""
    used: timedelta
    """The working time that the case had taken at the moment asked for."""
    allowed: timedelta
    running: bool
    """Time runs now: the case is not ended, and does not wait for the customer."""

    def is_late(self, at: datetime) -> bool:
        """Whether the case is late at this moment, or was by its end."""
        return self.due is not None and self.due <= at


def deadline(case: Case, terms: Callable[[int | None], Terms], at: datetime) -> Deadline:
    """The deadline of a case, as its department's terms and all calendars are now.

    Args:
        case: made by its events.
        terms: of a department by its id; of cases that no department has, by None.
        at: aware; now, for what has been used.
    """
    own = terms(case.department)
    allowed = own.allowed[case.severity]
    warn_after = max(allowed - own.warning, timedelta())
    warn, due, escalate = (
        reaches(case, terms, amount) for amount in (warn_after, allowed, allowed + own.patience)
    )
    used = timedelta()
    for begins, ends, department in case.stretches:
        until = at if ends is None else min(ends, at)
        if until > begins:
            used += worked(terms(department).calendar, begins, until)
    running = case.stretches[-1].ends is None and case.state not in ENDED
    return Deadline(due, warn, escalate=escalate, used=used, allowed=allowed, running=running)


def reaches(case: Case, terms: Callable[[int | None], Terms], amount: timedelta) -> datetime | None:
    """The first moment by which a case has taken so much working time; None: it has not, and no time runs.

    Args:
        case: made by its events.
        terms: see `deadline`.
        amount: of working time, 0 or more.
    """
    for begins, ends, department in case.stretches:
        calendar = terms(department).calendar
        moment = after(calendar, begins, amount)
        if moment is not None and (ends is None or moment <= ends):
            return moment
        if ends is not None:
            amount -= worked(calendar, begins, ends)
    return None
