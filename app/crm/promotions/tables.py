"""Promotions as rows."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

import pydantic
from pydantic import StringConstraints
from sqlalchemy import Index
from sqlmodel import AutoString, Field

from app.domain.promotions import DiscountKind
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, Money, Row, UtcDateTime
from app.system.fields import Fields, Moment, Prose, QueueName, Title

TextLanguage = Literal["et", "ru", "en"]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.:\-]+$")]
"""The code of a product, a category or a topic."""
Codes = Annotated[list[Code], pydantic.Field(max_length=200)]
Queues = Annotated[list[QueueName], pydantic.Field(max_length=100)]
TagIds = Annotated[list[Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)]], pydantic.Field(max_length=100)]


class PromotionText(Fields):
    """A promotion in one language."""

    title: Title
    """What the promotion is called."""
    description: Prose = ""
    """What is offered."""
    terms: Prose = ""
    """On which terms."""


class PromotionFields(Fields):
    """The fields of a promotion that people set."""

    texts: dict[TextLanguage, PromotionText]
    """The promotion's texts by language: `et`, `ru`, `en`; at least one."""
    from_at: Moment
    """When the promotion begins."""
    until_at: Moment | None = None
    """The first moment after the promotion; null: it has no end."""
    queues: Queues = pydantic.Field(default_factory=list)
    """The queues whose callers it is for."""
    tags: TagIds = pydantic.Field(default_factory=list)
    """The ids of the tags of contacts it is for; without queues and tags it is for everybody."""
    discount_kind: DiscountKind | None = None
    """How the promotion lowers a price; null: it is no discount."""
    discount_value: Annotated[
        Decimal, pydantic.Field(ge=0, le=1_000_000, max_digits=11, decimal_places=4, allow_inf_nan=False)
    ] = Decimal(0)
    """The discount: percent, or an amount of money for each unit."""
    products: Codes = pydantic.Field(default_factory=list)
    """The codes of the products it covers."""
    categories: Codes = pydantic.Field(default_factory=list)
    """The codes of the categories it covers; without products and categories it covers everything."""
    active: bool = True
    """The promotion is in use; one that is not lowers no price and is not offered."""


class PromotionRow(Row, PromotionFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """A promotion; orders refer to it, so it is put out of use and never deleted."""

    __tablename__ = "promotion"
    __table_args__ = (Index("ix_promotion_until_at", "until_at"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    version: int = 1
    """Counts the changes."""
    texts: dict[str, dict[str, str]] = Field(default_factory=dict, sa_type=Json)  # type: ignore[assignment]
    from_at: datetime = Field(sa_type=UtcDateTime)
    until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    queues: list[str] = Field(default_factory=list, sa_type=Json)
    tags: list[int] = Field(default_factory=list, sa_type=Json)
    discount_kind: DiscountKind | None = Field(default=None, sa_type=AutoString)
    discount_value: Decimal = Field(default=Decimal(0), sa_type=Money)
    products: list[str] = Field(default_factory=list, sa_type=Json)
    categories: list[str] = Field(default_factory=list, sa_type=Json)


describe(PromotionRow, "promotion", reads=Permission.PROMOTIONS_READ)
