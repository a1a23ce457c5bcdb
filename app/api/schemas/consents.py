"""What people said about being called, what applies to a number, lists, rule sets."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.schemas.common import Line, Moment, Prose, Said, Title, TypedNumber
from app.crm.consent import ConsentDraft, LookUp
from app.crm.numbers import is_e164
from app.floor.abandonment import LiveAnswers, Span
from app.floor.campaign import Purpose, Window
from app.floor.dial_facts import NumberKind, Word
from app.floor.model import CampaignId, ContactId
from app.floor.rules import Limits, RuleSet, suggested_for
from app.records.tables import ConsentRow

_CONSENT: dict[str, JsonValue] = {
    "id": 41,
    "word": "do_not_call",
    "number": "+37255500123",
    "unreadable": False,
    "contact": None,
    "purpose": "marketing",
    "campaign": None,
    "source": "call",
    "note": "",
    "given_at": "2026-03-02T09:18:09Z",
    "until": None,
    "user": 12,
    "created_at": "2026-03-02T09:18:09Z",
    "removed_at": None,
    "removed_by": None,
    "removed_reason": "",
}
_WEEKDAY: JsonValue = {"opens": "09:00", "closes": "21:00"}
_HOURS: list[JsonValue] = [*[_WEEKDAY] * 5, {"opens": "10:00", "closes": "18:00"}, None]


class ConsentIn(Said):
    """What somebody said about being called: of a number or of a contact, one of both."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"word": "do_not_call", "number": "5550 0123", "source": "call"},
                {"word": "consent", "contact": 7, "purpose": "marketing", "source": "web form 4"},
            ]
        }
    )

    word: Word
    number: TypedNumber | None = None
    """One or several, as typed."""
    contact: Annotated[int, Field(ge=1, le=2**53)] | None = None
    purpose: Purpose | None = None
    """None: whatever for."""
    campaign: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """None: in all campaigns."""
    source: Title
    """Where it comes from: a call, a letter, a web form."""
    note: Prose = ""
    given_at: Moment | None = None
    """When it was said; left out: now. It holds from then on."""
    until: Moment | None = None
    """None: until it is removed."""

    def draft(self) -> ConsentDraft:
        """As it is written down."""
        return ConsentDraft(
            word=self.word,
            source=self.source,
            number=self.number,
            contact=ContactId(self.contact) if self.contact is not None else None,
            purpose=self.purpose,
            campaign=CampaignId(self.campaign) if self.campaign is not None else None,
            note=self.note,
            given_at=self.given_at,
            until=self.until,
        )


class RemovalIn(Said):
    """Why something holds no longer."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "asked for an offer, letter of 3 March"}]}
    )

    reason: Annotated[Line, Field(min_length=1)]


class ConsentOut(BaseModel):
    """What somebody said about being called."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CONSENT]})

    id: int
    word: Word
    number: str | None
    """E.164."""
    unreadable: bool
    """The number is none, so that this says nothing of anybody: an older version took such."""
    contact: int | None
    purpose: Purpose | None
    campaign: int | None
    source: str
    note: str
    given_at: datetime
    until: datetime | None
    user: int | None
    """Who wrote it down; None: the service itself."""
    created_at: datetime
    removed_at: datetime | None
    """Set: it holds no longer, and stays on file."""
    removed_by: int | None
    removed_reason: str

    @classmethod
    def of(cls, row: ConsentRow) -> "ConsentOut":
        """A row as it is told."""
        return cls(
            **row.model_dump(exclude={"contact_id", "campaign_id", "user_id"}),
            unreadable=row.number is not None and not is_e164(row.number),
            contact=row.contact_id,
            campaign=row.campaign_id,
            user=row.user_id,
        )


class ConsentMade(ConsentOut):
    """What was written down of the first number, and of the others."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CONSENT | {"also": []}]})

    also: list[ConsentOut]
    """Of the other numbers of the text."""

    @classmethod
    def of_all(cls, rows: Sequence[ConsentRow]) -> "ConsentMade":
        """Rows as they are told; at least one."""
        first, *others = (ConsentOut.of(row) for row in rows)
        return cls(**first.model_dump(), also=others)


class Consents(BaseModel):
    """A page, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_CONSENT], "next": None}]})

    items: list[ConsentOut]
    next: str | None
    """Give it as `cursor`; None on the last page."""


class LookUpOut(BaseModel):
    """What applies to a number now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": "+37255500123",
                    "numbers": ["+37255500123"],
                    "kind": "mobile",
                    "country": "EE",
                    "time_zones": ["Europe/Tallinn"],
                    "do_not_call": True,
                    "holds": [_CONSENT],
                }
            ]
        }
    )

    number: str
    """E.164; the first, when several were asked about."""
    numbers: list[str]
    """All that were asked about: `holds` and `do_not_call` are of all of them."""
    kind: NumberKind
    country: str | None
    time_zones: list[str]
    """All in which it may be."""
    do_not_call: bool
    """Somebody said no, for this purpose and campaign; that outweighs every consent."""
    holds: list[ConsentOut]

    @classmethod
    def of(cls, found: LookUp) -> "LookUpOut":
        """As it is told."""
        return cls(
            number=found.numbers[0],
            numbers=list(found.numbers),
            kind=found.plan.kind,
            country=found.plan.country,
            time_zones=list(found.plan.zones),
            do_not_call=found.may_not_be_called,
            holds=[ConsentOut.of(row) for row in found.holds],
        )


class HoursOut(BaseModel):
    """One weekday's calling hours where the called party is."""

    opens: str
    closes: str


class SourceOut(BaseModel):
    """Where some rules come from."""

    of: list[str]
    citation: str


class RuleSetOut(BaseModel):
    """Rules under one name. None: the set has no such rule, and the campaign's own holds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "eu_estonia",
                    "title": "European Union and Estonia: consent, opting out, good practice for hours",
                    "since": "2011-05-25",
                    "until": None,
                    "notes": "Neither sets a limit of abandoned calls: the campaign's own holds.",
                    "suggested": True,
                    "sources": [{"of": ["consent_for"], "citation": "Directive 2002/58/EC art. 13"}],
                    "abandon_limit": None,
                    "window": None,
                    "ring_min_s": None,
                    "connect_s": None,
                    "message": True,
                    "redial_after_abandoned_s": None,
                    "redial_after_machine_s": None,
                    "hours": _HOURS,
                    "holidays": False,
                    "consent_for": ["marketing"],
                    "keep_days": None,
                }
            ]
        }
    )

    id: str
    title: str
    since: date | None
    until: date | None
    """Withdrawn then; it may still be kept as a house rule."""
    notes: str
    suggested: bool
    """The one to begin with in this centre's country."""
    sources: list[SourceOut]
    abandon_limit: float | None
    window: Window | None
    ring_min_s: float | None
    connect_s: float | None
    message: bool | None
    redial_after_abandoned_s: float | None
    redial_after_machine_s: float | None
    hours: list[HoursOut | None] | None
    """Monday to Sunday; None: each campaign has to say its own."""
    holidays: bool | None
    consent_for: list[Purpose] | None
    keep_days: int | None

    @classmethod
    def of(cls, rules: RuleSet, country: str) -> "RuleSetOut":
        """As it is told."""
        limits: dict[str, Any] = {one.name: getattr(rules.limits, one.name) for one in fields(Limits)}
        hours, consent_for = rules.limits.hours, rules.limits.consent_for
        limits["hours"] = hours and [
            day and HoursOut(opens=_time(day.opens), closes=_time(day.closes)) for day in hours
        ]
        limits["consent_for"] = consent_for and sorted(consent_for)
        return cls(
            id=rules.id,
            title=rules.title,
            since=rules.since,
            until=rules.until,
            notes=rules.notes,
            suggested=rules is suggested_for(country),
            sources=[SourceOut(of=list(one.of), citation=one.citation) for one in rules.sources],
            **limits,
        )


class AbandonmentOut(BaseModel):
    """The exact share of live answers that were abandoned, over the window that rules the campaign."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rule_set": "ofcom_2010",
                    "window": "rolling_day",
                    "from_at": "2026-03-01T12:00:00Z",
                    "to_at": "2026-03-02T12:00:00Z",
                    "answered": 485,
                    "abandoned": 12,
                    "rate": 0.02414,
                    "limit": 0.03,
                    "over_limit": False,
                }
            ]
        }
    )

    rule_set: str
    window: Window
    from_at: datetime | None
    """None: from the first call."""
    to_at: datetime
    answered: int
    """Live, and an operator was there in time."""
    abandoned: int
    rate: float
    """Of all live answers, 0..1."""
    limit: float | None
    over_limit: bool

    @classmethod
    def of(
        cls,
        counted: LiveAnswers,
        at: datetime,
        span: Span | None,
        *,
        rule_set: str,
        window: Window,
        limit: float | None,
    ) -> "AbandonmentOut":
        """As it is told."""
        rate = counted.rate()
        return cls(
            rule_set=rule_set,
            window=window,
            from_at=span.begins if span is not None else None,
            to_at=min(span.ends, at) if span is not None else at,
            answered=counted.answered,
            abandoned=counted.abandoned,
            rate=rate,
            limit=limit,
            over_limit=limit is not None and rate > limit,
        )


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
