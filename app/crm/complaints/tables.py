"""Complaints as rows, with what belongs to them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import pydantic
from pydantic import StringConstraints
from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Text
from sqlmodel import AutoString, Field

from app.cases.case import Severity
from app.crm.calls.belonging import follows_call
from app.crm.contact_history.sources import joins_history
from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import BigInt, Json, Row, UtcDateTime
from app.records.columns import only_where
from app.system.fields import Fields, Line, Prose, Title


class LinkKind(StrEnum):
    """What may belong to a complaint, besides notes and tasks."""

    CALL = "call"
    ORDER = "order"


class Alarm(StrEnum):
    """What is told of a due time, in this order."""

    NONE = "none"
    WARNED = "warned"
    """The due time comes near."""
    LATE = "late"
    """It has passed: the deputy is told."""
    ESCALATED = "escalated"
    """It passed long ago: the fallback is told."""


ALARMS = tuple(Alarm)


class CategoryFields(Fields):
    """The fields of a category of complaints that people set."""

    title: Title
    """The category's name."""
    code: Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9_.:\-]*$")] = Field(
        default="", max_length=60
    )
    """The category's code, such as `internet.slow`: articles are about it by this; empty: none are."""
    titles: Annotated[
        dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], Title], pydantic.Field(max_length=20)
    ] = pydantic.Field(default_factory=dict)
    """The name in other languages, by language code; a reader of any other language sees `title`."""
    severity: Severity = Field(default=Severity.NORMAL, sa_type=AutoString)
    """The severity of a complaint that names none."""
    department: Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)] | None = None
    """The department that has a complaint which names none; null: no department."""
    position: Annotated[int, pydantic.Field(ge=0, le=1000)] = 0
    """The position in the list of categories."""
    active: bool = True
    """New complaints may have it."""


class CategoryRow(Row, CategoryFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """A kind of complaints."""

    __tablename__ = "complaint_category"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    titles: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    department: int | None = Field(
        default=None, sa_column=Column(ForeignKey("department.id", ondelete="SET NULL"), nullable=True)
    )
    version: int = 1


class ComplaintFields(Fields):
    """The words of a complaint that people set."""

    subject: Title
    """What it is about, in a few words."""
    text: Prose = Field(default="", sa_type=Text)
    """What the customer says, as it was typed."""
    wish: Prose = Field(default="", sa_type=Text)
    """The remedy that the customer wishes."""


_OPEN = "state NOT IN ('solved', 'rejected')"


class ComplaintRow(Row, ComplaintFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """A complaint as it is now. It is never removed: its history and its items refer to it."""

    __tablename__ = "complaint"
    __table_args__ = (
        Index("ix_complaint_contact_id", "contact_id"),
        Index("ix_complaint_call_id", "call_id"),
        Index("ix_complaint_owner", "owner", "id"),
        Index("ix_complaint_department", "department", "id"),
        Index("ix_complaint_due_at", "due_at", "id", **only_where(f"due_at IS NOT NULL AND {_OPEN}")),
        Index("ix_complaint_next_at", "next_at", **only_where("next_at IS NOT NULL")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    contact_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="SET NULL"), nullable=True),
    )
    category: int | None = Field(
        default=None,
        sa_column=Column(ForeignKey("complaint_category.id", ondelete="SET NULL"), nullable=True),
    )
    severity: str
    """A `Severity`."""
    state: str
    """A `CaseState`."""
    owner: int | None = Field(
        default=None, sa_column=Column(ForeignKey("user_account.id", ondelete="SET NULL"), nullable=True)
    )
    owner_name: str = ""
    """The owner's display name when it became theirs."""
    department: int | None = Field(
        default=None, sa_column=Column(ForeignKey("department.id", ondelete="SET NULL"), nullable=True)
    )
    told_user: int | None = Field(
        default=None, sa_column=Column(ForeignKey("user_account.id", ondelete="SET NULL"), nullable=True)
    )
    """The deputy who was told that it is late."""
    told_department: int | None = Field(
        default=None, sa_column=Column(ForeignKey("department.id", ondelete="SET NULL"), nullable=True)
    )
    """The fallback that was told that it stays late."""
    call_id: str | None = Field(default=None, sa_type=String(150))
    """The call in which it was made."""
    opened_at: datetime = Field(sa_type=UtcDateTime)
    opened_by: int | None = None
    opened_by_name: str = ""
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Computed from its events when it, or a calendar, last changed; for lists."""
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its due time is to be looked at again."""
    alarm: str = Alarm.NONE.value
    """The `Alarm` that was last told."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    solution: str = Field(default="", sa_type=Text)
    satisfaction: int | None = None
    """1 to 5, as the customer says after it."""
    satisfaction_note: str = Field(default="", sa_type=Text)
    satisfaction_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class ComplaintEventRow(Row, table=True):
    """One thing that happened to a complaint: its case is computed from these."""

    __tablename__ = "complaint_event"
    __table_args__ = (Index("ix_complaint_event_complaint_id_id", "complaint_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    complaint_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("complaint.id", ondelete="CASCADE"), nullable=False)
    )
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    """A `CaseEventKind`, or an `Alarm` that was told."""
    severity: str | None = None
    department: int | None = None
    """Without a foreign key: history stays as it was."""
    owner: int | None = None
    owner_name: str = ""
    why: str = Field(default="", sa_type=Text)
    call_id: str | None = Field(default=None, sa_type=String(150))
    by: int | None = None
    by_name: str = ""


class NoteRow(Row, table=True):
    """A note on a complaint."""

    __tablename__ = "complaint_note"
    __table_args__ = (Index("ix_complaint_note_complaint_id_id", "complaint_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    complaint_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("complaint.id", ondelete="CASCADE"), nullable=False)
    )
    contact_id: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger, ForeignKey("contact.id", ondelete="SET NULL"), nullable=True, index=True
        ),
    )
    call_id: str | None = Field(default=None, sa_type=String(150))
    text: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = None
    by_name: str = ""


class LinkRow(Row, table=True):
    """A call or an order that belongs to a complaint."""

    __tablename__ = "complaint_link"
    __table_args__ = (Index("ix_complaint_link_kind_ref", "kind", "ref"),)

    complaint_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("complaint.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    kind: str = Field(primary_key=True, max_length=10)
    """A `LinkKind`."""
    ref: str = Field(primary_key=True, max_length=150)
    """The call's id, or the order's in digits."""
    contact_id: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger, ForeignKey("contact.id", ondelete="SET NULL"), nullable=True, index=True
        ),
    )
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = None
    by_name: str = ""


class TaskFields(Fields):
    """The fields of a task that people set."""

    title: Line
    """What is to be done."""
    assignee: Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)] | None = None
    """The user who is to do it; null: whoever has the complaint."""


class TaskRow(Row, TaskFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """Something to be done for a complaint."""

    __tablename__ = "complaint_task"
    __table_args__ = (
        Index("ix_complaint_task_complaint_id", "complaint_id"),
        Index(
            "ix_complaint_task_due_at",
            "due_at",
            **only_where("done_at IS NULL AND withdrawn_at IS NULL AND NOT told_late"),
        ),
        Index("ix_complaint_task_assignee", "assignee", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    complaint_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("complaint.id", ondelete="CASCADE"), nullable=False)
    )
    contact_id: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger, ForeignKey("contact.id", ondelete="SET NULL"), nullable=True, index=True
        ),
    )
    assignee: int | None = Field(
        default=None, sa_column=Column(ForeignKey("user_account.id", ondelete="SET NULL"), nullable=True)
    )
    assignee_name: str = ""
    due_at: datetime = Field(sa_type=UtcDateTime)
    lead_id: int | None = Field(default=None, sa_type=BigInteger)
    """The lead of a campaign whose callback the task is; without a foreign key: history stays as it was."""
    campaign_id: int | None = None
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: int | None = None
    made_by_name: str = ""
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by_name: str = ""
    outcome: str = Field(default="", sa_type=Text)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_late: bool = False


describe(CategoryRow, "complaint_category", reads=Permission.COMPLAINTS_READ)
describe(
    ComplaintRow,
    "complaint",
    reads=Permission.COMPLAINTS_READ,
    also=(Alarm.WARNED, Alarm.LATE, Alarm.ESCALATED),
    # What is computed from others, and told by events of its own.
    without={
        *("next_at", "due_at", "alarm", "told_user", "told_department"),
        *("opened_at", "opened_by", "opened_by_name"),
    },
)
describe(NoteRow, "complaint_note", reads=Permission.COMPLAINTS_READ, without={"at", "by", "by_name"})
describe(LinkRow, "complaint_link", reads=Permission.COMPLAINTS_READ, without={"at", "by", "by_name"})
describe(
    TaskRow,
    "complaint_task",
    reads=Permission.COMPLAINTS_READ,
    without={"told_late", "made_at", "made_by", "made_by_name"},
    also=("late",),
)
follows_call(
    ComplaintRow,
    parts=((NoteRow, "complaint_id"), (LinkRow, "complaint_id"), (TaskRow, "complaint_id")),
)
joins_history(
    ComplaintRow,
    "complaint",
    at="opened_at",
    user="opened_by",
    shows=("state", "severity", "category", "due_at"),
    reads=Permission.COMPLAINTS_READ,
)
holds(
    ComplaintRow,
    shows=(
        *(
            "opened_at",
            "state",
            "severity",
            "category",
            "subject",
            "text",
            "wish",
            "solution",
            "ended_at",
            "satisfaction",
        ),
        *("satisfaction_note", "call_id"),
    ),
    clears=("subject", "text", "wish", "solution", "satisfaction_note"),
)
holds(
    ComplaintEventRow,
    through=("complaint_id", ComplaintRow),
    shows=("complaint_id", "at", "kind", "why", "by_name", "call_id"),
    clears=("why",),
)
holds(
    NoteRow,
    through=("complaint_id", ComplaintRow),
    shows=("complaint_id", "at", "text", "by_name", "call_id"),
    clears=("text",),
)
holds(LinkRow, through=("complaint_id", ComplaintRow), shows=("complaint_id", "kind", "ref", "at"), kept=True)
holds(
    TaskRow,
    through=("complaint_id", ComplaintRow),
    shows=("complaint_id", "made_at", "title", "due_at", "done_at", "outcome"),
    clears=("title", "outcome"),
)
