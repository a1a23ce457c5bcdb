"""Leads as the API takes and shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas import Line, Moment, RequestModel, Shown, TypedNumber
from app.compliance.eligibility import DialRule
from app.compliance.recycling import Exhausted, LeadState
from app.crm.campaigns.schemas import TimeZone
from app.crm.campaigns.tables import Priority
from app.crm.leads.adding import Duplicate, Refused
from app.crm.leads.errors import LeadsUnreadable
from app.crm.leads.stopped import Stopped, rule_of
from app.crm.leads.tables import LeadFields, LeadNumberRow, LeadRow
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import ContactId, LeadId
from app.lists.draft import NUMBERS_MOST, DraftNumber, LeadDraft
from app.numbers.errors import NumberUnreadable
from app.numbers.reader import read_all

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


class LeadIn(RequestModel, LeadFields):
    """A lead to be called."""

    numbers: Annotated[
        list[TypedNumber],
        Field(min_length=1, max_length=NUMBERS_MOST),
    ]
    """The lead's numbers as typed, in the order they are tried; one text may have several."""
    contact: Annotated[int, Field(ge=1, le=2**53)] | None = None
    """The contact's id, where the lead is a contact."""
    time_zone: TimeZone | None = None
    """The lead's time zone, such as `Europe/Tallinn`; left out: that of the number, else the campaign's."""
    priority: Priority = 0
    """The lead's priority; the highest is called first, -1,000..1,000."""
    variables: Annotated[
        dict[Annotated[str, StringConstraints(max_length=100)], Line], Field(max_length=50)
    ] = Field(default_factory=dict)
    """Further data by name, such as columns of a list; operators see it during the call."""

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


class LeadsIn(RequestModel):
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
    """The leads, at most 500."""

    def drafts(self, region: str) -> list[LeadDraft]:
        """As the campaign takes them.

        Raises:
            LeadsUnreadable: numbers of some are not certain.
        """
        drafts, unreadable = [], []
        for index, lead in enumerate(self.leads):
            try:
                drafts.append(lead.draft(region))
            except NumberUnreadable as error:
                unreadable.append((index, error))
        if unreadable:
            raise LeadsUnreadable(unreadable)
        return drafts


class NotAdded(Shown):
    """A lead that was not added."""

    index: int
    """The lead's place in the request, from 0."""
    why: str
    """What the campaign already has (`external_id`, `contact`, `number`), or `do_not_call`."""


class LeadsAdded(Shown):
    """Which leads were added, and which were not."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"added": [812, 813], "not_added": [{"index": 2, "why": "number"}]}]}
    )

    added: list[int]
    """The ids of the leads that were added, in the order they were given."""
    not_added: list[NotAdded]
    """The leads that were not added, each with the reason."""

    @classmethod
    def of(cls, results: Sequence[LeadId | Duplicate | Refused]) -> "LeadsAdded":
        """The result as the API shows it."""
        return cls(
            added=[one for one in results if isinstance(one, int)],
            not_added=[
                NotAdded(index=index, why=one.why)
                for index, one in enumerate(results)
                if not isinstance(one, int)
            ],
        )


class ContactsIn(RequestModel):
    """Contacts that become leads."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"q": "kask", "priority": 0, "most": 1000}]})

    q: Line = ""
    """The beginning of words of the name, or of a number; empty: all contacts."""
    priority: Priority = 0
    """The priority of the new leads; the highest is called first, -1,000..1,000."""
    most: Annotated[int, Field(ge=1, le=10_000)] = 1000
    """The most contacts that become leads."""


class ContactsAdded(Shown):
    """How many contacts became leads, and how many did not and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"found": 120, "added": 112, "duplicates": 5, "do_not_call": 0, "without_number": 3}]
        }
    )

    found: int
    """Contacts that the search found."""
    added: int
    """Contacts that became leads."""
    duplicates: int
    """Contacts that the campaign already has."""
    do_not_call: int
    """Contacts that must not be called."""
    without_number: int
    """Contacts without a number that can be dialled."""


class LeadNumberOut(Shown):
    """One number of a lead."""

    number: str
    """The number, E.164."""
    raw: str
    """The number as it was written."""
    extension: str
    """Digits to dial once the call is answered; empty for none."""
    attempts: int
    """How often it was dialled."""
    last_outcome: AttemptOutcome | None
    """The outcome of the last attempt; null: none yet."""
    usable: bool
    """False: the number turned out to be wrong, and is not dialled again."""


class LeadOut(LeadFields, Shown):
    """A lead."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LEAD]})

    id: int
    """The lead's id."""
    campaign: int
    """The campaign's id."""
    contact: int | None
    """The contact's id; null: the lead is not linked to a contact."""
    time_zone: str
    """The lead's time zone; empty: that of the number, else the campaign's."""
    priority: int
    """The lead's priority; the highest is called first, -1,000..1,000."""
    variables: dict[str, Any]
    """Further data by name, such as columns of a list."""
    numbers: list[LeadNumberOut]
    """The lead's numbers, in the order they are tried."""
    state: LeadState
    """The lead's state."""
    reason: str
    """Why the lead is in that state."""
    stopped_by: DialRule | Exhausted | None
    """The rule that keeps the lead from being called, until `next_at`; with `next_at` null it stops the lead for
    good. Null: no rule.
    """
    next_at: datetime | None
    """When the lead is judged again; null: not by itself."""
    attempts: int
    """How often the lead was dialled."""
    last_outcome: AttemptOutcome | None
    """The outcome of the last attempt; null: none yet."""
    callback_at: datetime | None
    """When the customer asked to be called back; null: no callback."""
    callback_operator: int | None
    """The operator who is to call back; null: anybody."""
    import_job: int | None
    """The import that added the lead; null: none."""
    created_at: datetime
    """When the lead was added."""

    @classmethod
    def of(cls, row: LeadRow, numbers: list[LeadNumberRow]) -> "LeadOut":
        """The lead as the API shows it."""
        told = row.model_dump() | {
            "campaign": row.campaign_id,
            "contact": row.contact_id,
            "import_job": row.import_job_id,
            "priority": -row.rank,
            "stopped_by": rule_of(row),
            "numbers": [one.model_dump() | {"number": one.e164} for one in numbers],
        }
        return cls.model_validate(told)


class Leads(Shown):
    """A page of leads."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_LEAD], "next": None}]})

    items: list[LeadOut]
    """The leads of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class StoppedOut(Shown):
    """How many leads one rule keeps from being called."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"rule": "calling_hours", "leads": 310, "waiting": 310, "next_at": "2026-03-02T07:00:00Z"}
            ]
        }
    )

    rule: DialRule | Exhausted
    """The rule."""
    leads: int
    """How many leads the rule stops."""
    waiting: int
    """How many of these leads are judged again by themselves. The others stay stopped until people change something."""
    next_at: datetime | None
    """When the first of these leads is judged again; null: none is."""

    @classmethod
    def of(cls, stopped: Stopped) -> "StoppedOut":
        """The counts as the API shows them."""
        return cls.model_validate(stopped._asdict())


class LeadChange(RequestModel):
    """A change of a lead."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"priority": 10}]})

    priority: Priority
    """The new priority; the highest is called first, -1,000..1,000."""


class CallbackIn(RequestModel):
    """When a customer asked to be called back, and the operator who is to call."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"at": "2026-03-03T10:00:00+02:00", "operator": 12}]}
    )

    at: Moment
    """When the customer is to be called back."""
    operator: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """The operator who is to call back; null: anybody."""
