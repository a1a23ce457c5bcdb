"""Price lists, and the terms of contacts."""

from typing import Annotated

from fastapi import APIRouter

from app.accounts.service import LoggedIn
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.problems import refusals
from app.api.schemas import ContactKey, RowId
from app.api.security import Known, needs
from app.crm.contacts.errors import ContactUnknown
from app.crm.price_lists import service
from app.crm.price_lists.errors import PriceListTaken, PriceListUnknown, TooManyPriceLists
from app.crm.price_lists.schemas import PriceListIn, PriceListOut, PriceListRowOut, TermsIn, TermsOut
from app.crm.price_lists.tables import PriceListRow, TermsRow
from app.domain.ids import ContactId
from app.domain.roles import Permission
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.PRODUCTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.PRODUCTS_WRITE)]
router = APIRouter(prefix="/price-lists", tags=["orders"], route_class=IdempotentRoute)
of_contact = APIRouter(prefix="/contacts", tags=["orders"])

_NAMED = (PriceListTaken,)


@router.get("", summary="Price lists", responses=refusals())
async def list_price_lists(_: Reads, services: Known) -> list[PriceListRowOut]:
    """Returns all lists by name, without their prices."""
    async with reading(services.engine) as session:
        found = await service.list_price_lists(session)
    return [PriceListRowOut.of(row, count) for row, count in found]


@router.post(
    "",
    status_code=201,
    summary="Make a price list",
    responses=refusals(*_NAMED, TooManyPriceLists) | TAGGED_NEW,
)
async def make_price_list(said: PriceListIn, who: Writes, services: Known, tag: Tag) -> PriceListOut:
    """Its prices hold for contacts with its tag, and for those whose terms name it."""
    async with writing(services.engine, who.actor) as session:
        return tag(
            PriceListOut.whole(await service.make_price_list(session, said, said.tag, said.by_product()))
        )


@router.get("/{id}", summary="One price list", responses=refusals(PriceListUnknown) | TAGGED)
async def get_price_list(id: RowId, _: Reads, services: Known, tag: Tag) -> PriceListOut:  # noqa: A002 - the path says it
    """Returns the list with all its prices."""
    async with reading(services.engine) as session:
        return tag(PriceListOut.whole(await service.get_price_list(session, id)))


@router.put(
    "/{id}", summary="Change a price list", responses=refusals(PriceListUnknown, *_NAMED, *UNSEEN) | TAGGED
)
async def put_price_list(
    id: RowId,  # noqa: A002 - the path says it
    *,
    said: PriceListIn,
    who: Writes,
    match: Match,
    services: Known,
) -> PriceListOut:
    """The body replaces the list and all its prices. Placed orders keep their prices."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, PriceListRow, id)
        changed = await service.change_price_list(session, id, said, said.tag, said.by_product())
        return match(PriceListOut.whole(changed))


@of_contact.get("/{id}/terms", summary="A contact's terms", responses=refusals(ContactUnknown) | TAGGED)
async def get_terms(id: ContactKey, _: Reads, services: Known, tag: Tag) -> TermsOut:  # noqa: A002 - the path says it
    """Returns the contact's own price list and discount; a contact without terms has neither."""
    async with reading(services.engine) as session:
        return tag(TermsOut.of(await service.get_terms(session, ContactId(id))))


@of_contact.put(
    "/{id}/terms",
    summary="Change a contact's terms",
    responses=refusals(ContactUnknown, PriceListUnknown, *UNSEEN) | TAGGED,
)
async def put_terms(
    id: ContactKey,  # noqa: A002 - the path says it
    *,
    said: TermsIn,
    who: Writes,
    match: Match,
    services: Known,
) -> TermsOut:
    """The contact's drafts show the new terms at once; placed orders keep their prices."""
    async with writing(services.engine, who.actor) as session:
        before = await service.get_terms(session, ContactId(id))
        if before.id is not None:
            await match.check(session, TermsRow, before.id)
        return match(TermsOut.of(await service.set_terms(session, ContactId(id), said, said.price_list)))
