"""Lists of consents and do-not-calls, on their way in."""

from datetime import datetime

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.compliance.dial_facts import ConsentKind
from app.crm.consent_lists.tables import ConsentListRow
from app.domain.campaigns import Purpose
from app.domain.jobs import JobState

_REJECTED: JsonValue = {"line": 17, "said": "112", "why": "112 is an emergency number"}
_LIST: dict[str, JsonValue] = {
    "id": 5,
    "user": 2,
    "word": "do_not_call",
    "purpose": "marketing",
    "campaign": None,
    "source": "register 2026-03",
    "until": None,
    "size": 15_000,
    "state": "done",
    "progress": 1.0,
    "eta_s": None,
    "lines": 1203,
    "added": 1200,
    "known": 2,
    "rejected": 1,
    "rejections": [_REJECTED],
    "note": "",
    "created_at": "2026-03-02T09:00:00Z",
    "began_at": "2026-03-02T09:00:00Z",
    "ended_at": "2026-03-02T09:00:02Z",
}


class RejectedLine(Shown):
    """A row of a list of which something could not be read; what could be, holds."""

    model_config = ConfigDict(json_schema_extra={"examples": [_REJECTED]})

    line: int
    """Its line in the file, from 1."""
    said: str
    """What it holds."""
    why: str
    """Why it could not be read."""


class ConsentListOut(Shown):
    """What becomes of a list of numbers."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LIST]})

    id: int
    """Its id."""
    user: int | None
    """The user who brought it; null: the service itself."""
    word: ConsentKind
    """What holds for each of its numbers, from `created_at` on."""
    purpose: Purpose | None
    """What it is about; null: whatever for."""
    campaign: int | None
    """The campaign's id; null: all campaigns."""
    source: str
    """Where the list comes from."""
    until: datetime | None
    """Until when it holds; null: until it is removed."""
    size: int
    """The file's size in bytes."""
    state: JobState
    """`queued`, `running`, then `done`, `cancelled` or `failed`."""
    progress: float
    """How much of it has been read, 0..1."""
    eta_s: float | None
    """About how long it will still take; null unless it is running."""
    lines: int
    """Rows dealt with so far."""
    added: int
    """Numbers of which it holds now."""
    known: int
    """Numbers of which it held already, or that come twice in the list."""
    rejected: int
    """Rows of which something could not be read."""
    rejections: list[RejectedLine]
    """The first thousand."""
    note: str
    """Why it failed."""
    created_at: datetime
    """When it was brought."""
    began_at: datetime | None
    """When it began to run; null: not yet."""
    ended_at: datetime | None
    """When it was over; null: not yet."""

    @classmethod
    def of(cls, row: ConsentListRow, now: datetime) -> "ConsentListOut":
        """A row as it is told."""
        eta_s = None
        if row.state == JobState.RUNNING.value and row.began_at is not None and row.progress > 0:
            eta_s = round((now - row.began_at).total_seconds() * (1 - row.progress) / row.progress, 1)
        return cls.model_validate(
            row.model_dump(exclude={"reading", "rejected_bytes"})
            | {
                "user": row.user_id,
                "campaign": row.campaign_id,
                "lines": row.rows,
                "eta_s": max(0.0, eta_s) if eta_s is not None else None,
            }
        )


class ConsentListsPage(Shown):
    """A page of lists of numbers, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_LIST], "next": None}]})

    items: list[ConsentListOut]
    """The lists of this page."""
    next: str | None
    """Give it as `cursor`; None on the last page."""
