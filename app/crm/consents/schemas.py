"""What people said about being called, what holds for a number, and rule sets."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Line, Moment, Prose, RequestModel, Shown, Title, TypedNumber
from app.compliance.dial_facts import ConsentKind
from app.compliance.rules import EU_ESTONIA, Limits, RuleSet, suggested_for
from app.crm.consents.service import ConsentDraft, LookUp
from app.crm.consents.tables import ConsentRow
from app.domain.campaigns import Purpose, Window
from app.domain.ids import CampaignId, ContactId
from app.domain.numbers import NumberKind
from app.numbers.reader import is_e164
from app.records.keyed import MARK

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
    """What somebody said about being called, for a number or for a contact: give one of the two."""

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
    """One or several numbers, as typed."""
    contact: Annotated[int, Field(ge=1, le=2**53)] | None = None
    """The contact's id, instead of a number: it holds for all their numbers."""
    purpose: Purpose | None = None
    """The purpose of the calls it is about; null: every purpose."""
    campaign: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """The id of the campaign it is about; null: all campaigns."""
    source: Title
    """Where it comes from, such as a call, a letter or a web form."""
    note: Prose = ""
    """A note, at most 20,000 characters."""
    given_at: Moment | None = None
    """When the person said it, from which moment it holds; left out: now."""
    until: Moment | None = None
    """When it ends; null: it holds until it is removed."""

    def draft(self) -> ConsentDraft:
        """The draft that the service takes."""
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
    """Why a consent or do-not-call is removed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "asked for an offer, letter of 3 March"}]}
    )

    reason: Annotated[Line, Field(min_length=1)]
    """The reason, in a few words; it stays on file."""


class ConsentOut(Shown):
    """What somebody said about being called."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CONSENT]})

    id: int
    """The id of the consent or do-not-call."""
    word: ConsentKind
    """`do_not_call`, or a consent."""
    number: str | None
    """The number, E.164; null: it is about a contact. Of somebody who was erased, a keyed hash that begins with `#`."""
    unreadable: bool
    """The number cannot be dialled, so that this has no effect; an older version accepted such numbers."""
    contact: int | None
    """The contact's id; null: it is about a number."""
    purpose: Purpose | None
    """The purpose of the calls it is about; null: every purpose."""
    campaign: int | None
    """The id of the campaign it is about; null: all campaigns."""
    source: str
    """Where it comes from, such as a call, a letter or a web form."""
    note: str
    """A note; empty for none."""
    given_at: datetime
    """When it begins to hold."""
    until: datetime | None
    """When it ends; null: it holds until it is removed."""
    user: int | None
    """The user who wrote it down; null: the service itself."""
    created_at: datetime
    """When it was written down."""
    removed_at: datetime | None
    """When it was removed, from which moment it no longer holds; null: it was not removed."""
    removed_by: int | None
    """The user who removed it; null: nobody, or the service itself."""
    removed_reason: str
    """Why it was removed; empty while it holds."""

    @classmethod
    def of(cls, row: ConsentRow) -> "ConsentOut":
        """The consent or do-not-call as the API shows it."""
        return cls(
            **row.model_dump(exclude={"contact_id", "campaign_id", "user_id"}),
            unreadable=row.number is not None and not (row.number.startswith(MARK) or is_e164(row.number)),
            contact=row.contact_id,
            campaign=row.campaign_id,
            user=row.user_id,
        )


class ConsentMade(ConsentOut):
    """What was written down for the first number, and for the others."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CONSENT | {"also": []}]})

    also: list[ConsentOut]
    """What was written down for the other numbers in the text."""

    @classmethod
    def of_all(cls, rows: Sequence[ConsentRow]) -> "ConsentMade":
        """Rows as the API shows them; at least one."""
        first, *others = (ConsentOut.of(row) for row in rows)
        return cls(**first.model_dump(), also=others)


class Consents(Shown):
    """A page of consents and do-not-calls, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_CONSENT], "next": None}]})

    items: list[ConsentOut]
    """The consents and do-not-calls of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class LookUpOut(Shown):
    """What holds for a number now."""

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
    """The number, E.164; the first one when several were asked about."""
    numbers: list[str]
    """All numbers that were asked about; `holds` and `do_not_call` cover all of them."""
    kind: NumberKind
    """What kind of number it is."""
    country: str | None
    """The number's country, ISO 3166; null: no single country."""
    time_zones: list[str]
    """All time zones in which the number may be."""
    do_not_call: bool
    """A do-not-call holds for this purpose and campaign; it outweighs every consent."""
    holds: list[ConsentOut]
    """All consents and do-not-calls that hold now, the newest first."""

    @classmethod
    def of(cls, found: LookUp) -> "LookUpOut":
        """The look-up as the API shows it."""
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
    """The time of day from which calls are allowed, such as `09:00`."""
    closes: str
    """The time of day from which calls are no longer allowed, up to `24:00`."""


class SourceOut(Shown):
    """The source of some of a rule set's rules."""

    of: list[str]
    """The fields of the rule set that have this source."""
    citation: str
    """The law or rule, as it is cited."""


class RuleSetOut(Shown):
    """A rule set. A field that is null is no rule of the set; the campaign's own setting holds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "eu_estonia",
                    "title": "European Union and Estonia: consent, opting out, good practice for hours",
                    "titles": EU_ESTONIA.titles._asdict(),
                    "since": "2011-05-25",
                    "until": None,
                    "notes": "Neither sets a limit of abandoned calls: the campaign's own holds.",
                    "notes_by_language": EU_ESTONIA.notes._asdict(),
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
    """The rule set's name, by which campaigns name it."""
    title: str
    """The rule set's title in English, for people."""
    titles: dict[str, str]
    """The title by language: `en`, `et`, `ru`."""
    since: date | None
    """When it came into force; null: it is no law."""
    until: date | None
    """When it was withdrawn; null: it was not. It may still be kept as a house rule."""
    notes: str
    """Notes about the rule set, in English."""
    notes_by_language: dict[str, str]
    """The notes by language: `en`, `et`, `ru`."""
    suggested: bool
    """True: it is the one suggested for this centre's country."""
    sources: list[SourceOut]
    """The sources of the rules."""
    abandon_limit: float | None
    """The highest abandon rate allowed, 0..1, as a share of live answers."""
    window: Window | None
    """The window over which the abandon rate is measured."""
    ring_min_s: float | None
    """Seconds for which an unanswered call must ring at least."""
    connect_s: float | None
    """Seconds after the answer within which an operator must be connected; otherwise the call counts as abandoned."""
    message: bool | None
    """True: an abandoned customer must hear who called."""
    redial_after_abandoned_s: float | None
    """Seconds for which a number is not dialled again after an abandoned call."""
    redial_after_machine_s: float | None
    """Seconds for which a number is not dialled again after an answering machine."""
    hours: list[HoursOut | None] | None
    """The calling hours from Monday to Sunday; null: each campaign must set its own."""
    holidays: bool | None
    """True: calls on public holidays are allowed."""
    consent_for: list[Purpose] | None
    """The purposes for which a person must have consented."""
    keep_days: int | None
    """Days for which the evidence must be kept."""

    @classmethod
    def of(cls, rules: RuleSet, country: str) -> "RuleSetOut":
        """The rule set as the API shows it."""
        limits: dict[str, Any] = {one.name: getattr(rules.limits, one.name) for one in fields(Limits)}
        hours, consent_for = rules.limits.hours, rules.limits.consent_for
        limits["hours"] = hours and [
            day and HoursOut(opens=_time(day.opens), closes=_time(day.closes)) for day in hours
        ]
        limits["consent_for"] = consent_for and sorted(consent_for)
        return cls(
            id=rules.id,
            title=rules.titles.en,
            titles=rules.titles._asdict(),
            since=rules.since,
            until=rules.until,
            notes=rules.notes.en,
            notes_by_language=rules.notes._asdict(),
            suggested=rules is suggested_for(country),
            sources=[SourceOut(of=list(one.of), citation=one.citation) for one in rules.sources],
            **limits,
        )


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
