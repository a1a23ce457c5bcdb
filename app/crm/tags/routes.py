"""Tags, and the contacts that have them."""

from typing import Annotated

from fastapi import APIRouter

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, read_id_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import ContactKey, RowId
from app.api.security import Known, needs
from app.crm.contacts.errors import ContactUnknown
from app.crm.contacts.schemas import ContactOut
from app.crm.tags import service
from app.crm.tags.errors import TagTaken, TagUnknown, TooManyTags
from app.crm.tags.schemas import TagCounted, TaggedContacts, TagIn, TagOut, TagsIn
from app.crm.tags.tables import TagRow
from app.domain.ids import ContactId
from app.domain.roles import Permission
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.CONTACTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.CONTACTS_WRITE)]
Removes = Annotated[LoggedIn, needs(Permission.CONTACTS_REMOVE)]
router = APIRouter(prefix="/tags", tags=["contacts"], route_class=IdempotentRoute)
of_contact = APIRouter(prefix="/contacts", tags=["contacts"])


@router.get("", summary="All tags", responses=refusals())
async def list_tags(_: Reads, services: Known) -> list[TagCounted]:
    """Returns all tags by name, each with the number of contacts that have it."""
    async with reading(services.engine) as session:
        tags = await service.list_tags(session)
    return [TagCounted(**TagOut.of(row).model_dump(), contacts=contacts) for row, contacts in tags]


@router.post(
    "", status_code=201, summary="Make a tag", responses=refusals(TagTaken, TooManyTags) | TAGGED_NEW
)
async def make_tag(said: TagIn, who: Writes, services: Known, tag: Tag) -> TagOut:
    """No two tags may have the same name, whatever its case."""
    async with writing(services.engine, who.actor) as session:
        return tag(TagOut.of(await service.make_tag(session, said)))


@router.put("/{id}", summary="Change a tag", responses=refusals(TagUnknown, TagTaken, *UNSEEN) | TAGGED)
async def put_tag(
    id: RowId,  # noqa: A002 - the path says it
    said: TagIn,
    who: Removes,
    services: Known,
    match: Match,
) -> TagOut:
    """The change shows at once on all contacts that have the tag."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, TagRow, id)
        return match(TagOut.of(await service.change_tag(session, id, said)))


@router.delete("/{id}", status_code=204, summary="Forget a tag", responses=refusals(TagUnknown, *UNSEEN))
async def remove_tag(id: RowId, who: Removes, services: Known, match: Match) -> None:  # noqa: A002 - the path says it
    """The tag is removed from all contacts; the contacts stay."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, TagRow, id)
        await service.remove_tag(session, id)


@router.get(
    "/{id}/contacts", summary="Contacts that have a tag", responses=refusals(TagUnknown, CursorUnknown)
)
async def list_contacts(
    id: RowId,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> TaggedContacts:
    """Returns the contacts in the order in which they were made."""
    async with reading(services.engine) as session:
        contacts, after = await service.contacts_with(session, id, after=read_id_cursor(cursor), limit=limit)
    following = write_cursor((after,)) if after is not None else None
    return TaggedContacts(items=[ContactOut.of(one) for one in contacts], next=following)


@of_contact.get("/{id}/tags", summary="A contact's tags", responses=refusals(ContactUnknown))
async def get_tags(id: ContactKey, _: Reads, services: Known) -> list[TagOut]:  # noqa: A002 - the path says it
    """Returns the contact's tags, by name."""
    async with reading(services.engine) as session:
        return [TagOut.of(row) for row in await service.tags_of(session, ContactId(id))]


@of_contact.put("/{id}/tags", summary="Tag a contact", responses=refusals(ContactUnknown))
async def put_tags(
    id: ContactKey,  # noqa: A002 - the path says it
    said: TagsIn,
    who: Writes,
    services: Known,
) -> list[TagOut]:
    """The body replaces all tags of the contact: tags that are not named are taken off."""
    async with writing(services.engine, who.actor) as session:
        return [TagOut.of(row) for row in await service.set_tags(session, ContactId(id), said.tags)]
