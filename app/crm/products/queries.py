"""Products, categories and VAT rates as rows."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.products.tables import ProductCategoryRow, ProductRow, ProductStockRow, VatRateRow


async def page_products(
    session: AsyncSession,
    *,
    words: Sequence[str],
    category: str | None,
    sold_at: datetime | None,
    after: int | None,
    limit: int,
) -> Sequence[ProductRow]:
    """Products by their codes.

    Args:
        session: reads.
        words: each must be in the code or a name, folded.
        category: only of this category, folded.
        sold_at: only those that are sold then.
        after: the id of the last product on the page before.
        limit: how many at most.
    """
    code = col(ProductRow.folded_code)
    query = select(ProductRow).order_by(code).limit(limit)
    for word in words:
        query = query.where(col(ProductRow.search).contains(word, autoescape=True))
    if category is not None:
        of_it = select(ProductCategoryRow.product_id).where(ProductCategoryRow.folded == category)
        query = query.where(col(ProductRow.id).in_(of_it))
    if sold_at is not None:
        begins, ends = col(ProductRow.active_from), col(ProductRow.active_until)
        query = query.where(
            col(ProductRow.active).is_(True),
            or_(begins.is_(None), begins <= sold_at),
            or_(ends.is_(None), ends > sold_at),
        )
    if after is not None:
        query = query.where(
            code > select(ProductRow.folded_code).where(ProductRow.id == after).scalar_subquery()
        )
    return (await session.scalars(query)).all()


async def get_products(session: AsyncSession, products: Collection[int]) -> dict[int, ProductRow]:
    """Products by id; ids of no product are left out."""
    query = select(ProductRow).where(col(ProductRow.id).in_(products))
    return {row.id or 0: row for row in await session.scalars(query)}


async def get_stocks(
    session: AsyncSession, products: Collection[int], *, lock: bool = False
) -> dict[int, ProductStockRow]:
    """Stocks by product; those that nobody has said anything of are left out.

    Locked ones are locked in the order of their ids, so that nobody waits in a circle.
    """
    id_ = col(ProductStockRow.product_id)
    query = select(ProductStockRow).where(id_.in_(products)).order_by(id_)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return {row.product_id: row for row in await session.scalars(query)}


async def save_stock(session: AsyncSession, row: ProductStockRow) -> None:
    """Save the stock of a product."""
    session.add(row)
    await session.flush()


async def count_products(session: AsyncSession) -> int:
    """How many products there are."""
    return await session.scalar(select(func.count()).select_from(ProductRow)) or 0


async def save_product(session: AsyncSession, row: ProductRow) -> None:
    """Save a product; the row comes back with its id.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when another product has the code.
    """
    session.add(row)
    await session.flush()


async def categories_of(
    session: AsyncSession, products: Collection[int]
) -> dict[int, list[ProductCategoryRow]]:
    """The categories of products, by name; a product without one has an empty list."""
    query = (
        select(ProductCategoryRow)
        .where(col(ProductCategoryRow.product_id).in_(products))
        .order_by(col(ProductCategoryRow.folded))
    )
    found: dict[int, list[ProductCategoryRow]] = {product: [] for product in products}
    for row in await session.scalars(query):
        found[row.product_id].append(row)
    return found


async def set_categories(session: AsyncSession, product: int, categories: dict[str, str]) -> None:
    """Replace a product's categories: names by their folded form."""
    for row in (await categories_of(session, [product]))[product]:
        if categories.pop(row.folded, None) is None:
            await session.delete(row)
    session.add_all(
        ProductCategoryRow(product_id=product, folded=folded, name=name)
        for folded, name in categories.items()
    )
    await session.flush()


async def count_categories(session: AsyncSession) -> Sequence[tuple[str, int]]:
    """Each category's name with how many products have it, by its folded form."""
    folded = col(ProductCategoryRow.folded)
    query = select(func.min(ProductCategoryRow.name), func.count()).group_by(folded).order_by(folded)
    return [(name, count) for name, count in await session.execute(query)]


async def list_rates(session: AsyncSession) -> Sequence[VatRateRow]:
    """Every VAT rate, by category and day."""
    order = col(VatRateRow.category), col(VatRateRow.valid_from)
    return (await session.scalars(select(VatRateRow).order_by(*order))).all()


async def replace_rates(session: AsyncSession, rates: Sequence[VatRateRow]) -> None:
    """Put other VAT rates in place of all; a rate that stays is no change."""
    kept = {(row.category, row.valid_from): row for row in await list_rates(session)}
    for rate in rates:
        before = kept.pop((rate.category, rate.valid_from), None)
        if before is None:
            session.add(rate)
        else:
            before.percent = rate.percent
    for row in kept.values():
        await session.delete(row)
    await session.flush()


async def categories_in_use(session: AsyncSession) -> set[str]:
    """VAT categories of products that are sold."""
    return set(await session.scalars(select(ProductRow.vat).where(col(ProductRow.active)).distinct()))
