"""Events as the audit log tells them."""

from datetime import datetime
from typing import Any

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.domain.actors import ActorKind
from app.records.event_table import EventRow

_EVENT: dict[str, JsonValue] = {
    "id": 4711,
    "at": "2026-03-02T09:18:09Z",
    "kind": "contact.changed",
    "version": 1,
    "subject": {"kind": "contact", "id": "7"},
    "who": {
        "kind": "user",
        "user": 12,
        "name": "Mari Maasikas",
        "request": "3b1f7f0e-5a0c-4c0e-9d6e-1f2a3b4c5d6e",
    },
    "before": {"surname": "Kask"},
    "after": {"surname": "Tamm"},
}


class SubjectOut(Shown):
    """What an event is about."""

    kind: str
    """The kind of thing that changed, such as `contact`."""
    id: str
    """The id of what changed; empty where many things changed at once."""


class WhoOut(Shown):
    """Who changed something."""

    kind: ActorKind
    """A person (`user`), a program (`token`), `keskus` on the service's machine, or the service by itself."""
    user: int | None
    """The user's id; null: no user made the change."""
    name: str
    """The user's name at that time, followed by the token's name where a token was used."""
    request: str
    """The id of the request, as in the answer's `X-Request-Id` and in the service's log; empty: no request."""


class EventOut(Shown):
    """One change."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EVENT]})

    id: int
    """The event's id."""
    at: datetime
    """When the change was made."""
    kind: str
    """The kind of thing and of change, such as `contact.changed`."""
    version: int
    """The version of `before` and `after`; it grows when the meaning of this kind's fields changes."""
    subject: SubjectOut
    """What changed."""
    who: WhoOut
    """Who changed it."""
    before: dict[str, Any] | None
    """The changed fields before the change; null: there were none, or they were erased."""
    after: dict[str, Any] | None
    """The changed fields after the change; null: there were none, or they were erased. Long texts and lists are cut.
    """

    @classmethod
    def of(cls, row: EventRow) -> "EventOut":
        """The event as the API shows it."""
        assert row.id is not None
        return cls(
            id=row.id,
            at=row.at,
            kind=row.kind,
            version=row.version,
            subject=SubjectOut(kind=row.subject, id=row.subject_id),
            who=WhoOut(
                kind=ActorKind(row.actor), user=row.user_id, name=row.actor_name, request=row.request_id
            ),
            before=row.before,
            after=row.after,
        )


class Events(Shown):
    """A page of events, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_EVENT], "next": None}]})

    items: list[EventOut]
    """The events of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
