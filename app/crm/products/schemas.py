"""Products as the API takes and shows them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict, Field, JsonValue, field_validator

from app.api.schemas import RequestModel, Shown
from app.crm.orders.pricing import rounded
from app.crm.products.errors import VatRateTwice
from app.crm.products.service import Product
from app.crm.products.stock import Availability, StockKeeping
from app.crm.products.tables import Code, ProductFields, VatRateFields
from app.system.money import Percent, Quantity, Stock

CATEGORIES_OF_PRODUCT: Final = 20
_SAID: dict[str, JsonValue] = {
    "code": "KB-100",
    "name_et": "Kaabel, 1 m",
    "name_ru": "Кабель, 1 м",
    "name_en": "Cable, 1 m",
    "unit": "tk",
    "net_price": "8.0565",
    "vat": "standard",
    "active": True,
    "active_from": None,
    "active_until": None,
    "categories": ["kaablid"],
}
_PRODUCT: dict[str, JsonValue] = {
    **_SAID,
    "id": 12,
    "vat_percent": "24",
    "gross_price": "9.99",
    "availability": "in",
    "stock": "counted",
    "counted": "40",
    "low_at": "5",
    "version": 3,
    "created_at": "2026-03-02T09:00:00Z",
    "updated_at": "2026-03-02T09:00:00Z",
}
_RATE: dict[str, JsonValue] = {"category": "standard", "valid_from": "2025-07-01", "percent": "24"}
Categories = Annotated[list[Code], Field(max_length=CATEGORIES_OF_PRODUCT)]


class ProductIn(ProductFields, RequestModel):
    """A product without its stock."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAID]})

    categories: Categories = Field(default_factory=list)
    """The codes of the product's categories; a category is made by being named."""


class ProductOut(ProductFields, Shown):
    """A product."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PRODUCT]})

    id: int
    """The product's id."""
    categories: list[str]
    """The codes of the product's categories."""
    vat_percent: Percent | None
    """Today's VAT rate in percent; null: its category has none today, so that it cannot be ordered."""
    gross_price: str | None
    """The price of one unit with VAT, in cents, to tell a customer; null where there is no rate."""
    availability: Availability
    """Whether it can be had now."""
    stock: StockKeeping
    """How its stock is known: counted, or as somebody has said."""
    counted: Stock
    """The number there is, where it is counted; else 0."""
    low_at: Stock
    """The number at which it counts as low."""
    version: int
    """Raised with each change, for `If-Match`; the stock does not raise it."""
    created_at: datetime
    """When the product was made."""
    updated_at: datetime
    """When the product was last changed."""

    @classmethod
    def of(cls, product: Product) -> Self:
        """The product as the API shows it."""
        gross = None
        if product.vat_percent is not None:
            gross = str(rounded(product.row.net_price * (100 + product.vat_percent) / 100))
        return cls.model_validate(
            product.row.model_dump(exclude={"folded_code", "search"})
            | {
                "categories": product.categories,
                "vat_percent": product.vat_percent,
                "gross_price": gross,
                "availability": product.availability,
                "stock": product.stock.keeping,
                "counted": product.stock.counted,
                "low_at": product.stock.low_at,
            }
        )


class Products(Shown):
    """A page of products by code."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_PRODUCT], "next": None}]})

    items: list[ProductOut]
    """The products of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class StockIn(RequestModel):
    """How much of a product there is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"stock": "counted", "counted": "40", "low_at": "5"}]}
    )

    stock: StockKeeping
    """`counted` goes by the number; `in`, `low` and `out` hold until somebody says otherwise."""
    counted: Stock = Decimal(0)
    """The number there is, with `counted`."""
    low_at: Stock = Decimal(0)
    """The number at which it counts as low, with `counted`."""


class ArrivalIn(RequestModel):
    """Goods that arrived."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"quantity": "12"}]})

    quantity: Quantity
    """The number that arrived; it is added to the number there is."""


class CategoryOut(Shown):
    """A category of products."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "kaablid", "products": 17}]})

    name: str
    """The category's code."""
    products: int
    """The number of products in it, sold or not."""


class VatRate(VatRateFields, RequestModel):
    """The rate of a VAT category from one day on."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RATE]})


class VatRates(RequestModel):
    """All VAT rates; of a category the latest that has begun holds."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_RATE]}]})

    items: Annotated[list[VatRate], Field(max_length=500)]
    """The rates, at most 500; no category has two from the same day."""

    @field_validator("items")
    @classmethod
    def _each_once(cls, items: list[VatRate]) -> list[VatRate]:
        seen: set[Any] = set()
        for one in items:
            if (one.category, one.valid_from) in seen:
                raise VatRateTwice(category=one.category, day=one.valid_from.isoformat())
            seen.add((one.category, one.valid_from))
        return items
