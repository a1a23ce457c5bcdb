"""What people said about being called, what applies to a number, lists, rule sets."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Line, Moment, Prose, RequestModel, Shown, Title, TypedNumber
from app.compliance.dial_facts import ConsentKind
from app.compliance.rules import Limits, RuleSet, suggested_for
from app.crm.consents.service import ConsentDraft, LookUp
from app.crm.consents.tables import ConsentRow
from app.domain.campaigns import Purpose, Window
from app.domain.ids import CampaignId, ContactId
from app.domain.numbers import NumberKind
from app.numbers.reader import is_e164

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


class ConsentIn(RequestModel):
    """What somebody said about being called: of a number or of a contact, one of both."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"word": "do_not_call", "number": "5550 0123", "source": "call"},
                {"word": "consent", "contact": 7, "purpose": "marketing", "source": "web form 4"},
            ]
        }
    )

    word: ConsentKind
    """`do_not_call`, or a consent."""
    number: TypedNumber | None = None
    """One or several, as typed."""
    contact: Annotated[int, Field(ge=1, le=2**53)] | None = None
    """The contact's id, instead of a number: it holds for all their numbers."""
    purpose: Purpose | None = None
    """None: whatever for."""
    campaign: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """None: in all campaigns."""
    source: Title
    """Where it comes from: a call, a letter, a web form."""
    note: Prose = ""
    """What else is to be remembered; at most 20,000 characters."""
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


class RemovalIn(RequestModel):
    """Why something holds no longer."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "asked for an offer, letter of 3 March"}]}
    )

    reason: Annotated[Line, Field(min_length=1)]
    """In a few words; it stays on file."""


class ConsentOut(Shown):
    """What somebody said about being called."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CONSENT]})

    id: int
    """Its id."""
    word: ConsentKind
    """`do_not_call`, or a consent."""
    number: str | None
    """The number, E.164; null: it is of a contact."""
    unreadable: bool
    """The number is none, so that this says nothing of anybody: an older version took such."""
    contact: int | None
    """The contact's id; null: it is of a number."""
    purpose: Purpose | None
    """What it is about; null: whatever for."""
    campaign: int | None
    """The campaign's id; null: all campaigns."""
    source: str
    """Where it comes from: a call, a letter, a web form."""
    note: str
    """What else is to be remembered."""
    given_at: datetime
    """From when on it holds."""
    until: datetime | None
    """Until when it holds; null: until it is removed."""
    user: int | None
    """Who wrote it down; None: the service itself."""
    created_at: datetime
    """When it was written down."""
    removed_at: datetime | None
    """Set: it holds no longer, and stays on file."""
    removed_by: int | None
    """The user who removed it; null: nobody, or the service itself."""
    removed_reason: str
    """Why it was removed; empty while it holds."""

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


class Consents(Shown):
    """A page, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_CONSENT], "next": None}]})

    items: list[ConsentOut]
    """Those of this page."""
    next: str | None
    """Give it as `cursor`; None on the last page."""


class LookUpOut(Shown):
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
    """What kind of number it is."""
    country: str | None
    """Its country, ISO 3166; null: not one."""
    time_zones: list[str]
    """All in which it may be."""
    do_not_call: bool
    """Somebody said no, for this purpose and campaign; that outweighs every consent."""
    holds: list[ConsentOut]
    """All that holds now, the newest first."""

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


class HoursOut(Shown):
    """One weekday's calling hours where the called party is."""

    opens: str
    """The first minute at which calls are allowed, `09:00`."""
    closes: str
    """The first minute at which they are no longer, up to `24:00`."""


class SourceOut(Shown):
    """Where some rules come from."""

    of: list[str]
    """The fields that come from it."""
    citation: str
    """The law or rule, as it is cited."""


class RuleSetOut(Shown):
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
    """Its name."""
    title: str
    """What it is, for people."""
    since: date | None
    """When it came into force; null: it is no law."""
    until: date | None
    """Withdrawn then; it may still be kept as a house rule."""
    notes: str
    """What else is to be known of it."""
    suggested: bool
    """The one to begin with in this centre's country."""
    sources: list[SourceOut]
    """Where its rules come from."""
    abandon_limit: float | None
    """The share of live answers that may be abandoned, 0..1."""
    window: Window | None
    """What that share is measured over."""
    ring_min_s: float | None
    """Seconds that an unanswered call rings at least."""
    connect_s: float | None
    """Seconds after the answer within which an operator must be there; after that the call counts as abandoned."""
    message: bool | None
    """An abandoned customer hears who called."""
    redial_after_abandoned_s: float | None
    """Seconds that a number rests after an abandoned call."""
    redial_after_machine_s: float | None
    """Seconds that a number rests after an answering machine."""
    hours: list[HoursOut | None] | None
    """Monday to Sunday; None: each campaign has to say its own."""
    holidays: bool | None
    """Calls on public holidays are allowed."""
    consent_for: list[Purpose] | None
    """The purposes for which a person must have consented."""
    keep_days: int | None
    """Days that the evidence is to be kept."""

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


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
