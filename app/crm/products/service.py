"""The rules of products: codes that are unique, search across alphabets, VAT of the day, and what is in stock."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from anyascii import anyascii
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.products import queries
from app.crm.products.errors import (
    ProductCodeTaken,
    ProductEndsTooSoon,
    ProductUnknown,
    ProductUnnamed,
    StockNotCounted,
    StockTooLarge,
    TooManyProducts,
    VatCategoryUnknown,
    VatCategoryUsed,
)
from app.crm.products.stock import Availability, StockKeeping, availability, is_sold, lacks
from app.crm.products.tables import (
    ProductFields,
    ProductRow,
    ProductStockRow,
    VatRateFields,
    VatRateRow,
)
from app.crm.products.vat import DatedRate, rate_on
from app.domain.names import fold
from app.records.errors import refused_as
from app.records.versions import columns_of, raise_version

MOST: Final = 50_000
"""The most products of a centre."""
STOCK_MOST: Final = Decimal(100_000_000)


class Product(NamedTuple):
    """A product with its categories."""

    row: ProductRow
    categories: list[str]
    """Their names as typed."""
    vat_percent: Decimal | None
    """Today's rate; None: its category has none."""
    stock: ProductStockRow

    @property
    def availability(self) -> Availability:
        """Whether it can be had now."""
        return availability(StockKeeping(self.stock.keeping), self.stock.counted, self.stock.low_at)

    def lacking(self, wanted: Decimal) -> Decimal | None:
        """The quantity that can be had where it is less than wanted; None: there is enough."""
        return lacks(StockKeeping(self.stock.keeping), self.stock.counted, wanted)

    def is_sold(self, at: datetime) -> bool:
        """Whether it is sold at a moment."""
        row = self.row
        return is_sold(active=row.active, active_from=row.active_from, active_until=row.active_until, at=at)


async def search_products(
    session: AsyncSession,
    text: str,
    *,
    today: date,
    category: str | None = None,
    sold_at: datetime | None = None,
    after: int | None = None,
    limit: int = 20,
) -> tuple[list[Product], int | None]:
    """Products whose code or name has all words of the text, by code; and the id to go on after.

    Args:
        session: reads.
        text: parts of words, in any alphabet, with or without accents; blank: all products.
        today: for the VAT rate.
        category: only of this category.
        sold_at: only those that are sold at this moment.
        after: where the page before ended.
        limit: how many at most.
    """
    rows = await queries.page_products(
        session,
        words=_plain(text).split(),
        category=_folded(category) if category is not None else None,
        sold_at=sold_at,
        after=after,
        limit=limit + 1,
    )
    shown = rows[:limit]
    return await _whole(session, shown, today), shown[-1].id if len(rows) > limit else None


async def get_product(session: AsyncSession, product: int, today: date) -> Product:
    """One product.

    Raises:
        ProductUnknown: there is no such product.
    """
    (found,) = await _whole(session, [await _row(session, product)], today)
    return found


async def products_by_id(
    session: AsyncSession, products: Collection[int], today: date, *, lock: bool = False
) -> dict[int, Product]:
    """Products by id; ids of no product are left out. Locked, their stock stays as it is until the commit."""
    rows = await queries.get_products(session, products)
    return {one.row.id or 0: one for one in await _whole(session, list(rows.values()), today, lock=lock)}


async def make_product(
    session: AsyncSession, said: ProductFields, categories: Sequence[str], at: datetime, today: date
) -> Product:
    """Make a product.

    Raises:
        ProductUnnamed: it has no name.
        ProductEndsTooSoon: it would end before it begins.
        VatCategoryUnknown: its VAT category has no rate today.
        ProductCodeTaken: another has its code.
        TooManyProducts: there are `MOST`.
    """
    if await queries.count_products(session) >= MOST:
        raise TooManyProducts(most=MOST)
    row = ProductRow(code="", folded_code="", net_price=Decimal(0), created_at=at, updated_at=at)
    return await _save(session, row, said, categories, today, at=at)


async def change_product(
    session: AsyncSession,
    product: int,
    said: ProductFields,
    categories: Sequence[str],
    *,
    at: datetime,
    today: date,
) -> Product:
    """Change a product, but not its stock. Placed orders keep what they have.

    Raises:
        ProductUnknown: there is no such product.
        ProductUnnamed, ProductEndsTooSoon, VatCategoryUnknown, ProductCodeTaken: see `make_product`.
    """
    return await _save(session, await _row(session, product), said, categories, today, at=at)


async def withdraw_product(session: AsyncSession, product: int, at: datetime) -> None:
    """Sell a product no longer; orders that have it stay whole.

    Raises:
        ProductUnknown: there is no such product.
    """
    row = await _row(session, product)
    if row.active:
        row.active, row.version, row.updated_at = False, row.version + 1, at
        await queries.save_product(session, row)


async def set_stock(
    session: AsyncSession,
    product: int,
    keeping: StockKeeping,
    *,
    counted: Decimal,
    low_at: Decimal,
    today: date,
) -> Product:
    """Say how much of a product there is.

    Raises:
        ProductUnknown: there is no such product.
    """
    await _row(session, product)
    row = await _stock(session, product)
    row.keeping, row.low_at = keeping.value, low_at
    row.counted = counted if keeping is StockKeeping.COUNTED else Decimal(0)
    await queries.save_stock(session, row)
    return await get_product(session, product, today)


async def add_stock(session: AsyncSession, product: int, quantity: Decimal, today: date) -> Product:
    """Count goods that arrived.

    Raises:
        ProductUnknown: there is no such product.
        StockNotCounted: its stock is not counted.
        StockTooLarge: there would be more than `STOCK_MOST`.
    """
    code = (await _row(session, product)).code
    row = await _stock(session, product)
    if row.keeping != StockKeeping.COUNTED.value:
        raise StockNotCounted(product_code=code)
    if row.counted + quantity > STOCK_MOST:
        raise StockTooLarge(product_code=code, most=str(STOCK_MOST))
    row.counted += quantity
    await queries.save_stock(session, row)
    return await get_product(session, product, today)


async def move_stock(session: AsyncSession, quantities: Mapping[int, Decimal]) -> None:
    """Take from the stock, or give back where a quantity is above zero; products that are not counted stay as they are.

    Args:
        session: writes; locks the stocks until its commit.
        quantities: by product; what is taken is below zero, and is there: see `Product.lacking`.
    """
    for id_, row in (await queries.get_stocks(session, quantities, lock=True)).items():
        if row.keeping == StockKeeping.COUNTED.value:
            row.counted = min(row.counted + quantities[id_], STOCK_MOST)
    await session.flush()


async def list_categories(session: AsyncSession) -> Sequence[tuple[str, int]]:
    """Every category by name, with how many products have it."""
    return await queries.count_categories(session)


async def list_rates(session: AsyncSession) -> Sequence[VatRateRow]:
    """Every VAT rate, by category and day."""
    return await queries.list_rates(session)


async def replace_rates(session: AsyncSession, said: Sequence[VatRateFields], today: date) -> None:
    """Put other VAT rates in place of all. Placed orders keep theirs.

    Raises:
        VatCategoryUsed: products that are sold would have no rate today.
    """
    rates = [DatedRate(one.category, one.valid_from, one.percent) for one in said]
    missing = [
        one for one in sorted(await queries.categories_in_use(session)) if rate_on(rates, one, today) is None
    ]
    if missing:
        raise VatCategoryUsed(categories=missing)
    rows = [
        VatRateRow(category=one.category, valid_from=one.valid_from, percent=one.percent) for one in rates
    ]
    await queries.replace_rates(session, rows)


async def _stock(session: AsyncSession, product: int) -> ProductStockRow:
    found = await queries.get_stocks(session, [product], lock=True)
    return found.get(product) or ProductStockRow(product_id=product)


async def _row(session: AsyncSession, product: int) -> ProductRow:
    row = (await queries.get_products(session, [product])).get(product)
    if row is None:
        raise ProductUnknown(product=product)
    return row


async def _whole(
    session: AsyncSession, rows: Sequence[ProductRow], today: date, *, lock: bool = False
) -> list[Product]:
    rates, ids = await _rates(session), [row.id or 0 for row in rows]
    categories = await queries.categories_of(session, ids)
    stocks = await queries.get_stocks(session, ids, lock=lock)
    return [
        Product(
            row=row,
            categories=[one.name for one in categories[id_]],
            vat_percent=rate_on(rates, row.vat, today),
            stock=stocks.get(id_) or ProductStockRow(product_id=id_),
        )
        for row, id_ in zip(rows, ids, strict=True)
    ]


async def _rates(session: AsyncSession) -> list[DatedRate]:
    return [DatedRate(one.category, one.valid_from, one.percent) for one in await queries.list_rates(session)]


async def _save(
    session: AsyncSession,
    row: ProductRow,
    said: ProductFields,
    categories: Sequence[str],
    today: date,
    *,
    at: datetime,
) -> Product:
    if not (said.name_et or said.name_ru or said.name_en):
        raise ProductUnnamed
    if (
        said.active_from is not None
        and said.active_until is not None
        and said.active_until <= said.active_from
    ):
        raise ProductEndsTooSoon
    rates = await _rates(session)
    if rate_on(rates, said.vat, today) is None:
        raise VatCategoryUnknown(category=said.vat, categories=sorted({one.category for one in rates}))
    was = columns_of(row)
    for name in ProductFields.model_fields:
        setattr(row, name, getattr(said, name))
    row.updated_at = at
    row.folded_code = _folded(said.code)
    row.search = _plain(" ".join((said.code, said.name_et, said.name_ru, said.name_en)))
    folded = {_folded(name): name for name in categories}
    with session.no_autoflush:  # a code that is taken is told below
        known = (await queries.categories_of(session, [row.id]))[row.id] if row.id is not None else ()
    raise_version(row, was, parts={one.folded for one in known} != folded.keys())
    with refused_as(ProductCodeTaken(product_code=said.code)):
        await queries.save_product(session, row)
    assert row.id is not None
    await queries.set_categories(session, row.id, folded)
    return await get_product(session, row.id, today)


def _folded(text: str) -> str:
    """A code or category in the form that is compared: signs count, case, widths and further blanks do not."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _plain(text: str) -> str:
    """Text in the form that is searched: small ASCII letters and digits of any alphabet, words separated by one space.

    >>> _plain("ÕUNAKORV Зелёный кабель")
    'ounakorv zelenyy kabel'
    """
    words = ("".join(filter(str.isalnum, word)) for word in anyascii(fold(text)).lower().split())
    return " ".join(word for word in words if word)
