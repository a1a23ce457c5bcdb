"""Campaigns as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import AfterValidator, ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas import Line, RequestModel, Shown
from app.compliance.lawful import Lack, LegalBasis
from app.compliance.recycling import LeadState
from app.crm.campaigns.errors import CountryUnknown, ZoneUnknown
from app.crm.campaigns.rules import lacks_of, needs_consent
from app.crm.campaigns.tables import CampaignChangeRow, CampaignFields, CampaignRow
from app.domain.campaigns import AgainAt, AttemptOutcome, CampaignState, DialMode, MachineHandling, Purpose

_DAY_S = 86_400.0


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ZoneUnknown(zone=name) from None
    return name


def _region(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise CountryUnknown(country=code)
    return code


TimeZone = Annotated[
    str, StringConstraints(max_length=60, pattern=r"^[A-Za-z][A-Za-z0-9_+\-/]*$"), AfterValidator(_zone)
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), AfterValidator(_region)]
Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Milliseconds = Annotated[int, Field(ge=0, le=60_000)]


class AgainIn(RequestModel):
    """How a lead is tried again after one outcome."""

    gap_s: Annotated[float, Field(ge=0, le=90 * _DAY_S)]
    """The least time in seconds until the lead is dialled again, once each of its numbers has been tried."""
    other_number: bool = True
    """True: go on with the lead's next number. False: dial the same number again."""


class RecyclingIn(RequestModel):
    """When leads are tried again. An outcome that is not named keeps the default rule; null: the lead is done."""

    again: dict[AttemptOutcome, AgainIn | None] = Field(default_factory=dict)
    """For each outcome, when a lead is tried again."""
    other_number_gap_s: Annotated[float, Field(ge=0, le=_DAY_S)] = 60.0
    """Seconds between two numbers of the same lead, up to a day."""
    max_per_day: Annotated[int, Field(ge=1, le=100)] = 3
    """Attempts at one lead in a day, 1..100."""
    max_per_campaign: Annotated[int, Field(ge=1, le=1000)] = 10
    """Attempts at one lead in all, 1..1,000."""
    max_per_number: Annotated[int, Field(ge=1, le=1000)] = 6
    """Attempts at one number of a lead, 1..1,000."""
    max_per_day_of_number: Annotated[int, Field(ge=1, le=100)] | None = None
    """Attempts at one number in a day, in all campaigns together; null: no maximum."""
    max_per_day_of_contact: Annotated[int, Field(ge=1, le=100)] | None = None
    """Attempts at one contact in a day, at all its numbers and in all campaigns together; null: no maximum."""

    def stored(self) -> dict[str, Any]:
        """The form that a campaign's row keeps."""
        return {
            "again": {
                outcome.value: {"gap_s": rule.gap_s, "other_number": rule.other_number}
                if rule is not None
                else None
                for outcome, rule in self.again.items()
            },
            "other_number_gap_s": self.other_number_gap_s,
            "max_per_day": self.max_per_day,
            "max_per_campaign": self.max_per_campaign,
            "max_per_number": self.max_per_number,
            "max_per_day_of_number": self.max_per_day_of_number,
            "max_per_day_of_contact": self.max_per_day_of_contact,
        }


class HoursIn(RequestModel):
    """When leads may be called, in the lead's local time."""

    days: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
    """Days of the week; 1 is Monday, 7 is Sunday."""
    from_: Annotated[Hour, Field(alias="from")]
    """The time of day from which calls are allowed, such as `09:00`."""
    to: Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    """The time of day from which calls are no longer allowed, up to `24:00`."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)

    def stored(self) -> dict[str, Any]:
        """The form that a campaign's row keeps."""
        return {"days": self.days, "from": self.from_, "to": self.to}


class AmdIn(RequestModel):
    """The parameters of Asterisk's AMD(), which tells machines from people. A parameter that is left out has
    Asterisk's default.
    """

    initial_silence: Milliseconds | None = None
    """The longest silence before somebody speaks, 0..60,000 ms; more: a machine."""
    greeting: Milliseconds | None = None
    """The longest greeting of a person, 0..60,000 ms; more: a machine."""
    after_greeting_silence: Milliseconds | None = None
    """Silence after the greeting that shows a person, 0..60,000 ms."""
    total_analysis_time: Milliseconds | None = None
    """The longest time to decide, 0..60,000 ms."""
    minimum_word_length: Milliseconds | None = None
    """The shortest sound that counts as a word, 0..60,000 ms."""
    between_words_silence: Milliseconds | None = None
    """Silence that ends a word, 0..60,000 ms."""
    maximum_number_of_words: Annotated[int, Field(ge=1, le=50)] | None = None
    """Words in a greeting; more: a machine."""
    silence_threshold: Annotated[int, Field(ge=0, le=32_767)] | None = None
    """The sound level up to which there is silence, 0..32,767."""
    maximum_word_length: Milliseconds | None = None
    """The longest sound that counts as one word, 0..60,000 ms; longer: a machine."""

    def stored(self) -> dict[str, int]:
        """The form that a campaign's row keeps: the parameters that are given."""
        every = {
            "initial_silence": self.initial_silence,
            "greeting": self.greeting,
            "after_greeting_silence": self.after_greeting_silence,
            "total_analysis_time": self.total_analysis_time,
            "minimum_word_length": self.minimum_word_length,
            "between_words_silence": self.between_words_silence,
            "maximum_number_of_words": self.maximum_number_of_words,
            "silence_threshold": self.silence_threshold,
            "maximum_word_length": self.maximum_word_length,
        }
        return {name: value for name, value in every.items() if value is not None}


_NEW: dict[str, JsonValue] = {
    "title": "Kevadine pakkumine",
    "purpose": "marketing",
    "mode": "progressive",
    "queue": "sales",
    "caller_id": "+3726000000",
    "ring_s": 25,
    "rule_set": "eu_estonia",
    "legal_basis": "consent",
    "hours": [{"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "19:00"}],
    "recycling": {"again": {"busy": {"gap_s": 600, "other_number": False}}, "max_per_day": 2},
}


class CampaignIn(RequestModel, CampaignFields):
    """A campaign: what is dialled, for whom, and how."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [_NEW],
            # Checked with the other rules, where it is known which one to suggest.
            "required": ["title", "purpose", "mode", "queue", "rule_set"],
        }
    )

    purpose: Purpose
    """The purpose of the calls; the law asks more of some purposes."""
    mode: DialMode
    """The dial mode."""
    legal_basis: LegalBasis | None = None
    """The legal basis of the calls. A marketing campaign cannot begin without one; `consent`: no person is called
    without a consent on file.
    """
    machine: MachineHandling = MachineHandling.HANG_UP
    """What happens after a machine has answered."""
    amd: AmdIn = Field(default_factory=AmdIn)
    """The parameters of answering-machine detection."""
    hours: Annotated[list[HoursIn], Field(max_length=20)] = Field(default_factory=list)
    """When leads may be called. Empty: the rule set's hours; required where it has none."""
    country: Country | None = None
    """The country of numbers without a country code, and of holidays, ISO 3166; left out: the centre's."""
    time_zone: TimeZone | None = None
    """The time zone of leads that have none of their own; left out: the country's, where it has only one."""
    recycling: RecyclingIn = Field(default_factory=RecyclingIn)
    """When leads are tried again, and how often."""
    again_at: AgainAt = AgainAt.GAP
    """When a lead that did not answer is tried again: as soon as its gap has passed, or at the best hour after that."""

    def fields(self) -> dict[str, Any]:
        """The fields as `CampaignRow` has them; the country and the time zone may be left out."""
        values = self.model_dump(exclude={"amd", "hours", "recycling"})
        values["legal_basis"] = self.legal_basis.value if self.legal_basis is not None else ""
        for name in ("purpose", "mode", "machine", "again_at"):
            values[name] = values[name].value
        values["amd_parameters"] = self.amd.stored()
        values["hours"] = [hours.stored() for hours in self.hours]
        values["recycling"] = self.recycling.stored()
        return values


_CAMPAIGN: dict[str, JsonValue] = {
    "id": 3,
    "title": "Kevadine pakkumine",
    "purpose": "marketing",
    "mode": "progressive",
    "queue": "sales",
    "caller_id": "+3726000000",
    "trunk": "trunk",
    "ring_s": 25,
    "priority": 0,
    "lines": 1.0,
    "preview_s": 0,
    "rule_set": "eu_estonia",
    "legal_basis": "consent",
    "legal_basis_note": "",
    "abandon_limit": 0.03,
    "connect_s": 2.0,
    "callers_weight": 0.8,
    "message": "please-try-call-later",
    "detect_machines": False,
    "machine": "hang_up",
    "machine_message": "",
    "amd": {},
    "hours": [{"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "19:00"}],
    "holidays": False,
    "country": "EE",
    "time_zone": "Europe/Tallinn",
    "recycling": {
        "again": {"busy": {"gap_s": 600.0, "other_number": False}},
        "other_number_gap_s": 60.0,
        "max_per_day": 2,
        "max_per_campaign": 10,
        "max_per_number": 6,
        "max_per_day_of_number": None,
        "max_per_day_of_contact": None,
    },
    "again_at": "gap",
    "prefixes": ["+372"],
    "spend_per_day": 50.0,
    "callback_wait_s": 900,
    "disposition_required": True,
    "starts_at": None,
    "ends_at": None,
    "state": "running",
    "state_reason": "kevad algas",
    "state_at": "2026-03-02T09:00:00Z",
    "created_at": "2026-03-01T08:00:00Z",
    "updated_at": "2026-03-01T08:00:00Z",
    "lacks": [],
    "consent_needed": True,
    "leads": {"ready": 4200, "waiting": 310, "reserved": 4, "dialling": 3, "done": 1483},
}


class CampaignOut(CampaignIn):
    """A campaign: its settings and its state."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CAMPAIGN]}, extra="ignore")

    id: int
    """Its id."""
    rule_set: str
    """The rule set's name; empty for a campaign that was made before one was required."""
    country: str
    """The country of numbers without a country code, and of holidays; ISO 3166."""
    time_zone: str
    """The time zone of leads that have none of their own; empty: each lead must have a known one."""
    starts_at: datetime | None
    """It does not call before this; null: it may call at once. Old campaigns may have moments out of range."""
    ends_at: datetime | None
    """It does not call after this; null: no end. Old campaigns may have moments out of range."""
    lacks: list[Lack]
    """What the campaign lacks before it may call. A campaign that began under earlier requirements goes on without
    it.
    """
    consent_needed: bool
    """Persons are called only with their consent on file."""
    state: CampaignState
    """The campaign's state."""
    state_reason: str
    """The reason given for the state; empty for none."""
    state_at: datetime
    """When the campaign entered the state."""
    created_at: datetime
    """When the campaign was made."""
    updated_at: datetime
    """When the campaign was last changed."""
    leads: dict[LeadState, int] | None
    """The number of leads in each state; null in a list of campaigns."""

    @classmethod
    def of(cls, row: CampaignRow, leads: dict[LeadState, int] | None = None) -> "CampaignOut":
        """The campaign as the API shows it."""
        told = {
            "amd": row.amd_parameters,
            "legal_basis": row.legal_basis or None,
            "lacks": lacks_of(row),
            "consent_needed": needs_consent(row),
            "leads": leads,
        }
        return cls.model_validate(row.model_dump() | told)


class StateChange(RequestModel):
    """The state that a campaign is to enter, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "paused", "reason": "hinnakiri muutub"}]}
    )

    state: Literal["running", "paused", "drained", "finished"]
    """`running`: it calls. `paused`: it may run again later. `drained`: it makes callbacks only. `finished`: it ends
    for good.
    """
    reason: Line = ""
    """The reason, in one line; it is recorded."""


class ChangeOut(Shown):
    """One change of a campaign."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 91,
                    "at": "2026-03-02T09:00:00Z",
                    "user": 2,
                    "what": "state",
                    "detail": {"from": "draft", "to": "running", "reason": "kevad algas"},
                }
            ]
        }
    )

    id: int
    """The change's id."""
    at: datetime
    """When the change was made."""
    user: int | None
    """The id of the user who made the change; null: the service itself."""
    what: str
    """What changed: `made`, `changed`, `state`, `removed`, `leads_given`, `lead_removed`, `import_started`, ..."""
    detail: dict[str, JsonValue]
    """Details of the change, by name."""

    @classmethod
    def of(cls, row: CampaignChangeRow) -> "ChangeOut":
        """The change as the API shows it."""
        return cls.model_validate(row.model_dump(exclude={"user_id"}) | {"user": row.user_id})


class Changes(Shown):
    """A page of a campaign's changes, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [], "next": None}]})

    items: list[ChangeOut]
    """The changes of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
