"""Stale contacts, for whoever tidies."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.paging import Cursor, Limit, read_id_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import Moment
from app.api.security import Known, needs
from app.crm.contacts.schemas import ContactOut, Contacts
from app.crm.stale_contacts.service import stale
from app.domain.roles import Permission
from app.records.engine import reading

Tidies = Annotated[LoggedIn, needs(Permission.CONTACTS_REMOVE)]
router = APIRouter(prefix="/contacts", tags=["contacts"])


@router.get("/stale", summary="Stale contacts", responses=refusals(CursorUnknown))
async def list_stale_contacts(
    _: Tidies,
    services: Known,
    since: Annotated[Moment, Query(description="Only contacts that have been out of use since this moment.")],
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Contacts:
    """Contacts that nobody has made, changed, called or talked with since the moment, and to whom no order, complaint,
    note, consent, lead or anything else refers.

    A page may have fewer contacts than asked for; `next` says whether there are more.
    """
    async with reading(services.engine) as session:
        page = await stale(session, since, after=read_id_cursor(cursor) or 0, limit=limit)
    following = write_cursor((page.next,)) if page.next is not None else None
    return Contacts(items=[ContactOut.of(one) for one in page.contacts], next=following)
