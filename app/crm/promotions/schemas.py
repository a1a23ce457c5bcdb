"""Promotions as the API takes and shows them."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, JsonValue, model_validator

from app.api.schemas import RequestModel, Shown
from app.crm.promotions.errors import DiscountUnfit, PromotionEndsBefore, PromotionUntitled
from app.crm.promotions.tables import PromotionFields, PromotionRow, PromotionText
from app.domain.promotions import DiscountKind

__all__ = ["PromotionIn", "PromotionOut", "Promotions"]

_SAID: dict[str, JsonValue] = {
    "texts": {
        "et": {
            "title": "Sügise kiirus",
            "description": "Kolm kuud poole hinnaga.",
            "terms": "Uuele liitujale.",
        },
        "en": {
            "title": "Autumn speed",
            "description": "Three months at half price.",
            "terms": "New customers.",
        },
    },
    "from_at": "2026-09-01T00:00:00Z",
    "until_at": "2026-12-01T00:00:00Z",
    "queues": ["sales"],
    "tags": [3],
    "discount_kind": "percent",
    "discount_value": "50",
    "products": ["fiber-300"],
    "categories": [],
    "active": True,
}


class PromotionIn(PromotionFields, RequestModel):
    """A promotion."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAID]})

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.texts:
            raise PromotionUntitled
        if self.until_at is not None and self.until_at <= self.from_at:
            raise PromotionEndsBefore
        most = 100 if self.discount_kind is DiscountKind.PERCENT else 1_000_000
        if (self.discount_kind is None) != (self.discount_value == 0) or self.discount_value > most:
            raise DiscountUnfit
        return self

    def fields(self) -> dict[str, Any]:
        """The columns of the row."""
        texts = {language: PromotionText.model_dump(text) for language, text in self.texts.items()}
        return self.model_dump() | {"texts": texts}


class PromotionOut(PromotionFields, Shown):
    """A promotion."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": 4, "version": 1, **_SAID}]})

    id: int
    """The promotion's id."""
    version: int
    """The number of the version."""

    @classmethod
    def of(cls, row: PromotionRow) -> Self:
        """The promotion as the API shows it."""
        shown = cls.model_validate(row, from_attributes=True)
        return shown.model_copy(update={"discount_value": _plain(shown.discount_value)})


def _plain(value: Decimal) -> Decimal:
    """The same number without zeros at its end, and without an exponent."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


class Promotions(Shown):
    """A page of promotions."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"id": 4, "version": 1, **_SAID}], "next": None}]}
    )

    items: Annotated[list[PromotionOut], Field()]
    """The promotions, in the order in which they were made."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
