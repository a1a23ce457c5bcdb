"""Price lists, their prices, and the terms of contacts as rows."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.price_lists.tables import PriceListRow, PriceRow, TermsRow
from app.crm.tags.tables import ContactTagRow


async def list_price_lists(session: AsyncSession) -> Sequence[tuple[PriceListRow, int]]:
    """Every price list by its folded name, with how many prices it has."""
    prices = (
        select(PriceRow.price_list_id, func.count().label("prices"))
        .group_by(col(PriceRow.price_list_id))
        .subquery()
    )
    query = (
        select(PriceListRow, func.coalesce(prices.c.prices, 0))
        .outerjoin(prices, prices.c.price_list_id == col(PriceListRow.id))
        .order_by(col(PriceListRow.folded))
    )
    return [(row, count) for row, count in await session.execute(query)]


async def count_price_lists(session: AsyncSession) -> int:
    """How many price lists there are."""
    return await session.scalar(select(func.count()).select_from(PriceListRow)) or 0


async def get_price_list(session: AsyncSession, price_list: int) -> PriceListRow | None:
    """One price list, or None."""
    return await session.get(PriceListRow, price_list)


async def save_price_list(session: AsyncSession, row: PriceListRow) -> None:
    """Save a price list; the row comes back with its id.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when another has the folded name.
    """
    session.add(row)
    await session.flush()


async def prices_in(session: AsyncSession, price_list: int) -> Sequence[PriceRow]:
    """The prices of a list, by product."""
    query = select(PriceRow).where(PriceRow.price_list_id == price_list).order_by(col(PriceRow.product_id))
    return (await session.scalars(query)).all()


async def set_prices(session: AsyncSession, price_list: int, prices: Mapping[int, Decimal]) -> None:
    """Replace the prices of a list; a price that stays is no change."""
    left = dict(prices)
    for row in await prices_in(session, price_list):
        if left.get(row.product_id) == row.net_price:
            del left[row.product_id]
        else:
            await session.delete(row)
    await session.flush()
    session.add_all(
        PriceRow(price_list_id=price_list, product_id=product, net_price=net_price)
        for product, net_price in left.items()
    )
    await session.flush()


async def get_terms(session: AsyncSession, contact: int) -> TermsRow | None:
    """A contact's terms, or None for the usual ones."""
    return (await session.scalars(select(TermsRow).where(TermsRow.contact_id == contact))).one_or_none()


async def save_terms(session: AsyncSession, row: TermsRow) -> None:
    """Save a contact's terms."""
    session.add(row)
    await session.flush()


async def lowest_prices(
    session: AsyncSession, *, price_list: int | None, contact: int, products: Collection[int]
) -> dict[int, Decimal]:
    """The lowest price of each product in a price list that is in use; products without one are left out.

    Args:
        session: reads.
        price_list: the list; None: all lists of the contact's tags.
        contact: whose tags.
        products: their ids.
    """
    query = (
        select(PriceRow.product_id, func.min(PriceRow.net_price))
        .join(PriceListRow, col(PriceListRow.id) == col(PriceRow.price_list_id))
        .where(col(PriceListRow.active), col(PriceRow.product_id).in_(products))
        .group_by(col(PriceRow.product_id))
    )
    if price_list is not None:
        query = query.where(col(PriceListRow.id) == price_list)
    else:
        tags = select(ContactTagRow.tag_id).where(ContactTagRow.contact_id == contact)
        query = query.where(col(PriceListRow.tag_id).in_(tags))
    return dict((await session.execute(query)).all())
