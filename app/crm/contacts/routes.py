"""Contacts: the people and companies who call."""

from typing import Annotated

from fastapi import APIRouter

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import IDS_MOST, Cursor, Limit, read_cursor, read_id_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import ContactKey
from app.api.security import Known, needs
from app.crm.contact_search import service as search
from app.crm.contact_search.routes import Asked
from app.crm.contacts import removal, service
from app.crm.contacts.errors import (
    CompanyHasPeople,
    ContactUnknown,
    ContactUnnamed,
    EmployerUnfit,
    ExternalIdTaken,
    PreferredTwice,
)
from app.crm.contacts.schemas import ContactIn, ContactOut, Contacts
from app.crm.contacts.tables import ContactRow
from app.domain.ids import ContactId
from app.domain.roles import Permission
from app.numbers.errors import UNREADABLE
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.CONTACTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.CONTACTS_WRITE)]
Removes = Annotated[LoggedIn, needs(Permission.CONTACTS_REMOVE)]
UNFIT = (ContactUnnamed, ExternalIdTaken, EmployerUnfit, PreferredTwice, *UNREADABLE)
"""What is refused of a contact's data."""
router = APIRouter(prefix="/contacts", tags=["contacts"], route_class=IdempotentRoute)


@router.get("", summary="List contacts", responses=refusals(CursorUnknown))
async def list_contacts(
    asked: Asked, _: Reads, services: Known, cursor: Cursor = None, limit: Limit = 20
) -> Contacts:
    """Returns all contacts that match, the newest first; without `q` and filters, all contacts by name.

    They are found as `GET /contacts/search` finds them, which ranks the best few.
    """
    async with reading(services.engine) as session:
        if search.asks_nothing(asked, services.region):
            by_name = await service.list_contacts(session, after=_by_name(cursor), limit=limit)
            following = write_cursor((by_name.next.search, by_name.next.id)) if by_name.next else None
            return Contacts(items=[ContactOut.of(one) for one in by_name.contacts], next=following)
        before = read_id_cursor(cursor)
        found = await search.page(
            session,
            asked,
            before=ContactId(before) if before is not None else None,
            limit=limit,
            region=services.region,
        )
    following = write_cursor((found.next,)) if found.next is not None else None
    return Contacts(items=[ContactOut.of(one) for one in found.contacts], next=following)


@router.post(
    "",
    status_code=201,
    summary="Make a contact",
    responses=refusals(*UNFIT) | TAGGED_NEW,
)
async def make_contact(said: ContactIn, who: Writes, services: Known, tag: Tag) -> ContactOut:
    """Each number is kept in E.164 and as it was typed."""
    async with writing(services.engine, who.actor) as session:
        contact = await service.create_contact(session, said.draft(), services.now(), services.region)
    return tag(ContactOut.of(contact))


@router.get("/{id}", summary="One contact", responses=refusals(ContactUnknown) | TAGGED)
async def get_contact(id: ContactKey, _: Reads, services: Known, tag: Tag) -> ContactOut:  # noqa: A002 - the path says it
    """Returns one contact; of one that was merged, 410 with the contact it went into."""
    async with reading(services.engine) as session:
        return tag(ContactOut.of(await service.get_contact(session, ContactId(id))))


@router.put(
    "/{id}",
    summary="Change a contact",
    responses=refusals(ContactUnknown, CompanyHasPeople, *UNFIT, *UNSEEN) | TAGGED,
)
async def put_contact(
    id: ContactKey,  # noqa: A002 - the path says it
    said: ContactIn,
    who: Writes,
    services: Known,
    match: Match,
) -> ContactOut:
    """The body replaces the whole contact, its numbers included."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ContactRow, id)
        contact = await service.update_contact(
            session, ContactId(id), said.draft(), services.now(), services.region
        )
    return match(ContactOut.of(contact))


@router.delete(
    "/{id}", status_code=204, summary="Forget a contact", responses=refusals(ContactUnknown, *UNSEEN)
)
async def remove_contact(id: ContactKey, who: Removes, services: Known, match: Match) -> None:  # noqa: A002 - the path says it
    """Its numbers are removed with it; calls keep the bare id."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ContactRow, id)
        await removal.remove_contact(session, ContactId(id))


@router.get(
    "/{id}/people",
    summary="People who work for a company",
    responses=refusals(ContactUnknown, CursorUnknown),
)
async def list_people(
    id: ContactKey,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Contacts:
    """Returns the contacts whose `employer` is this company, by name; `job_title` says what each one is there."""
    async with reading(services.engine) as session:
        page = await service.people_of(session, ContactId(id), after=_by_name(cursor), limit=limit)
    following = write_cursor((page.next.search, page.next.id)) if page.next else None
    return Contacts(items=[ContactOut.of(one) for one in page.contacts], next=following)


def _by_name(cursor: str | None) -> service.ContactCursor | None:
    if cursor is None:
        return None
    after = service.ContactCursor(*read_cursor(cursor, str, int))
    if not 0 < after.id <= IDS_MOST:
        raise CursorUnknown
    return after
