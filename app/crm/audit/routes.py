"""The audit log, for those who may read it."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.paging import IDS_MOST, Cursor, Limit, read_moment_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import Moment
from app.api.security import Known, needs
from app.crm.audit.schemas import EventOut, Events
from app.domain.roles import Permission
from app.events.queries import EventFilter, page_events
from app.records.engine import reading

Reads = Annotated[LoggedIn, needs(Permission.AUDIT_READ)]
router = APIRouter(prefix="/audit", tags=["audit"])

SubjectAsked = Annotated[
    str | None,
    Query(
        max_length=200,
        pattern=r"^[a-z_]+(:[^\s\x00-\x1f\x7f]+)?$",
        description="Only events of this subject, such as `contact`, or of one row: `contact:7`.",
    ),
]
KindAsked = Annotated[
    str | None,
    Query(
        max_length=60,
        pattern=r"^[a-z_]+\.[a-z_]+$",
        description="Only events of this kind, such as `contact.removed`.",
    ),
]
WhoAsked = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, description="Only changes by this user or a token of theirs.")
]


@router.get("", summary="What was changed", responses=refusals(CursorUnknown))
async def list_events(
    _: Reads,
    services: Known,
    *,
    subject: SubjectAsked = None,
    kind: KindAsked = None,
    who: WhoAsked = None,
    from_at: Annotated[Moment | None, Query(description="Only changes at this moment or later.")] = None,
    to_at: Annotated[Moment | None, Query(description="Only changes before this moment.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Events:
    """Who changed what and when, newest first, with the changed fields before and after.

    Secrets are left out: of a password, only the fact that it was changed. When a contact is removed, its data in
    these events is erased.
    """
    # A kind begins with its subject, by which events are indexed.
    name, _colon, id_ = (subject or (kind or "").partition(".")[0]).partition(":")
    wanted = EventFilter(
        subject=name or None,
        subject_id=id_ or None,
        kind=kind,
        user=who,
        from_at=from_at,
        to_at=to_at,
    )
    before = None if cursor is None else read_moment_cursor(cursor, int)
    if before is not None and not 0 < before[1] <= IDS_MOST:
        raise CursorUnknown
    async with reading(services.engine) as session:
        rows = await page_events(session, wanted, before=before, limit=limit + 1)
    shown = rows[:limit]
    following = write_cursor((shown[-1].at.isoformat(), shown[-1].id or 0)) if len(rows) > limit else None
    return Events(items=[EventOut.of(row) for row in shown], next=following)
