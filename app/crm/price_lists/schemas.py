"""Price lists and terms as the API takes and shows them."""

from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import RequestModel, Shown, named_after
from app.crm.price_lists.service import PriceList
from app.crm.price_lists.tables import PriceFields, PriceListFields, PriceListRow, TermsFields, TermsRow

PRICES_MOST: Final = 2000
_PRICE: dict[str, JsonValue] = {"product": 12, "net_price": "7.50"}
_LIST: dict[str, JsonValue] = {"name": "Hulgihinnad", "tag": 3, "active": True}
_TERMS: dict[str, JsonValue] = {"price_list": None, "discount": "5"}


class PriceIn(PriceFields, RequestModel):
    """A product's price in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PRICE]})

    product: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """The product's id."""


class PriceListIn(PriceListFields, RequestModel):
    """A price list with all its prices."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_LIST, "prices": [_PRICE]}]})

    tag: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """The tag whose contacts get these prices; null: only contacts whose terms name the list."""
    prices: Annotated[list[PriceIn], Field(max_length=PRICES_MOST)] = Field(default_factory=list)
    """The prices, at most 2,000; products that the list lacks cost what they cost everybody."""

    def by_product(self) -> dict[int, Decimal]:
        """The prices; of a product that comes twice, the last."""
        return {one.product: one.net_price for one in self.prices}


class PriceListRowOut(PriceListFields, Shown):
    """A price list in the list of lists."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_LIST, "id": 4, "version": 2, "count": 120}]}
    )

    id: int
    """The list's id."""
    tag: int | None
    """The tag whose contacts get these prices; null: only contacts whose terms name the list."""
    version: int
    """Raised with each change, for `If-Match`."""
    count: int
    """The number of its prices."""

    @classmethod
    def of(cls, row: PriceListRow, count: int) -> Self:
        """The list as the API shows it."""
        return cls.model_validate(named_after(row.model_dump(exclude={"folded"})) | {"count": count})


class PriceListOut(PriceListRowOut):
    """A price list with all its prices."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_LIST, "id": 4, "version": 2, "count": 1, "prices": [_PRICE]}]}
    )

    prices: list[PriceIn]
    """The prices, by product."""

    @classmethod
    def whole(cls, one: PriceList) -> Self:
        """The list as the API shows it."""
        prices = [named_after(row.model_dump(exclude={"price_list_id"})) for row in one.prices]
        row = named_after(one.row.model_dump(exclude={"folded"}))
        return cls.model_validate(row | {"count": len(prices), "prices": prices})


class TermsIn(TermsFields, RequestModel):
    """The terms on which a contact buys."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TERMS]})

    price_list: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """The contact's own price list, in place of those of its tags; null: none of its own."""


class TermsOut(TermsFields, Shown):
    """The terms on which a contact buys."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_TERMS, "version": 2}]})

    price_list: int | None
    """The contact's own price list, in place of those of its tags; null: none of its own."""
    version: int
    """Raised with each change, for `If-Match`."""

    @classmethod
    def of(cls, row: TermsRow) -> Self:
        """The terms as the API shows them."""
        return cls.model_validate(named_after(row.model_dump(exclude={"id", "contact_id"})))
