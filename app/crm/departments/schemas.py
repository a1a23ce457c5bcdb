"""Departments as the API takes and shows them."""

from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas import Line, RequestModel, Shown
from app.cases.case import Severity
from app.cases.reach import Goal
from app.cases.working_time import DAY_MINUTES, Day, Hours
from app.crm.departments.service import Department, DepartmentDraft, Target
from app.crm.departments.tables import DepartmentFields, Minutes, ReachKind
from app.numbers.reader import read_number

_OFFICE: Final[JsonValue] = [{"opens": "09:00", "closes": "12:30"}, {"opens": "13:00", "closes": "17:00"}]
_DEPARTMENT: Final[dict[str, JsonValue]] = {
    "title": "Klienditugi",
    "titles": {"en": "Customer care", "ru": "Служба поддержки"},
    "time_zone": "Europe/Tallinn",
    "country": "EE",
    "warning_minutes": 60,
    "patience_minutes": 240,
    "deputy": None,
    "active": True,
    "hours": [*[_OFFICE] * 5, [], []],
    "days": [{"day": "2026-12-24", "hours": [], "why": "Jõululaupäev"}],
    "allowed_minutes": {"low": 2400, "normal": 960, "high": 480, "critical": 120},
    "members": [],
    "reach": {"kind": "number", "target": "+37255500123"},
    "fallback": {"kind": "none", "target": ""},
}
_Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class HoursOut(Shown):
    """Hours of one day, in the department's time zone."""

    opens: str
    """The first minute, such as `09:00`."""
    closes: str
    """The first minute after the last; `24:00` is midnight."""

    @classmethod
    def of(cls, opens: int, closes: int) -> Self:
        """Hours as the API shows them."""
        return cls(opens=_clock(opens), closes=_clock(closes))


class HoursIn(RequestModel):
    """Hours of one day, in the department's time zone."""

    opens: _Clock
    """The first minute, such as `09:00`."""
    closes: Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    """The first minute after the last; `24:00` is midnight. Hours over midnight are two."""

    @property
    def hours(self) -> Hours:
        """The hours in minutes."""
        return Hours(_minute(self.opens), _minute(self.closes))


_DayHours = Annotated[list[HoursIn], Field(max_length=8)]


class DayIn(RequestModel):
    """A day with hours of its own."""

    day: date
    """The day; public holidays may be among these days."""
    hours: _DayHours
    """Its hours; empty: closed."""
    why: Line = ""
    """The reason, for people."""


class DayOut(Shown):
    """A day with hours of its own."""

    day: date
    """The day."""
    hours: list[HoursOut]
    """Its hours; empty: closed."""
    why: str
    """The reason, for people."""


class Allowed(RequestModel):
    """The working time that a complaint of each severity may take, in minutes."""

    low: Minutes = 2400
    """Of low severity."""
    normal: Minutes = 960
    """Of normal severity."""
    high: Minutes = 480
    """Of high severity."""
    critical: Minutes = 120
    """Of critical severity."""


class Goals(RequestModel):
    """What calls are sent to."""

    kind: ReachKind
    """A queue, an operator, a number outside; of a fallback also another department. `none`: nothing."""
    target: Annotated[str, StringConstraints(max_length=60)] = ""
    """The queue's id, the operator's id, the number as it is typed, or the department's id; empty for `none`."""


class DepartmentIn(DepartmentFields, RequestModel):
    """A department whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DEPARTMENT]})

    hours: Annotated[list[_DayHours], Field(min_length=7, max_length=7)]
    """The working hours of each weekday, from Monday; none for a day off."""
    days: Annotated[list[DayIn], Field(max_length=400)] = Field(default_factory=list)
    """Days with hours of their own, such as the day before a holiday."""
    allowed_minutes: Allowed = Field(default_factory=Allowed)
    """The working time that complaints may take."""
    members: Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(max_length=500)] = Field(
        default_factory=list
    )
    """The ids of the users who belong to it."""
    reach: Goals = Goals(kind=ReachKind.NONE)
    """How calls reach it while it works."""
    fallback: Goals = Goals(kind=ReachKind.NONE)
    """Where calls go while it is closed, and who is told of complaints that stay late."""

    def draft(self, region: str) -> DepartmentDraft:
        """The department to be saved.

        Raises:
            UNREADABLE: a number outside cannot be read.
        """
        week = [_day(one) for one in self.hours]
        return DepartmentDraft(
            fields=DepartmentFields(**{name: getattr(self, name) for name in DepartmentFields.model_fields}),
            week=(week[0], week[1], week[2], week[3], week[4], week[5], week[6]),
            allowed_minutes=self.allowed_minutes.model_dump(),
            days={one.day: (_day(one.hours), one.why) for one in self.days},
            members=list(dict.fromkeys(self.members)),
            reach=_goal(self.reach, region, department=False),
            fallback=_goal(self.fallback, region, department=True),
        )


class GoalOut(Shown):
    """What calls are sent to."""

    kind: ReachKind
    """What it is; `none`: nothing."""
    target: str
    """The queue's, the operator's or the department's id, or a number in E.164."""


class TargetOut(Shown):
    """Where a call for the department goes now."""

    kind: Literal["queue", "operator", "number"]
    """What it is."""
    target: str
    """The queue's or the operator's id, or a number in E.164."""
    number: str
    """What a phone dials to get there."""

    @classmethod
    def of(cls, found: Target) -> Self:
        """The target as the API shows it."""
        return cls.model_validate(
            {"kind": found.goal.kind, "target": found.goal.target, "number": found.number}
        )


class DepartmentOut(DepartmentFields, Shown):
    """A department."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": 3, "version": 1, **_DEPARTMENT}]})

    id: int
    """The department's id."""
    version: int
    """How often it was changed: the number in its `ETag`."""
    hours: list[list[HoursOut]]
    """The working hours of each weekday, from Monday."""
    days: list[DayOut]
    """Days with hours of their own, in order."""
    allowed_minutes: dict[Severity, int]
    """The working time that a complaint of each severity may take, in minutes."""
    members: list[int]
    """The ids of the users who belong to it and may log in."""
    reach: GoalOut
    """How calls reach it while it works."""
    fallback: GoalOut
    """Where calls go while it is closed."""

    @classmethod
    def of(cls, found: Department) -> Self:
        """The department as the API shows it."""
        row = found.row
        return cls(
            **{name: getattr(row, name) for name in DepartmentFields.model_fields},
            id=row.id or 0,
            version=row.version,
            hours=[_shown(day) for day in row.week],
            days=[DayOut(day=one.day, hours=_shown(one.hours), why=one.why) for one in found.days],
            allowed_minutes={Severity(name): minutes for name, minutes in row.allowed_minutes.items()},
            members=list(found.members),
            reach=GoalOut(kind=ReachKind(row.reach_kind), target=row.reach_target),
            fallback=GoalOut(kind=ReachKind(row.fallback_kind), target=row.fallback_target),
        )


def _goal(said: Goals, region: str, *, department: bool) -> Goal | None:
    if said.kind is ReachKind.NONE or (said.kind is ReachKind.DEPARTMENT and not department):
        return None
    if said.kind is ReachKind.NUMBER:
        return Goal(said.kind.value, read_number(said.target, region).e164)
    target = said.target
    if said.kind is not ReachKind.QUEUE:
        target = str(int(target)) if target.isdecimal() and target.isascii() and len(target) < 10 else "0"
    return Goal(said.kind.value, target)


def _day(said: list[HoursIn]) -> Day:
    return tuple(one.hours for one in said)


def _shown(stored: list[list[int]]) -> list[HoursOut]:
    return [HoursOut.of(opens, closes) for opens, closes in stored]


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return min(int(hour) * 60 + int(minute), DAY_MINUTES)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
