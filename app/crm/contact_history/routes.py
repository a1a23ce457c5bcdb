"""A contact's history, and undoing its changes."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, read_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import ContactKey
from app.api.security import Known, needs
from app.crm.contact_history import service
from app.crm.contact_history.errors import ChangedSince, ChangeKept, ChangeUnknown, KindUnknown
from app.crm.contact_history.queries import Place
from app.crm.contact_history.schemas import EntryOut, History
from app.crm.contact_history.undo import undo
from app.crm.contacts.errors import ContactUnknown, ContactUnnamed, ExternalIdTaken
from app.crm.contacts.schemas import ContactOut
from app.domain.ids import ContactId
from app.domain.roles import Permission
from app.records.engine import reading, writing
from app.system.moments import in_range

Reads = Annotated[LoggedIn, needs(Permission.CONTACTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.CONTACTS_WRITE)]
EventKey = Annotated[int, Path(ge=1, le=2**53, description="The change's id, as the history tells it.")]
router = APIRouter(prefix="/contacts/{id}/history", tags=["contacts"], route_class=IdempotentRoute)


@router.get("", summary="A contact's history", responses=refusals(ContactUnknown, KindUnknown, CursorUnknown))
async def get_history(
    id: ContactKey,  # noqa: A002 - the path says it
    who: Reads,
    services: Known,
    *,
    kind: Annotated[
        list[str] | None, Query(max_length=20, description="Only entries of these kinds.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> History:
    """Calls, attempts, promises to call, notes, changes and whatever else belongs to the contact, the newest first.

    Changes of subjects that the user may not read are left out.
    """
    async with reading(services.engine) as session:
        page = await service.page_history(
            session,
            ContactId(id),
            wanted=kind or (),
            permissions=who.permissions,
            before=_place(cursor),
            limit=limit,
        )
    following = write_cursor((page.next.at.isoformat(), page.next.kind, page.next.id)) if page.next else None
    return History(items=[EntryOut.of(one) for one in page.entries], next=following)


@router.post(
    "/{change}/undo",
    summary="Undo a change of a contact",
    responses=refusals(
        ContactUnknown, ChangeUnknown, ChangeKept, ChangedSince, ContactUnnamed, ExternalIdTaken
    )
    | TAGGED,
)
async def undo_change(
    id: ContactKey,  # noqa: A002 - the path says it
    change: EventKey,
    who: Writes,
    services: Known,
    tag: Tag,
) -> ContactOut:
    """The fields get back the values that they had before: numbers, addresses, tags and custom fields too.

    The undo is a change itself, which may be undone. It is refused where one of the fields was changed again since.
    """
    async with writing(services.engine, who.actor) as session:
        contact = await undo(session, ContactId(id), change, services.now())
    return tag(ContactOut.of(contact))


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    at, kind, id_ = read_cursor(cursor, str, str, str)
    if kind not in service.kinds():
        raise CursorUnknown
    try:
        return Place(in_range(datetime.fromisoformat(at)), kind, id_)
    except ValueError:
        raise CursorUnknown from None
