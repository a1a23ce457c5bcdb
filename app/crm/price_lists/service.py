"""The rules of price lists: which price a contact pays, and on which terms."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contacts.service import get_contact
from app.crm.price_lists import queries
from app.crm.price_lists.errors import PriceListTaken, PriceListUnknown, TooManyPriceLists
from app.crm.price_lists.tables import PriceListFields, PriceListRow, PriceRow, TermsFields, TermsRow
from app.crm.products.errors import ProductUnknown
from app.crm.products.queries import get_products
from app.crm.tags.errors import TagUnknown
from app.crm.tags.queries import known_tags
from app.domain.ids import ContactId
from app.domain.references import ReferenceUnknown, named
from app.records.errors import refused_as
from app.records.versions import columns_of, raise_version

MOST: Final = 200
"""The most price lists of a centre."""


class PriceList(NamedTuple):
    """A price list with its prices."""

    row: PriceListRow
    prices: Sequence[PriceRow]


class ContactPrices(NamedTuple):
    """What a contact pays."""

    prices: Mapping[int, Decimal]
    """Net prices in place of the products' own, by product."""
    discount: Decimal
    """In percent."""


async def list_price_lists(session: AsyncSession) -> Sequence[tuple[PriceListRow, int]]:
    """Every price list by name, with how many prices it has."""
    return await queries.list_price_lists(session)


async def get_price_list(session: AsyncSession, price_list: int) -> PriceList:
    """One price list.

    Raises:
        PriceListUnknown: there is no such list.
    """
    row = await _row(session, price_list)
    return PriceList(row, await queries.prices_in(session, price_list))


async def make_price_list(
    session: AsyncSession, said: PriceListFields, tag: int | None, prices: Mapping[int, Decimal]
) -> PriceList:
    """Make a price list.

    Raises:
        PriceListTaken: there is one of this name.
        ReferenceUnknown: it names a tag or a product that does not exist.
        TooManyPriceLists: there are `MOST`.
    """
    if await queries.count_price_lists(session) >= MOST:
        raise TooManyPriceLists(most=MOST)
    return await _save(session, PriceListRow(name="", folded=""), said, tag, prices)


async def change_price_list(
    session: AsyncSession,
    price_list: int,
    said: PriceListFields,
    tag: int | None,
    prices: Mapping[int, Decimal],
) -> PriceList:
    """Change a price list whole.

    Raises:
        PriceListUnknown: there is no such list.
        PriceListTaken, ReferenceUnknown: see `make_price_list`.
    """
    row = await _row(session, price_list)
    return await _save(session, row, said, tag, prices)


async def get_terms(session: AsyncSession, contact: ContactId) -> TermsRow:
    """A contact's terms.

    Raises:
        ContactUnknown: there is no such contact.
    """
    await get_contact(session, contact)
    return await queries.get_terms(session, contact) or TermsRow(contact_id=contact)


async def set_terms(
    session: AsyncSession, contact: ContactId, said: TermsFields, price_list: int | None
) -> TermsRow:
    """Change a contact's terms.

    Raises:
        ContactUnknown: there is no such contact.
        ReferenceUnknown: there is no such list.
    """
    await get_contact(session, contact)
    if price_list is not None:
        with named("price_list"):
            await _row(session, price_list)
    row = await queries.get_terms(session, contact)
    if row is None:
        row = TermsRow(contact_id=contact, version=2)  # 1 are the usual terms
    was = columns_of(row)
    row.price_list_id, row.discount = price_list, said.discount
    raise_version(row, was)
    await queries.save_terms(session, row)
    return row


async def prices_for(session: AsyncSession, contact: int | None, products: Collection[int]) -> ContactPrices:
    """What a contact pays: its own list's price, else the lowest of its tags' lists, else the product's own.

    Args:
        session: reads.
        contact: None: nobody who is known; the usual terms.
        products: their ids.
    """
    if contact is None:
        return ContactPrices({}, Decimal(0))
    terms = await queries.get_terms(session, contact)
    own = terms.price_list_id if terms is not None else None
    prices = await queries.lowest_prices(session, price_list=own, contact=contact, products=products)
    return ContactPrices(prices, terms.discount if terms is not None else Decimal(0))


async def _row(session: AsyncSession, price_list: int) -> PriceListRow:
    row = await queries.get_price_list(session, price_list)
    if row is None:
        raise PriceListUnknown(price_list=price_list)
    return row


async def _save(
    session: AsyncSession,
    row: PriceListRow,
    said: PriceListFields,
    tag: int | None,
    prices: Mapping[int, Decimal],
) -> PriceList:
    if tag is not None and not await known_tags(session, [tag]):
        raise ReferenceUnknown("tag", TagUnknown(tag=tag))
    missing = prices.keys() - (await get_products(session, prices)).keys()
    if missing:
        raise ReferenceUnknown("prices", ProductUnknown(product=min(missing)))
    was = columns_of(row)
    row.name, row.tag_id, row.active = said.name, tag, said.active
    row.folded = " ".join(unicodedata.normalize("NFKC", said.name).casefold().split())
    with session.no_autoflush:
        known = await queries.prices_in(session, row.id) if row.id is not None else ()
    raise_version(row, was, parts={one.product_id: one.net_price for one in known} != prices)
    with refused_as(PriceListTaken(name=said.name)):
        await queries.save_price_list(session, row)
    assert row.id is not None
    await queries.set_prices(session, row.id, prices)
    return PriceList(row, await queries.prices_in(session, row.id))
