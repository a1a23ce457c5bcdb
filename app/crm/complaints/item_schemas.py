"""What belongs to a complaint, as the API takes and shows it: notes, links and tasks."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints

from app.api.schemas import Moment, Prose, RequestModel, Shown, Words
from app.crm.complaints.tables import (
    LinkKind,
    LinkRow,
    NoteRow,
    TaskFields,
    TaskRow,
)
from app.crm.complaints.tasks import TaskDraft
from app.domain.ids import CampaignId

Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Ref = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[A-Za-z0-9_.:~\-]+$")]
"""The id of a call or an order."""


class NoteIn(RequestModel):
    """A note on a complaint."""

    text: Words
    """The note, as it is typed."""
    call: Ref | None = None
    """The call during which it is made; it then belongs to the complaint."""


class NoteOut(Shown):
    """A note on a complaint."""

    id: int
    """The note's id."""
    at: datetime
    """When it was made."""
    by: int | None
    """The id of the user who made it."""
    by_name: str
    """Their name then."""
    text: str
    """The note."""
    call: str | None
    """The call during which it was made."""

    @classmethod
    def of(cls, row: NoteRow) -> Self:
        """The note as the API shows it."""
        return cls(id=row.id or 0, at=row.at, by=row.by, by_name=row.by_name, text=row.text, call=row.call_id)


class Notes(Shown):
    """A page of notes."""

    items: list[NoteOut]
    """The notes, the newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class LinkIn(RequestModel):
    """A call or an order that belongs to a complaint."""

    kind: LinkKind
    """What it is."""
    ref: Ref
    """The call's id; the order's id, or the number that the customer was told."""


class LinkOut(Shown):
    """A call or an order that belongs to a complaint."""

    kind: LinkKind
    """What it is."""
    ref: str
    """The call's or the order's id."""
    at: datetime
    """Since when it belongs to it."""
    by_name: str
    """The name of whoever added it."""

    @classmethod
    def of(cls, row: LinkRow) -> Self:
        """The link as the API shows it."""
        return cls(kind=LinkKind(row.kind), ref=row.ref, at=row.at, by_name=row.by_name)


class TaskIn(TaskFields, RequestModel):
    """A task of a complaint."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Helista tagasi",
                    "assignee": None,
                    "due_at": "2026-03-03T10:00:00Z",
                    "campaign": None,
                }
            ]
        }
    )

    due_at: Moment
    """By when it is to be done; of a callback, when the customer is called."""
    campaign: Id | None = None
    """The campaign that calls the customer back then, by the assignee if they are an operator; null: no callback."""

    @property
    def draft(self) -> TaskDraft:
        """The task to be saved."""
        return TaskDraft(
            fields=TaskFields(title=self.title, assignee=self.assignee),
            due_at=self.due_at,
            campaign=CampaignId(self.campaign) if self.campaign is not None else None,
        )


class TaskDone(RequestModel):
    """The end of a task."""

    outcome: Prose = ""
    """What came of it."""


class TaskOut(TaskFields, Shown):
    """A task of a complaint."""

    id: int
    """The task's id."""
    complaint: int
    """The complaint's id."""
    assignee_name: str
    """The assignee's name then."""
    due_at: datetime
    """By when it is to be done."""
    campaign: int | None
    """The campaign that calls the customer back; null: it is no callback."""
    lead: int | None
    """The lead that is called back."""
    made_at: datetime
    """When it was made."""
    made_by_name: str
    """The name of whoever made it."""
    done_at: datetime | None
    """When it was done; null: it is not."""
    done_by_name: str
    """The name of whoever did it."""
    outcome: str
    """What came of it."""
    withdrawn_at: datetime | None
    """When it was taken back; null: it was not."""

    @classmethod
    def of(cls, row: TaskRow) -> Self:
        """The task as the API shows it."""
        return cls(
            id=row.id or 0,
            complaint=row.complaint_id,
            title=row.title,
            assignee=row.assignee,
            assignee_name=row.assignee_name,
            due_at=row.due_at,
            campaign=row.campaign_id,
            lead=row.lead_id,
            made_at=row.made_at,
            made_by_name=row.made_by_name,
            done_at=row.done_at,
            done_by_name=row.done_by_name,
            outcome=row.outcome,
            withdrawn_at=row.withdrawn_at,
        )


class Tasks(Shown):
    """A page of tasks."""

    items: list[TaskOut]
    """The tasks, the next due first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
