"""Complaints as the API takes and shows them; what belongs to one is in `item_schemas`."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Prose, RequestModel, Shown, Title
from app.cases.case import MAY, CaseEventKind, CaseState, Severity
from app.crm.complaints.item_schemas import Id, LinkOut, NoteOut, Ref, TaskOut
from app.crm.complaints.service import Complaint, ComplaintDraft, Items
from app.crm.complaints.tables import (
    Alarm,
    CategoryFields,
    CategoryRow,
    ComplaintEventRow,
    ComplaintFields,
    ComplaintRow,
)
from app.crm.departments.schemas import TargetOut
from app.domain.ids import CallId, ContactId

_CATEGORY: Final[dict[str, JsonValue]] = {
    "title": "Tarne",
    "titles": {"en": "Delivery", "ru": "Доставка"},
    "severity": "normal",
    "department": None,
    "position": 2,
    "active": True,
}
_WORDS: Final[dict[str, JsonValue]] = {
    "subject": "Pakk hilines",
    "text": "Lubati esmaspäeval, jõudis neljapäeval.",
    "wish": "Tarnetasu tagasi",
}
_NAMED: Final[dict[str, JsonValue]] = {"category": None, "severity": "high", "contact": None, "owner": None}
_Contact = Annotated[int, Field(ge=1, le=2**53)]


class CategoryIn(CategoryFields, RequestModel):
    """A category of complaints."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CATEGORY]})


class CategoryOut(CategoryFields, Shown):
    """A category of complaints."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": 2, "version": 1, **_CATEGORY}]})

    id: int
    """The category's id."""
    version: int
    """The number of the version: with it in quotes as `If-Match` the category is changed."""

    @classmethod
    def of(cls, row: CategoryRow) -> Self:
        """The category as the API shows it."""
        return cls.model_validate(row, from_attributes=True)


class ComplaintChange(RequestModel):
    """What a complaint says, and who has it: all of it, because what is there is replaced."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WORDS | _NAMED]})

    subject: Title
    """What it is about, in a few words."""
    text: Prose
    """What the customer says, as it was typed."""
    wish: Prose
    """The remedy that the customer wishes."""
    category: Id | None
    """The category's id; null for none."""
    severity: Severity | None = None
    """How bad it is for the customer; null: as it is."""
    contact: _Contact | None
    """The customer's id; null: nobody knows."""
    owner: Id | None
    """The user who has it; null for nobody."""

    def draft(
        self, *, contact: int | None = None, call: str | None = None, department: int | None = None
    ) -> ComplaintDraft:
        """The complaint to be saved; `contact` is that of its call."""
        known = self.contact if self.contact is not None else contact
        return ComplaintDraft(
            fields=ComplaintFields(subject=self.subject, text=self.text, wish=self.wish),
            category=self.category,
            severity=self.severity,
            contact=ContactId(known) if known is not None else None,
            owner=self.owner,
            department=department,
            call=CallId(call) if call is not None else None,
        )


class ComplaintIn(ComplaintChange):
    """A new complaint."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_WORDS | _NAMED | {"department": None, "call": None}]}
    )

    text: Prose = ""
    """What the customer says, as it was typed."""
    wish: Prose = ""
    """The remedy that the customer wishes."""
    category: Id | None = None
    """The category's id; null for none."""
    severity: Severity | None = None
    """How bad it is for the customer; null: that of its category."""
    contact: _Contact | None = None
    """The customer's id; null: the contact of its call, if it has one."""
    owner: Id | None = None
    """The user who has it; null for nobody."""
    department: Id | None = None
    """The department that has it; null: that of its category."""
    call: Ref | None = None
    """The call in which it is made; it belongs to the complaint."""


class StepIn(RequestModel):
    """Something that happens to a complaint."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"step": "solved", "why": "Tarnetasu tagastatud.", "call": None}]}
    )

    step: Literal["started", "held", "resumed", "solved", "rejected", "reopened"]
    """`started`: somebody works on it. `held`: it waits for the customer, and its time stops until it is `resumed`."""
    why: Prose = ""
    """The reason; of `solved` the solution. `solved`, `rejected` and `reopened` need one."""
    call: Ref | None = None
    """The call in which it happens; it then belongs to the complaint."""

    @property
    def kind(self) -> CaseEventKind:
        """The event of the case."""
        return CaseEventKind(self.step)


class OwnerIn(RequestModel):
    """Who has a complaint."""

    owner: Id | None
    """The user; null for nobody."""
    why: Prose = ""
    """A word to them, for the history."""


class PassIn(RequestModel):
    """A complaint to be passed to a department."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"department": 3, "why": "Raha tagasi", "call": "keskus-1772442901.7"}]
        }
    )

    department: Id
    """The department."""
    why: Prose = ""
    """A word to them, for the history."""
    call: Ref | None = None
    """The customer's call, which goes along; null: the complaint goes alone."""
    transfer: Literal["blind", "talk_first"] = "blind"
    """How the call goes. `blind`: the service transfers it at once. `talk_first`: the operator's phone dials `number`,
    and transfers the customer when the two have talked. The complaint is there before they answer, both times.
    """


class SatisfactionIn(RequestModel):
    """How content the customer is with what became of a complaint."""

    satisfaction: Annotated[int, Field(ge=1, le=5)]
    """From 1, not at all, to 5, fully."""
    note: Prose = ""
    """What the customer said."""


class ComplaintEventOut(Shown):
    """One thing that happened to a complaint."""

    at: datetime
    """When it happened."""
    kind: CaseEventKind | Alarm
    """What happened."""
    severity: Severity | None
    """Of `opened` and `rated`: its severity from then on."""
    department: int | None
    """Of `opened` and `passed`: who has it from then on. Of `escalated`: the fallback that was told."""
    owner: int | None
    """Of `assigned`: who has it from then on. Of `late`: the deputy who was told."""
    owner_name: str
    """The owner's name then."""
    why: str
    """The reason that was given."""
    call: str | None
    """The call in which it happened."""
    by: int | None
    """The id of the user who did it; null: the service told of a due time."""
    by_name: str
    """Their name then."""

    @classmethod
    def of(cls, row: ComplaintEventRow) -> Self:
        """The event as the API shows it."""
        alarm = row.kind in set(Alarm)
        return cls(
            at=row.at,
            kind=Alarm(row.kind) if alarm else CaseEventKind(row.kind),
            severity=Severity(row.severity) if row.severity is not None else None,
            department=row.department,
            owner=row.owner,
            owner_name=row.owner_name,
            why=row.why,
            call=row.call_id,
            by=row.by,
            by_name=row.by_name,
        )


class ComplaintOut(ComplaintFields, Shown):
    """A complaint as lists show it."""

    id: int
    """The complaint's id, which the operator can read out."""
    version: int
    """How often it was changed: the number in its `ETag`."""
    state: CaseState
    """Its state. `reopened` is like `open`, of a complaint that was over."""
    severity: Severity
    """How bad it is for the customer."""
    category: int | None
    """The category's id; null for none."""
    contact: int | None
    """The customer's id; null: nobody knows, or they were removed."""
    owner: int | None
    """The user who has it; null for nobody."""
    owner_name: str
    """The owner's name when they got it."""
    department: int | None
    """The department that has it; null for none."""
    call: str | None
    """The call in which it was made."""
    opened_at: datetime
    """When it was made."""
    opened_by_name: str
    """The name of whoever made it."""
    due_at: datetime | None
    """By when it is due; of one that is over, when it became late. Null while it waits for the customer, and of one
    that was over in time.
    """
    late: bool
    """The due time has passed, or had passed when it was over."""
    alarm: Alarm
    """What was told of its due time."""
    ended_at: datetime | None
    """When it was solved or rejected; null: it is not."""
    solution: str
    """The last solution, or reason of rejection."""
    satisfaction: int | None
    """How content the customer is, 1 to 5; null: not said."""
    may: list[CaseEventKind]
    """What can be done with it now."""

    @classmethod
    def fields_of(cls, row: ComplaintRow, at: datetime) -> dict[str, object]:
        """The fields of a row as the API shows them."""
        state = CaseState(row.state)
        return {
            **{name: getattr(row, name) for name in ComplaintFields.model_fields},
            "id": row.id,
            "version": row.version,
            "state": state,
            "severity": row.severity,
            "category": row.category,
            "contact": row.contact_id,
            "owner": row.owner,
            "owner_name": row.owner_name,
            "department": row.department,
            "call": row.call_id,
            "opened_at": row.opened_at,
            "opened_by_name": row.opened_by_name,
            "due_at": row.due_at,
            "late": row.due_at is not None and row.due_at <= at,
            "alarm": row.alarm,
            "ended_at": row.ended_at,
            "solution": row.solution,
            "satisfaction": row.satisfaction,
            "may": [kind for kind in CaseEventKind if kind in MAY[state]],
        }

    @classmethod
    def of(cls, row: ComplaintRow, at: datetime) -> Self:
        """The complaint as lists show it."""
        return cls.model_validate(cls.fields_of(row, at))


class Complaints(Shown):
    """A page of complaints."""

    items: list[ComplaintOut]
    """The complaints, in the order asked for."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class WholeComplaint(ComplaintOut):
    """A complaint with its deadline, its history and what belongs to it."""

    satisfaction_note: str
    """What the customer said of it."""
    satisfaction_at: datetime | None
    """When the customer said it."""
    running: bool
    """Its time runs: it is not over, and does not wait for the customer."""
    used_minutes: float
    """The working time that it has taken so far."""
    allowed_minutes: float
    """The working time that it may take."""
    warn_at: datetime | None
    """When it is warned of; null: its time does not run."""
    escalate_at: datetime | None
    """When its fallback is told; null: its time does not run."""
    history: list[ComplaintEventOut]
    """What happened to it, in order."""
    links: list[LinkOut]
    """Its calls and orders."""
    tasks: list[TaskOut]
    """Its tasks."""
    notes: list[NoteOut]
    """Its last notes, the newest first; `GET /complaints/{id}/notes` has them all."""

    @classmethod
    def whole(cls, found: Complaint, items: Items, at: datetime) -> Self:
        """The complaint whole, as the API shows it."""
        row, due = found.row, found.deadline
        return cls.model_validate(
            {
                **cls.fields_of(row, at),
                "due_at": due.due,
                "late": due.is_late(at),
                "satisfaction_note": row.satisfaction_note,
                "satisfaction_at": row.satisfaction_at,
                "running": due.running,
                "used_minutes": due.used.total_seconds() / 60,
                "allowed_minutes": due.allowed.total_seconds() / 60,
                "warn_at": due.warn,
                "escalate_at": due.escalate,
                "history": [ComplaintEventOut.of(one) for one in found.events],
                "links": [LinkOut.of(one) for one in items.links],
                "tasks": [TaskOut.of(one) for one in items.tasks],
                "notes": [NoteOut.of(one) for one in items.notes],
            }
        )


class PassedOut(Shown):
    """A complaint that was passed on, and where its call goes."""

    complaint: ComplaintOut
    """The complaint."""
    target: TargetOut | None
    """Where the call goes; null: the complaint went alone. The operator's phone dials its `number`."""


class CountsOut(Shown):
    """How many complaints there are. All but `states` count those that are not over."""

    states: dict[CaseState, int]
    """By state; those that are over, too."""
    open: int
    """Not over."""
    mine: int
    """Mine: I own them, or was told as a deputy."""
    my_departments: int
    """Of departments that I belong to."""
    unowned: int
    """Those that nobody owns."""
    late: int
    """Those whose due time has passed."""
    due_soon: int
    """Due within the next day."""
    mine_late: int
    """Mine, and late."""
    mine_due_soon: int
    """Mine, and due within the next day."""
    my_departments_late: int
    """Of my departments, and late."""
