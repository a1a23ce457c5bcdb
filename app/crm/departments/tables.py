"""Departments as rows."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import pydantic
from pydantic import StringConstraints
from sqlalchemy import Column, ForeignKey, Integer
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe, describe_part
from app.records.base import Json, Row
from app.system.fields import Fields, Line, Title

Minutes = Annotated[int, pydantic.Field(ge=0, le=60 * 24 * 366)]


class ReachKind(StrEnum):
    """What a call is sent to."""

    NONE = "none"
    QUEUE = "queue"
    OPERATOR = "operator"
    NUMBER = "number"
    """A number outside."""
    DEPARTMENT = "department"
    """Wherever that department is reached: of a fallback only."""


class DepartmentFields(Fields):
    """The fields of a department that people set."""

    title: Title
    """The department's name; no two in use have the same."""
    titles: Annotated[
        dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], Title], pydantic.Field(max_length=20)
    ] = pydantic.Field(default_factory=dict)
    """The name in other languages, by language code."""
    time_zone: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    """The IANA name of the zone that the working hours are in, such as `Europe/Tallinn`."""
    country: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")] = ""
    """The country whose public holidays are days off (ISO 3166); empty: none are."""
    warning_minutes: Minutes = 60
    """The working time before a due time at which it is warned of, in minutes."""
    patience_minutes: Minutes = 240
    """The working time after a due time at which the fallback is told, too, in minutes."""
    deputy: Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)] | None = None
    """The user who is told when a complaint of the department is late; null: its members are."""
    active: bool = True
    """Complaints and calls may be passed to it."""


class DepartmentRow(Row, DepartmentFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """A department. It is never removed, but put out of use: complaints refer to it."""

    __tablename__ = "department"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    titles: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    deputy: int | None = Field(
        default=None, sa_column=Column(ForeignKey("user_account.id", ondelete="SET NULL"), nullable=True)
    )
    week: list[list[list[int]]] = Field(default_factory=list, sa_type=Json)
    """From Monday to Sunday, the pairs of minutes after midnight from and to which it works."""
    allowed_minutes: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    """The working time that a complaint of each `Severity` may take."""
    reach_kind: str = ReachKind.NONE.value
    """A `ReachKind`."""
    reach_target: str = ""
    """A queue's id, a user's id, or a number in E.164."""
    fallback_kind: str = ReachKind.NONE.value
    fallback_target: str = ""
    """As `reach_target`; of a department, its id."""
    version: int = 1


class DepartmentMemberRow(Row, table=True):
    """A user who belongs to a department."""

    __tablename__ = "department_member"

    department_id: int = Field(
        sa_column=Column(
            ForeignKey("department.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    user_id: int = Field(
        sa_column=Column(
            ForeignKey("user_account.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
            index=True,
        )
    )


class DepartmentDayRow(Row, table=True):
    """A day on which a department has hours of its own, or is closed."""

    __tablename__ = "department_day"

    department_id: int = Field(
        sa_column=Column(
            Integer, ForeignKey("department.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    day: date = Field(primary_key=True)
    hours: list[list[int]] = Field(default_factory=list, sa_type=Json)
    """Pairs of minutes after midnight; empty: closed."""
    why: Line = ""


describe(DepartmentRow, "department", reads=Permission.DEPARTMENTS_READ)
describe_part(DepartmentMemberRow, "members", of=DepartmentRow, key="department_id", shows=("user_id",))
describe_part(DepartmentDayRow, "days", of=DepartmentRow, key="department_id", shows=("day", "hours", "why"))
