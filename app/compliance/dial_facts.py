"""The facts that decide whether a number may be dialled: see `app.compliance.eligibility`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.compliance.hours import Place
from app.compliance.rules import Limits
from app.domain.campaigns import AttemptOutcome, CampaignState, Purpose
from app.domain.ids import CampaignId, ContactId, LeadId
from app.domain.numbers import NumberKind

ORDINARY = frozenset({NumberKind.MOBILE, NumberKind.FIXED, NumberKind.FIXED_OR_MOBILE, NumberKind.VOIP})
"""Kinds of number that a campaign dials by default."""
NEVER = frozenset(
    {NumberKind.EMERGENCY, NumberKind.PREMIUM, NumberKind.SHORT, NumberKind.VOICEMAIL, NumberKind.INVALID}
)
"""Kinds of number that no campaign dials, whatever its settings."""


@dataclass(slots=True, frozen=True)
class AttemptRules:
    """How often a lead may be tried; None: no maximum. Days are those of the called party."""

    of_lead: int | None = None
    of_number: int | None = None
    day_of_lead: int | None = None
    day_of_number: int | None = None
    day_of_contact: int | None = None
    gap_s: Mapping[AttemptOutcome, float] = field(default_factory=dict)
    """By outcome: how many seconds the number rests, at least, after an attempt with it, in all campaigns."""

    def __post_init__(self) -> None:
        maxima = (self.of_lead, self.of_number, self.day_of_lead, self.day_of_number, self.day_of_contact)
        if any(most is not None and most < 1 for most in maxima):
            raise ValueError("a maximum of attempts is at least one")
        if any(gap_s < 0 for gap_s in self.gap_s.values()):
            raise ValueError("a gap is negative")


@dataclass(slots=True, frozen=True)
class Spend:
    """A campaign's daily limit on money, in the unit of the tariffs."""

    spent: float
    """The money spent today, with what this call would cost at least."""
    limit: float
    next_day: datetime
    """When the next day begins, with nothing spent."""


@dataclass(slots=True, frozen=True)
class CampaignFacts:
    """What a campaign allows."""

    id: CampaignId
    purpose: Purpose
    limits: Limits
    """The limits of its rule set and its own settings combined: see `app.compliance.rules.stricter`."""
    state: CampaignState = CampaignState.RUNNING
    begins: datetime | None = None
    ends: datetime | None = None
    attempts: AttemptRules = AttemptRules()
    kinds: frozenset[NumberKind] = ORDINARY
    prefixes: tuple[str, ...] = ()
    """Prefixes in E.164 of the numbers it may dial; empty: any number."""
    spend: Spend | None = None


@dataclass(slots=True, frozen=True)
class NumberFacts:
    """What the numbering plan says about a number."""

    number: str
    """The number in E.164."""
    kind: NumberKind
    place: Place = field(default_factory=Place)
    """Where the called party may be; with the lead's own time zone if it has one."""


@dataclass(slots=True, frozen=True)
class LeadFacts:
    """The lead to be called."""

    id: LeadId
    contact: ContactId | None = None
    is_person: bool = True
    """A natural person, or not known."""
    attempts: int = 0
    """Attempts at this lead in this campaign, by all its numbers."""
    attempts_of_number: int = 0
    """Attempts at this lead in this campaign by this number."""
    is_callback: bool = False
    """The customer asked for this call, at about this time."""


class ConsentKind(StrEnum):
    """Whether somebody agreed to calls or asked for none."""

    CONSENT = "consent"
    DO_NOT_CALL = "do_not_call"


@dataclass(slots=True, frozen=True)
class Said:
    """A consent or a do-not-call: of the number, of the contact, or of another contact with the number."""

    word: ConsentKind
    given: datetime
    until: datetime | None = None
    purpose: Purpose | None = None
    """The purpose it applies to; None: every purpose."""
    campaign: CampaignId | None = None
    """The campaign it applies to; None: all campaigns."""
    source: str = ""


@dataclass(slots=True, frozen=True)
class PastAttempt:
    """An attempt at the number, or at the contact by another number, in any campaign."""

    campaign: CampaignId
    lead: LeadId
    number: str
    placed: datetime
    ended: datetime | None = None
    """None: the attempt is still under way."""
    outcome: AttemptOutcome | None = None
    """None: not known yet."""
    contact: ContactId | None = None


@dataclass(slots=True, frozen=True)
class DialFacts:
    """All facts that `may_dial` needs."""

    campaign: CampaignFacts
    lead: LeadFacts
    number: NumberFacts
    said: tuple[Said, ...] = ()
    history: tuple[PastAttempt, ...] = ()
    """Attempts under way, and those of the last days: as far back as the longest rest or gap, at least two days."""
    in_call: bool = False
    """The contact or the number is in a call that is no attempt, such as one the customer made."""
    operator_reserved: bool = False
    """An operator is reserved for this call, so it cannot be abandoned."""
