"""The directory as the API shows it."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Shown
from app.crm.directory.service import Entry, EntryKind, Reachability

_PERSON: JsonValue = {"kind": "person", "id": 12, "name": "Mari Maasikas", "number": "101", "state": "free"}


class PersonEntry(Shown):
    """A colleague: a user who may log in."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PERSON]})

    kind: Literal["person"]
    """Always `person`."""
    id: int
    """The user's id, which is also the operator's: for owners, assignees and members."""
    name: str
    """The name that colleagues see."""
    number: str | None
    """What a phone dials to reach them; null: no number leads to them."""
    state: Reachability | None
    """`free`: their phone can be rung for a call. `talking`: in a talk. `busy`: called already, in a wrap-up or at a
    preview. `away`: on a break, offline, or their phone is not registered. null: they are no operator.
    """


class QueueEntry(Shown):
    """A queue."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "queue",
                    "id": "sales",
                    "name": "Müük",
                    "number": "6001000",
                    "state": "busy",
                    "waiting": 2,
                }
            ]
        }
    )

    kind: Literal["queue"]
    """Always `queue`."""
    id: str
    """The queue's short name."""
    name: str
    """The name that people see."""
    number: str | None
    """What a phone dials to reach it; null: no number leads there."""
    state: Reachability | None
    """`free`: an operator of the queue is free. `busy`: operators are at work, none is free. `away`: nobody is at work.
    null: it is not on the floor yet.
    """
    waiting: int
    """Calls that wait in it."""


class DepartmentEntry(Shown):
    """A department in use."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "department", "id": 4, "name": "Klienditugi", "number": "6001000", "state": "free"}
            ]
        }
    )

    kind: Literal["department"]
    """Always `department`."""
    id: int
    """The department's id."""
    name: str
    """The department's name."""
    number: str | None
    """What a phone dials to reach it at this moment, or its fallback while it is closed; null: nothing leads there."""
    state: Reachability | None
    """The state of the operator or the queue that is reached now; null: a number outside, or nothing."""


DirectoryEntry = Annotated[PersonEntry | QueueEntry | DepartmentEntry, Field(discriminator="kind")]


class Directory(Shown):
    """A page of the directory."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_PERSON], "next": None}]})

    items: list[DirectoryEntry]
    """The entries, by name."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""

    @classmethod
    def of(cls, entries: list[Entry], following: str | None) -> Self:
        """The page as the API shows it."""
        return cls.model_validate({"items": [_shown(one) for one in entries], "next": following})


def _shown(entry: Entry) -> dict[str, object]:
    shown: dict[str, object] = {
        "kind": entry.kind.value,
        "id": entry.id,
        "name": entry.name,
        "number": entry.number,
        "state": entry.state,
    }
    return shown | ({"waiting": entry.waiting} if entry.kind is EntryKind.QUEUE else {})
