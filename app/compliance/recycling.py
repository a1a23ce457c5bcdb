"""What becomes of a lead after an attempt: when it is tried again, by which number, or that it is done.

Pure: the maxima, the gaps and the numbers' order decide, nothing else. What the law forbids besides is decided
at each dial, in `eligibility`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from app.domain.campaigns import AttemptOutcome


class LeadState(StrEnum):
    """Where a lead is."""

    READY = "ready"
    """It may be picked now."""
    WAITING = "waiting"
    """Until `next_at`."""
    RESERVED = "reserved"
    """By a runner, until its lease is over."""
    DIALLING = "dialling"
    """An attempt is under way."""
    DONE = "done"


class Exhausted(StrEnum):
    """Why a lead is not tried again, or not on this day, as `after` says it."""

    ATTEMPTS = "attempts_exhausted"
    """The lead has had all its attempts."""
    NUMBERS = "numbers_exhausted"
    """Each of its numbers has, or is wrong."""
    DAY = "day_exhausted"
    """The lead has had all its attempts of the day."""


REMOVED: Final = "removed"
"""The reason of a lead that was taken out of its campaign; one that is being dialled is done when that is over."""
UNCOUNTED: Final = frozenset({AttemptOutcome.REFUSED})
"""Nothing was dialled, so no telephone rang: they use up no maximum, but see `FREE`."""
FREE: Final = 3
"""So many attempts of a lead's number may end before anything rang; each after that counts like any other. Else a
number that no PBX dials would be tried for ever."""

_HOUR_S: Final = 3600.0


def counts(outcome: AttemptOutcome, before: int) -> bool:
    """Whether an attempt uses up the maxima.

    Args:
        outcome: how it ended.
        before: earlier attempts by the same number of the lead that ended before anything rang.

    >>> counts(AttemptOutcome.BUSY, 0), counts(AttemptOutcome.REFUSED, 2), counts(AttemptOutcome.REFUSED, 3)
    (True, False, True)
    """
    return outcome not in UNCOUNTED or before >= FREE


class Again(NamedTuple):
    """How a lead is tried again after one outcome."""

    gap_s: float
    """The least time until the lead is dialled again, once each of its numbers has been tried."""
    other_number: bool = True
    """Go on with its next number; otherwise the same number is dialled again."""


_AGAIN: Final[Mapping[AttemptOutcome, Again | None]] = MappingProxyType(
    {
        AttemptOutcome.ANSWERED: None,
        AttemptOutcome.ABANDONED: Again(72 * _HOUR_S, other_number=False),
        AttemptOutcome.HUNG_UP: Again(3 * _HOUR_S, other_number=False),
        AttemptOutcome.MACHINE: Again(4 * _HOUR_S),
        AttemptOutcome.BUSY: Again(300.0, other_number=False),
        AttemptOutcome.NO_ANSWER: Again(3 * _HOUR_S),
        AttemptOutcome.WRONG_NUMBER: Again(60.0),
        AttemptOutcome.FAILED: Again(1800.0),
        AttemptOutcome.REFUSED: Again(300.0, other_number=False),
        AttemptOutcome.WITHDRAWN: Again(3 * _HOUR_S, other_number=False),
        AttemptOutcome.UNKNOWN: Again(_HOUR_S, other_number=False),
    }
)


@dataclass(slots=True, frozen=True)
class Recycling:
    """A campaign's rules for trying again."""

    again: Mapping[AttemptOutcome, Again | None] = field(default_factory=lambda: _AGAIN)
    """For each outcome; None: the lead is done."""
    other_number_gap_s: float = 60.0
    """The least time between two numbers of one lead."""
    max_per_day: int = 3
    """Attempts of a lead within one day of its own time zone, 1 or more."""
    max_per_campaign: int = 10
    """Attempts of a lead in all, 1 or more."""
    max_per_number: int = 6
    """Attempts by one number, 1 or more."""
    max_per_day_of_number: int | None = None
    """Attempts by one number within a day of its own, in all campaigns, 1 or more; None: as many as they make."""
    max_per_day_of_contact: int | None = None
    """Attempts to one contact within a day, by all numbers in all campaigns, likewise."""


def raised(before: Recycling, now: Recycling) -> frozenset[str]:
    """The reasons of leads that a maximum has stopped which is higher now: they are to be judged anew."""
    maxima = (
        (before.max_per_campaign, now.max_per_campaign, ("attempts_exhausted", "attempts_of_lead")),
        (before.max_per_number, now.max_per_number, ("numbers_exhausted", "attempts_of_number")),
        (before.max_per_day, now.max_per_day, ("day_exhausted", "day_of_lead")),
        (before.max_per_day_of_number, now.max_per_day_of_number, ("day_of_number",)),
        (before.max_per_day_of_contact, now.max_per_day_of_contact, ("day_of_contact",)),
    )
    return frozenset(
        reason
        for one, other, reasons in maxima
        if one is not None and (other is None or other > one)
        for reason in reasons
    )


class NumberTried(NamedTuple):
    """One number of a lead, in the order they are tried."""

    position: int
    attempts: int
    """Counted ones, the one that just ended among them."""
    usable: bool = True
    """False for one that turned out to be wrong."""


class Tried(NamedTuple):
    """A lead whose attempt has just ended. Counts contain that attempt, unless its outcome is `UNCOUNTED`."""

    numbers: Sequence[NumberTried]
    """In the order they are tried."""
    position: int
    """Of the number that was dialled."""
    attempts: int
    """In this campaign."""
    today: int
    """Within the lead's day."""
    tomorrow: datetime
    """When the lead's next day begins; aware."""


class Next(NamedTuple):
    """What becomes of the lead."""

    state: LeadState
    """`WAITING` or `DONE`."""
    reason: str
    next_at: datetime | None = None
    position: int | None = None
    """Of the number to be dialled next."""


def after(rules: Recycling, lead: Tried, outcome: AttemptOutcome, now: datetime) -> Next:
    """Decide what becomes of a lead after an attempt.

    A number that is wrong or used up is left out. While there are numbers that this round has not tried, they come
    next, after `other_number_gap_s`; after the last one the outcome's gap has to pass. What would exceed the day's
    maximum waits for the lead's next day.

    Args:
        rules: the campaign's.
        lead: with the attempt counted.
        outcome: the attempt's.
        now: aware; when the attempt ended.
    """
    again = rules.again.get(outcome)
    if again is None:
        return Next(LeadState.DONE, outcome.value)
    if lead.attempts >= rules.max_per_campaign:
        return Next(LeadState.DONE, Exhausted.ATTEMPTS.value)
    usable = [
        number.position
        for number in lead.numbers
        if number.usable
        and number.attempts < rules.max_per_number
        and not (outcome is AttemptOutcome.WRONG_NUMBER and number.position == lead.position)
    ]
    if not usable:
        return Next(LeadState.DONE, Exhausted.NUMBERS.value)
    later = [position for position in usable if position > lead.position]
    if not again.other_number and lead.position in usable:
        position, gap_s = lead.position, again.gap_s
    elif later:
        position, gap_s = later[0], rules.other_number_gap_s
    else:
        position, gap_s = usable[0], again.gap_s
    next_at, reason = now + timedelta(seconds=gap_s), outcome.value
    if lead.today >= rules.max_per_day and next_at < lead.tomorrow:
        next_at, reason = lead.tomorrow, Exhausted.DAY.value
    return Next(LeadState.WAITING, reason, next_at, position)
