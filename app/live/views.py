"""What all views of the floor share. Views are plain dictionaries, ready for JSON.

Times are ISO 8601 in UTC; ids of calls and queues are texts, of operators, offers and contacts numbers.
Nothing here keeps a reference into the floor, so a view stays what it was when it was taken.
"""

from datetime import datetime
from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from app.domain.ids import Columns
from app.domain.now import Now
from app.floor.facts import OutgoingAlarm

_MILLISECONDS = len("2026-01-05T08:00:00.000")


@with_config(use_attribute_docstrings=True)
class ColumnView(TypedDict):
    """One column of a lead in a campaign's list."""

    name: str
    """The column's name in the list."""
    value: str
    """The lead's value in this column."""


@with_config(use_attribute_docstrings=True)
class AlarmView(TypedDict):
    """An alarm about a phone's calls outside."""

    cause: Literal["refusals", "money_of_operator", "money_of_centre", "emergency"]
    """What happened: too many refused calls, the money of the day is spent, or an emergency number was called."""
    operator: int | None
    """The operator's id; null: the alarm is about the centre, or about a phone of no operator."""
    endpoint: str
    """The phone's PJSIP endpoint; empty: the alarm is about the centre."""
    refusals: int
    """Number of refused calls, where they are the cause."""
    raised: str
    """When the alarm was raised."""


def iso(moment: datetime) -> str:
    """A moment as the contract writes it: ISO 8601, milliseconds, `Z`."""
    return f"{moment.isoformat(timespec='milliseconds')[:_MILLISECONDS]}Z"


def iso_now(now: Now | None) -> str | None:
    """As `iso`; None for None."""
    return None if now is None else iso(now.wall)


def column_views(columns: Columns) -> list[ColumnView]:
    """Views of a lead's own columns."""
    return [{"name": name, "value": value} for name, value in columns]


def alarm_view(alarm: OutgoingAlarm) -> AlarmView:
    """The view of an alarm."""
    return {
        "cause": alarm.cause.value,
        "operator": alarm.operator,
        "endpoint": alarm.endpoint,
        "refusals": alarm.refusals,
        "raised": iso(alarm.raised_at),
    }
