"""Queues, routes, calls, contacts."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.schemas.common import DialplanSkills, Language, Line, Prose, QueueName, Said, Skills, Title
from app.crm.contacts import Contact, ContactDraft, Phone
from app.desktop.views import CallView, QueueView
from app.floor.model import MaxWait, QueueId, QueueSettings
from app.records.tables import CallEventRow, CallLegRow, CallRow, ContactKind, RouteKind, RouteRow

_LEAVE_MESSAGE = QueueSettings(QueueId(""), "").leave_message
_DAY_S = 86_400.0
Seconds = Annotated[float, Field(ge=0, le=_DAY_S)]


class QueueIn(Said):
    """How a queue works."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "Müük", "skills": [], "target_s": 20, "ring_s": 20, "wrap_up_s": 10}]
        }
    )

    title: Title
    skills: Skills = Field(default_factory=list)
    """Skills that every call of this queue needs."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    target_s: Seconds = 20.0
    ring_s: Annotated[int, Field(ge=3, le=300)] = 20
    wrap_up_s: Seconds = 10.0
    preferred_s: Seconds = 10.0
    miss_limit: Annotated[int, Field(ge=0, le=100)] = 1
    retry_s: Seconds = 5.0
    max_wait_s: Seconds = 0.0
    max_wait_then: MaxWait = MaxWait.STAY
    overflow_queue: QueueName | None = None
    leave_message: Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_/\-]+$")] = (
        _LEAVE_MESSAGE
    )

    def settings(self, id_: QueueId) -> QueueSettings:
        """As the floor has it."""
        fields = self.model_dump()
        fields["skills"] = frozenset(self.skills)
        return QueueSettings(id_, **fields)


class NewQueue(QueueIn):
    """A new queue."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "sales", "title": "Müük"}]})

    id: QueueName


class QueueOut(QueueIn):
    """A queue: what is set, and its counts now."""

    id: str
    live: QueueView | None
    """None while the floor does not have the queue."""

    @classmethod
    def of(cls, settings: QueueSettings, live: QueueView | None) -> "QueueOut":
        """Settings as they are told."""
        fields = asdict(settings) | {"skills": sorted(settings.skills), "live": live}
        return cls.model_construct(**fields)


class RouteIn(Said):
    """Where a dialed number leads."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "queue", "target": "sales", "language": "et"},
                {"kind": "operator", "target": "12"},
            ]
        }
    )

    kind: RouteKind
    target: QueueName
    """A queue's id, or an operator's id."""
    answer: bool = True
    """Answer at once; otherwise the caller hears ringing until an operator answers."""
    music: Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9_.\-]*$")] = "default"
    language: Language = ""
    skills: DialplanSkills = Field(default_factory=list)
    """What a caller by this number needs, besides the language."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0


class RouteOut(BaseModel):
    """A number and where it leads."""

    number: str
    kind: RouteKind
    target: str
    answer: bool
    music: str
    language: str
    skills: list[str]
    priority: int

    @classmethod
    def of(cls, row: RouteRow) -> "RouteOut":
        """A row as it is told."""
        return cls.model_validate(row.model_dump())


class CallOut(BaseModel):
    """A call: its record, open or complete."""

    id: str
    queue: str
    first_queue: str
    caller_number: str
    caller_name: str
    contact: int | None
    contact_name: str
    dialed: str
    language: str
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    waited_s: float
    rang_s: float
    talked_s: float
    held_s: float
    duration_s: float
    operator: int | None
    operator_name: str
    outcome: str | None
    """None while the call is open."""
    ended_by: str | None
    hangup_cause: int | None
    hangup_text: str

    @classmethod
    def of(cls, row: CallRow, contact_name: str = "", operator_name: str = "") -> "CallOut":
        """A row as it is told."""
        fields = row.model_dump() | {
            "contact": row.contact_id,
            "contact_name": contact_name,
            "operator": row.operator_id,
            "operator_name": operator_name,
        }
        return cls.model_validate(fields)


class LegOut(BaseModel):
    """One operator's part in a call."""

    operator: int | None
    endpoint: str
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    rang_s: float
    talked_s: float
    held_s: float
    outcome: str | None

    @classmethod
    def of(cls, row: CallLegRow) -> "LegOut":
        """A row as it is told."""
        return cls.model_validate(row.model_dump() | {"operator": row.operator_id})


class TimelineEvent(BaseModel):
    """One line of a call's timeline. An `OfferMade` has the reason of the routing in `data`."""

    at: datetime
    kind: str
    cause: str
    operator: int | None
    data: dict[str, Any]

    @classmethod
    def of(cls, row: CallEventRow) -> "TimelineEvent":
        """A row as it is told."""
        return cls.model_validate(row.model_dump() | {"operator": row.operator_id})


class WholeCallOut(CallOut):
    """A call with all that is known of it."""

    live: CallView | None
    """While it is on the floor."""
    legs: list[LegOut]
    timeline: list[TimelineEvent]


class Calls(BaseModel):
    """A page of calls, newest first."""

    items: list[CallOut]
    next: str | None
    """Give it as `cursor`; None on the last page."""


class ContactPick(Said):
    """Which of several contacts is calling."""

    contact: Annotated[int, Field(ge=1, le=2**53)]


class PhoneIn(Said):
    """One number of a contact, as typed."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    label: Line = ""


class PhoneOut(BaseModel):
    """One number of a contact."""

    number: str
    """E.164; a short or internal number as it is dialed."""
    raw: str
    label: str


class ContactIn(Said):
    """What is said of a contact. A person needs a name, a company its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "person",
                    "surname": "Kask",
                    "given_name": "Kalle",
                    "language": "et",
                    "phones": [{"number": "5550 0123", "label": "mobile"}],
                }
            ]
        }
    )

    kind: ContactKind = ContactKind.PERSON
    surname: Line = ""
    given_name: Line = ""
    patronymic: Line = ""
    company_name: Line = ""
    note: Prose = ""
    external_id: Line | None = None
    language: Language = ""
    phones: Annotated[list[PhoneIn], Field(max_length=50)] = Field(default_factory=list)

    def draft(self) -> ContactDraft:
        """As the contact base takes it."""
        fields = self.model_dump(exclude={"phones"})
        return ContactDraft(**fields, phones=tuple(Phone(one.number, one.label) for one in self.phones))


class ContactOut(BaseModel):
    """A contact."""

    id: int
    name: str
    kind: ContactKind
    surname: str
    given_name: str
    patronymic: str
    company_name: str
    note: str
    external_id: str | None
    language: str
    phones: list[PhoneOut]
    last_operator: int | None
    last_served_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, contact: Contact) -> "ContactOut":
        """A contact as it is told."""
        said = asdict(contact.said)
        said["phones"] = [
            PhoneOut(number=phone.e164, raw=phone.raw, label=phone.label) for phone in contact.said.phones
        ]
        return cls(
            id=contact.id,
            name=contact.name,
            last_operator=contact.last_operator,
            last_served_at=contact.last_served_at,
            created_at=contact.created_at,
            updated_at=contact.updated_at,
            **said,
        )


class Contacts(BaseModel):
    """A page of contacts by name."""

    items: list[ContactOut]
    next: str | None
    """Give it as `cursor`; None on the last page."""
