"""What follows for a lead after an attempt: when it is tried again and by which number, or that it is done.

Only the maxima, the gaps and the order of the numbers decide here. What the law forbids is checked at each dial, in
`app.compliance.eligibility`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from app.domain.campaigns import AttemptOutcome


class LeadState(StrEnum):
    """The state of a lead."""

    READY = "ready"
    """The lead may be picked now."""
    WAITING = "waiting"
    """The lead may not be picked before `next_at`."""
    RESERVED = "reserved"
    """A runner has reserved the lead until its lease is over."""
    DIALLING = "dialling"
    """An attempt is under way."""
    DONE = "done"


class Exhausted(StrEnum):
    """Why a lead is not tried again, or not on this day: reasons that `after` gives."""

    ATTEMPTS = "attempts_exhausted"
    """The lead has had all its attempts."""
    NUMBERS = "numbers_exhausted"
    """Each number of the lead has had all its attempts, or is wrong."""
    DAY = "day_exhausted"
    """The lead has had all its attempts of the day."""


REMOVED: Final = "removed"
"""The reason of a lead that was taken out of its campaign. If it is being dialled, it is done when that is over."""
UNCOUNTED: Final = frozenset({AttemptOutcome.REFUSED})
"""Outcomes with which no telephone rang: such attempts do not count towards the maxima, but see `FREE`."""
FREE: Final = 3
"""How many attempts by one number of a lead may end uncounted; each one after that counts. Otherwise a number that the
PBX never dials would be tried for ever."""

_HOUR_S: Final = 3600.0


def counts(outcome: AttemptOutcome, before: int) -> bool:
    """Whether an attempt counts towards the maxima.

    Args:
        outcome: its outcome.
        before: how many earlier attempts by the same number of the lead ended before anything rang.

    >>> counts(AttemptOutcome.BUSY, 0), counts(AttemptOutcome.REFUSED, 2), counts(AttemptOutcome.REFUSED, 3)
    (True, False, True)
    """
    return outcome not in UNCOUNTED or before >= FREE


class Again(NamedTuple):
    """How a lead is tried again after one outcome."""

    gap_s: float
    """The least time until the lead is dialled again, once each of its numbers has been tried."""
    other_number: bool = True
    """Go on with the lead's next number; if False, the same number is dialled again."""


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
    """How the lead is tried again after each outcome; None: the lead is done."""
    other_number_gap_s: float = 60.0
    """The least time between two numbers of one lead."""
    max_per_day: int = 3
    """The most attempts at a lead within one day of its own time zone, 1 or more."""
    max_per_campaign: int = 10
    """The most attempts at a lead in all, 1 or more."""
    max_per_number: int = 6
    """The most attempts by one number of a lead, 1 or more."""
    max_per_day_of_number: int | None = None
    """The most attempts by one number within a day there, in all campaigns, 1 or more; None: no maximum."""
    max_per_day_of_contact: int | None = None
    """The most attempts at one contact within a day there, by all numbers in all campaigns, 1 or more; None: no
    maximum."""


def raised(before: Recycling, now: Recycling) -> frozenset[str]:
    """The reasons of leads stopped by a maximum that has been raised: these leads have to be decided anew."""
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
    """One number of a lead, with its attempts."""

    position: int
    """Its place in the order in which the numbers are tried."""
    attempts: int
    """Its counted attempts, the one that just ended included."""
    usable: bool = True
    """False: the number turned out to be wrong."""


class Tried(NamedTuple):
    """A lead whose attempt has just ended. Counts contain that attempt, unless its outcome is `UNCOUNTED`."""

    numbers: Sequence[NumberTried]
    """Its numbers in the order in which they are tried."""
    position: int
    """The position of the number that was dialled."""
    attempts: int
    """Attempts at the lead in this campaign."""
    today: int
    """Attempts at the lead on its present day."""
    tomorrow: datetime
    """When the lead's next day begins; aware."""


class Next(NamedTuple):
    """What follows for a lead."""

    state: LeadState
    """`WAITING` or `DONE`."""
    reason: str
    next_at: datetime | None = None
    position: int | None = None
    """The position of the number to dial next."""


def after(rules: Recycling, lead: Tried, outcome: AttemptOutcome, now: datetime) -> Next:
    """Decide what follows for a lead after an attempt.

    Numbers that are wrong or used up are left out. Numbers that this round has not tried come next, after
    `other_number_gap_s`; after the last one the outcome's gap has to pass. A lead that has reached the day's maximum
    waits for its next day.

    Args:
        rules: the campaign's rules.
        lead: the lead, with the attempt counted.
        outcome: the attempt's outcome.
        now: when the attempt ended; aware.
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
