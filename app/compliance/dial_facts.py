"""What decides whether a number may be dialled, as data: see `app.compliance.eligibility`."""

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
"""What is dialled unless a campaign says more."""
NEVER = frozenset(
    {NumberKind.EMERGENCY, NumberKind.PREMIUM, NumberKind.SHORT, NumberKind.VOICEMAIL, NumberKind.INVALID}
)
"""What is not dialled whatever a campaign says."""


@dataclass(slots=True, frozen=True)
class AttemptRules:
    """How often is tried; None: no maximum. Days are those of the called party."""

    of_lead: int | None = None
    of_number: int | None = None
    day_of_lead: int | None = None
    day_of_number: int | None = None
    day_of_contact: int | None = None
    gap_s: Mapping[AttemptOutcome, float] = field(default_factory=dict)
    """After an attempt with this outcome its number rests at least so long, in all campaigns."""

    def __post_init__(self) -> None:
        maxima = (self.of_lead, self.of_number, self.day_of_lead, self.day_of_number, self.day_of_contact)
        if any(most is not None and most < 1 for most in maxima):
            raise ValueError("a maximum of attempts is at least one")
        if any(gap_s < 0 for gap_s in self.gap_s.values()):
            raise ValueError("a gap is negative")


@dataclass(slots=True, frozen=True)
class Spend:
    """A day's money, in whatever unit it is counted."""

    spent: float
    """With what this call would cost at least."""
    limit: float
    next_day: datetime
    """When the count begins anew."""


@dataclass(slots=True, frozen=True)
class CampaignFacts:
    """What a campaign allows."""

    id: CampaignId
    purpose: Purpose
    limits: Limits
    """Those of its rule set and its own together: see `app.compliance.rules.stricter`."""
    state: CampaignState = CampaignState.RUNNING
    begins: datetime | None = None
    ends: datetime | None = None
    attempts: AttemptRules = AttemptRules()
    kinds: frozenset[NumberKind] = ORDINARY
    prefixes: tuple[str, ...] = ()
    """How numbers may begin, in E.164; empty: as they like."""
    spend: Spend | None = None


@dataclass(slots=True, frozen=True)
class NumberFacts:
    """What the numbering plan tells of a number."""

    number: str
    """E.164."""
    kind: NumberKind
    place: Place = field(default_factory=Place)
    """The lead's own time zone where it has one."""


@dataclass(slots=True, frozen=True)
class LeadFacts:
    """Who is to be called."""

    id: LeadId
    contact: ContactId | None = None
    is_person: bool = True
    """A natural person, or nobody knows."""
    attempts: int = 0
    """In this campaign, by all its numbers."""
    attempts_of_number: int = 0
    """In this campaign, by this number."""
    is_callback: bool = False
    """The customer asked for this call, at about this time."""


class ConsentKind(StrEnum):
    """What somebody said about being called."""

    CONSENT = "consent"
    DO_NOT_CALL = "do_not_call"


@dataclass(slots=True, frozen=True)
class Said:
    """A consent or a do-not-call of the number, of the contact, or of another contact who has the number."""

    word: ConsentKind
    given: datetime
    until: datetime | None = None
    purpose: Purpose | None = None
    """None: whatever for."""
    campaign: CampaignId | None = None
    """None: in all campaigns."""
    source: str = ""


@dataclass(slots=True, frozen=True)
class PastAttempt:
    """An attempt to the number, or to the contact by another number, in whatever campaign."""

    campaign: CampaignId
    lead: LeadId
    number: str
    placed: datetime
    ended: datetime | None = None
    """None: it is being dialled, rings or talks."""
    outcome: AttemptOutcome | None = None
    """None: not known yet."""
    contact: ContactId | None = None


@dataclass(slots=True, frozen=True)
class DialFacts:
    """Everything that decides."""

    campaign: CampaignFacts
    lead: LeadFacts
    number: NumberFacts
    said: tuple[Said, ...] = ()
    history: tuple[PastAttempt, ...] = ()
    """Those without an end, and those of the last days: as far back as the longest rest or gap, at least two days."""
    in_call: bool = False
    """The contact or the number is in a call that is no attempt: somebody who called us."""
    operator_reserved: bool = False
    """An operator waits for this very call, so it cannot be abandoned."""
