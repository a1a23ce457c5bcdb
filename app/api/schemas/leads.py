"""Leads: how they are given, and how they are told."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas.campaigns import Priority, TimeZone
from app.api.schemas.common import Line, Moment, Said, TypedNumber
from app.crm.numbers import read_all
from app.floor.campaign import AttemptOutcome
from app.floor.eligibility import DialRule
from app.floor.model import ContactId
from app.floor.recycling import Exhausted, LeadState
from app.records.lead_draft import NUMBERS_MOST, DraftNumber, LeadDraft
from app.records.queries.stopped import Stopped, rule_of
from app.records.tables import LeadNumberRow, LeadRow

_LEAD: dict[str, JsonValue] = {
    "id": 812,
    "campaign": 3,
    "contact": 7,
    "external_id": "crm-1007",
    "surname": "Kask",
    "given_name": "Kalle",
    "patronymic": "",
    "company_name": "",
    "time_zone": "",
    "priority": 5,
    "variables": {"invoice": "1034"},
    "numbers": [
        {
            "number": "+37255500123",
            "raw": "5550 0123",
            "extension": "",
            "attempts": 1,
            "last_outcome": "busy",
            "usable": True,
        }
    ],
    "state": "waiting",
    "reason": "busy",
    "stopped_by": None,
    "next_at": "2026-03-02T09:20:04Z",
    "attempts": 1,
    "last_outcome": "busy",
    "callback_at": None,
    "callback_operator": None,
    "import_job": None,
    "created_at": "2026-03-01T08:00:00Z",
}


class LeadIn(Said):
    """Somebody to be called."""

    numbers: Annotated[
        list[TypedNumber],
        Field(min_length=1, max_length=NUMBERS_MOST),
    ]
    """As typed, in the order they are tried; one text may have several."""
    contact: Annotated[int, Field(ge=1, le=2**53)] | None = None
    external_id: Annotated[Line, Field(min_length=1)] | None = None
    surname: Line = ""
    given_name: Line = ""
    patronymic: Line = ""
    company_name: Line = ""
    time_zone: TimeZone | None = None
    priority: Priority = 0
    variables: Annotated[
        dict[Annotated[str, StringConstraints(max_length=100)], Line], Field(max_length=50)
    ] = Field(default_factory=dict)

    def draft(self, region: str) -> LeadDraft:
        """As the campaign takes it.

        Raises:
            NumberUnreadable: one of the numbers is not certain.
        """
        numbers: dict[str, DraftNumber] = {}
        for typed in self.numbers:
            for one in read_all(typed, region):
                numbers.setdefault(one.e164, DraftNumber(one.e164, one.raw, one.extension))
        return LeadDraft(
            numbers=tuple(numbers.values())[:NUMBERS_MOST],
            contact=ContactId(self.contact) if self.contact is not None else None,
            external_id=self.external_id,
            surname=self.surname,
            given_name=self.given_name,
            patronymic=self.patronymic,
            company_name=self.company_name,
            time_zone=self.time_zone or "",
            priority=self.priority,
            variables=self.variables,
        )


class LeadsIn(Said):
    """Leads for a campaign, one or many."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "leads": [
                        {
                            "numbers": ["5550 0123"],
                            "surname": "Kask",
                            "external_id": "crm-1007",
                            "priority": 5,
                        }
                    ]
                }
            ]
        }
    )

    leads: Annotated[list[LeadIn], Field(min_length=1, max_length=500)]


class NotAdded(BaseModel):
    """A lead that was not added."""

    index: int
    """Its place in the request, from 0."""
    why: str
    """What of it the campaign has already (`external_id`, `contact`, `number`); or `do_not_call`."""


class LeadsAdded(BaseModel):
    """What became of the leads that were given."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"added": [812, 813], "not_added": [{"index": 2, "why": "number"}]}]}
    )

    added: list[int]
    """Their ids, in the order they were given."""
    not_added: list[NotAdded]


class ContactsIn(Said):
    """Contacts that become leads."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"q": "kask", "priority": 0, "most": 1000}]})

    q: Line = ""
    """The beginning of words of the name, or of a number; empty: all."""
    priority: Priority = 0
    most: Annotated[int, Field(ge=1, le=10_000)] = 1000


class ContactsAdded(BaseModel):
    """What became of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"found": 120, "added": 112, "duplicates": 5, "do_not_call": 0, "without_number": 3}]
        }
    )

    found: int
    added: int
    duplicates: int
    do_not_call: int
    without_number: int


class LeadNumberOut(BaseModel):
    """One number of a lead."""

    number: str
    raw: str
    """As it was written."""
    extension: str
    """Digits to dial once the call is answered; empty for none."""
    attempts: int
    last_outcome: AttemptOutcome | None
    usable: bool
    """False: it turned out to be wrong."""


class LeadOut(BaseModel):
    """A lead."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LEAD]})

    id: int
    campaign: int
    contact: int | None
    external_id: str | None
    surname: str
    given_name: str
    patronymic: str
    company_name: str
    time_zone: str
    priority: int
    variables: dict[str, Any]
    numbers: list[LeadNumberOut]
    """In the order they are tried."""
    state: LeadState
    reason: str
    """Why it is in that state."""
    stopped_by: DialRule | Exhausted | None
    """The rule that keeps it from being called; `next_at` says until when, null that it stays so by itself."""
    next_at: datetime | None
    attempts: int
    last_outcome: AttemptOutcome | None
    callback_at: datetime | None
    callback_operator: int | None
    import_job: int | None
    created_at: datetime

    @classmethod
    def of(cls, row: LeadRow, numbers: list[LeadNumberRow]) -> "LeadOut":
        """A row as it is told."""
        told = row.model_dump() | {
            "campaign": row.campaign_id,
            "contact": row.contact_id,
            "import_job": row.import_job_id,
            "priority": -row.rank,
            "stopped_by": rule_of(row),
            "numbers": [one.model_dump() | {"number": one.e164} for one in numbers],
        }
        return cls.model_validate(told)


class Leads(BaseModel):
    """A page of leads."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_LEAD], "next": None}]})

    items: list[LeadOut]
    next: str | None
    """Give it as `cursor`; None on the last page."""


class StoppedOut(BaseModel):
    """What one rule keeps from being called."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"rule": "calling_hours", "leads": 310, "waiting": 310, "next_at": "2026-03-02T07:00:00Z"}
            ]
        }
    )

    rule: DialRule | Exhausted
    leads: int
    waiting: int
    """Of those: how many come again by themselves. The others stay until people change something."""
    next_at: datetime | None
    """When the first of them is looked at again."""

    @classmethod
    def of(cls, stopped: Stopped) -> "StoppedOut":
        """As it is told."""
        return cls.model_validate(stopped._asdict())


class LeadChange(Said):
    """What is to be otherwise with a lead."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"priority": 10}]})

    priority: Priority


class CallbackIn(Said):
    """When a customer asked to be called, and by whom."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"at": "2026-03-03T10:00:00+02:00", "operator": 12}]}
    )

    at: Moment
    operator: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """None: by anybody."""
