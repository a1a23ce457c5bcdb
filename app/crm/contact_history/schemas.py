"""A contact's history as the API shows it."""

from datetime import datetime
from typing import Any, Self

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.crm.contact_history.queries import Entry
from app.crm.contact_history.sources import CHANGE

_ENTRY: dict[str, JsonValue] = {
    "at": "2026-03-02T09:18:30Z",
    "kind": "change",
    "id": "812",
    "user": 12,
    "name": "Mari Maasikas",
    "undoable": True,
    "data": {
        "what": "contact.changed",
        "subject_id": "7",
        "before": {"surname": "Kask"},
        "after": {"surname": "Tamm"},
    },
}


class EntryOut(Shown):
    """One entry of a contact's history."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ENTRY]})

    at: datetime
    """When it happened; of a promise, when the customer is to be called."""
    kind: str
    """What it is: `call`, `attempt`, `promise`, `note`, `change`, and further subjects by their names. A name never
    changes its meaning; new ones may come.
    """
    id: str
    """The id of the call, attempt, note or other row; of a change, the number to undo it by."""
    user: int | None
    """The id of the user who acted; null: nobody did, or no user."""
    name: str
    """That user's name; of a change by nobody with a name, the kind of actor; empty for none."""
    undoable: bool
    """It is a change of the contact's own fields, and may be undone unless one of them was changed again since."""
    data: dict[str, Any]
    """What the entry tells, by name. Of a change: `what` became of which subject, and its fields `before` and `after`;
    both are null once the values are erased.
    """

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The entry as the API shows it."""
        data = dict(entry.data)
        version = data.pop("row_version", None)
        own = entry.kind == CHANGE and data["what"] == "contact.changed"
        tags = {*(data.get("before") or ()), *(data.get("after") or ())} == {"tags"}
        return cls(
            at=entry.at,
            kind=entry.kind,
            id=entry.id,
            user=entry.user,
            name=entry.name,
            undoable=own and (version is not None or tags) and bool(data["before"] or data["after"]),
            data=data,
        )


class History(Shown):
    """A page of a contact's history."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ENTRY], "next": None}]})

    items: list[EntryOut]
    """The entries of this page, the newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
