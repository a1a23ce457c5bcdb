"""Products, their stock and categories, and VAT rates."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, read_id_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, needs
from app.api.services import Services
from app.crm.products import service
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
from app.crm.products.schemas import (
    ArrivalIn,
    CategoryOut,
    ProductIn,
    ProductOut,
    Products,
    StockIn,
    VatRate,
    VatRates,
)
from app.crm.products.tables import Code, ProductRow
from app.crm.tallies.days import day_in
from app.domain.roles import Permission
from app.numbers.facts import only_zone
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.PRODUCTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.PRODUCTS_WRITE)]
router = APIRouter(prefix="/products", tags=["orders"], route_class=IdempotentRoute)
rates = APIRouter(prefix="/vat-rates", tags=["orders"])

_FIELDS = (ProductUnnamed, ProductEndsTooSoon, VatCategoryUnknown, ProductCodeTaken)
"""The refusals of a product's fields."""


def today_of(services: Services) -> date:
    """The date in the centre's time zone, which decides on VAT and on the year of an order's number."""
    return day_in(only_zone(services.region), services.now())[0]


@router.get("", summary="Products by code", responses=refusals(CursorUnknown))
async def list_products(
    _: Reads,
    services: Known,
    *,
    q: Annotated[
        str, Query(max_length=200, description="Parts of the code or a name, in any alphabet; empty: all.")
    ] = "",
    category: Annotated[Code | None, Query(description="Only of this category.")] = None,
    sold: Annotated[bool, Query(description="Only those that are sold now.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Products:
    """All words of `q` must be in the code or in the names, in any order."""
    async with reading(services.engine) as session:
        found, after = await service.search_products(
            session,
            q,
            today=today_of(services),
            category=category,
            sold_at=services.now() if sold else None,
            after=read_id_cursor(cursor),
            limit=limit,
        )
    following = write_cursor((after,)) if after is not None else None
    return Products(items=[ProductOut.of(one) for one in found], next=following)


@router.get("/categories", summary="Categories of products", responses=refusals())
async def list_categories(_: Reads, services: Known) -> list[CategoryOut]:
    """Returns all categories by code, each with the number of its products."""
    async with reading(services.engine) as session:
        found = await service.list_categories(session)
    return [CategoryOut(name=name, products=products) for name, products in found]


@router.post(
    "",
    status_code=201,
    summary="Make a product",
    responses=refusals(*_FIELDS, TooManyProducts) | TAGGED_NEW,
)
async def make_product(said: ProductIn, who: Writes, services: Known, tag: Tag) -> ProductOut:
    """Its stock is not counted until somebody says how much there is."""
    async with writing(services.engine, who.actor) as session:
        made = await service.make_product(session, said, said.categories, services.now(), today_of(services))
    return tag(ProductOut.of(made))


@router.get("/{id}", summary="One product", responses=refusals(ProductUnknown) | TAGGED)
async def get_product(id: RowId, _: Reads, services: Known, tag: Tag) -> ProductOut:  # noqa: A002 - the path says it
    """Returns the product with today's VAT and its stock."""
    async with reading(services.engine) as session:
        return tag(ProductOut.of(await service.get_product(session, id, today_of(services))))


@router.put(
    "/{id}", summary="Change a product", responses=refusals(ProductUnknown, *_FIELDS, *UNSEEN) | TAGGED
)
async def put_product(
    id: RowId,  # noqa: A002 - the path says it
    *,
    said: ProductIn,
    who: Writes,
    match: Match,
    services: Known,
) -> ProductOut:
    """The body replaces everything but the stock. Drafts show the new price at once; placed orders keep theirs."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ProductRow, id)
        changed = await service.change_product(
            session, id, said, said.categories, at=services.now(), today=today_of(services)
        )
    return match(ProductOut.of(changed))


@router.delete(
    "/{id}", status_code=204, summary="Sell a product no longer", responses=refusals(ProductUnknown, *UNSEEN)
)
async def withdraw_product(id: RowId, who: Writes, match: Match, services: Known) -> None:  # noqa: A002 - the path says it
    """The product becomes inactive and stays in all orders; `active` brings it back."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ProductRow, id)
        await service.withdraw_product(session, id, services.now())


@router.put("/{id}/stock", summary="Say how much of a product there is", responses=refusals(ProductUnknown))
async def put_stock(
    id: RowId,  # noqa: A002 - the path says it
    said: StockIn,
    who: Writes,
    services: Known,
) -> ProductOut:
    """For a stock-taking. Goods that arrive are better added, because orders take from the number meanwhile."""
    async with writing(services.engine, who.actor) as session:
        changed = await service.set_stock(
            session, id, said.stock, counted=said.counted, low_at=said.low_at, today=today_of(services)
        )
    return ProductOut.of(changed)


@router.post(
    "/{id}/arrivals",
    summary="Count goods that arrived",
    responses=refusals(ProductUnknown, StockNotCounted, StockTooLarge),
)
async def add_stock(
    id: RowId,  # noqa: A002 - the path says it
    said: ArrivalIn,
    who: Writes,
    services: Known,
) -> ProductOut:
    """The number is added to what there is, whatever orders take meanwhile."""
    async with writing(services.engine, who.actor) as session:
        return ProductOut.of(await service.add_stock(session, id, said.quantity, today_of(services)))


@rates.get("", summary="VAT rates", responses=refusals())
async def get_rates(_: Reads, services: Known) -> VatRates:
    """Returns all rates, those of the past and the future too."""
    async with reading(services.engine) as session:
        rows = await service.list_rates(session)
    return VatRates(items=[VatRate.model_validate(row.model_dump()) for row in rows])


@rates.put("", summary="Set VAT rates", responses=refusals(VatCategoryUsed))
async def put_rates(said: VatRates, who: Writes, services: Known) -> VatRates:
    """The body replaces all rates. Placed orders keep the rate of their day."""
    async with writing(services.engine, who.actor) as session:
        await service.replace_rates(session, said.items, today_of(services))
    return await get_rates(who, services)
