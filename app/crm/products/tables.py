"""Products and services, their categories, and VAT rates."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import pydantic
from pydantic import StringConstraints
from sqlalchemy import Index, Text
from sqlmodel import Field

from app.crm.products.stock import StockKeeping
from app.domain.roles import Permission
from app.events.subjects import describe, describe_part
from app.records.base import Money, Row, UtcDateTime
from app.system.fields import Fields, Line, Moment, Title
from app.system.money import Percent, Price

Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.:\-]+$")]
"""The code of a product or a category, as promotions name it."""
VatCategory = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]


class ProductNames(Fields):
    """A product's name in each language; where one lacks, another is shown."""

    name_et: Line = ""
    """The name in Estonian."""
    name_ru: Line = ""
    """The name in Russian."""
    name_en: Line = ""
    """The name in English."""


class ProductFields(ProductNames):
    """The fields of a product that people set; its stock is set by itself."""

    code: Code
    """The product's code; no two products have the same, whatever its case."""
    unit: Annotated[Title, pydantic.Field(max_length=20)] = "tk"
    """The unit that the price is for, such as `tk`, `h` or `kg`."""
    net_price: Price = Field(sa_type=Money)
    """The price of one unit without VAT, at most four decimal places."""
    vat: VatCategory = "standard"
    """The VAT category; `GET /vat-rates` has the rates of each."""
    active: bool = True
    """Whether the product is sold; a product that is not sold stays in all orders that have it."""
    active_from: Moment | None = Field(default=None, sa_type=UtcDateTime)
    """From when on the product is sold; null: from the beginning."""
    active_until: Moment | None = Field(default=None, sa_type=UtcDateTime)
    """The first moment at which it is no longer sold; null: without end."""


class ProductRow(ProductFields, Row, table=True):  # type: ignore[misc]  # each base has a config of its own
    """A product or service. Orders refer to it, so it is never deleted."""

    __tablename__ = "product"

    id: int | None = Field(default=None, primary_key=True)
    folded_code: str = Field(unique=True)
    """The code in the form that is compared."""
    search: str = Field(default="", sa_type=Text)
    """Code and names in the form that is searched."""
    version: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class ProductStockRow(Row, table=True):
    """How much of a product there is: a row of its own, because orders change it while people change the product."""

    __tablename__ = "product_stock"

    product_id: int = Field(foreign_key="product.id", ondelete="CASCADE", primary_key=True)
    keeping: str = StockKeeping.NOT_COUNTED.value
    """A `StockKeeping`."""
    counted: Decimal = Field(default=Decimal(0), sa_type=Money)
    """The number there is, where it is counted; exact like money."""
    low_at: Decimal = Field(default=Decimal(0), sa_type=Money)
    """The number at which it counts as low."""


class ProductCategoryRow(Row, table=True):
    """One category of one product. A category is there as long as a product has it."""

    __tablename__ = "product_category"
    __table_args__ = (Index("ix_product_category_folded_product_id", "folded", "product_id"),)

    product_id: int = Field(foreign_key="product.id", ondelete="CASCADE", primary_key=True)
    folded: str = Field(primary_key=True)
    """The name in the form that is compared."""
    name: str
    """The name as it was typed."""


class VatRateFields(Fields):
    """The rate of a VAT category from one day on."""

    category: VatCategory
    """The category's name, such as `standard`."""
    valid_from: date
    """The first day on which the rate holds; it holds until the next one of its category."""
    percent: Percent = Field(sa_type=Money)
    """The rate in percent, 0..100."""


class VatRateRow(VatRateFields, Row, table=True):  # type: ignore[misc]  # each base has a config of its own
    """The rate of a VAT category from one day on."""

    __tablename__ = "vat_rate"

    category: str = Field(primary_key=True)
    valid_from: date = Field(primary_key=True)


describe(
    ProductRow,
    "product",
    reads=Permission.PRODUCTS_READ,
    without={"folded_code", "search", "version", "created_at", "updated_at"},
)
describe(ProductStockRow, "product_stock", reads=Permission.PRODUCTS_READ)
describe_part(ProductCategoryRow, "categories", of=ProductRow, key="product_id", shows=("name",))
describe(VatRateRow, "vat_rate", reads=Permission.PRODUCTS_READ)
