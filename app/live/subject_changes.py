"""The websocket's message about a change in the database: what changed and who changed it, without data."""

from app.live.messages import SubjectChanged
from app.records.event_table import EventRow


def change_message(event: EventRow) -> SubjectChanged:
    """The message about an event, for readers who asked for its subject."""
    assert event.id is not None
    return {
        "type": "changed",
        "kind": event.kind,
        "subject": event.subject,
        "id": event.subject_id,
        "event": event.id,
        "who": event.actor_name,
    }
