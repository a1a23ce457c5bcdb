"""Orders as the API takes and shows them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from app.api.problems import FieldProblem
from app.api.schemas import RequestModel, Shown, named_after
from app.crm.orders.pricing import ROUNDING
from app.crm.orders.quoting import DraftLine
from app.crm.orders.states import OrderAction, OrderState, actions
from app.crm.orders.tables import OrderFields, OrderLineRow, OrderRow
from app.crm.products.tables import ProductNames
from app.system.fields import Line
from app.system.money import Exact, Percent, Quantity, Stock, Sum

LINES_MOST: Final = 100
LinePrice = Annotated[Decimal, Exact("-100000000000000", "100000000000000", 4, shown=2)]
ContactChoice = Annotated[int, Field(ge=1, le=2**53)]
CallChoice = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[A-Za-z0-9_.:\-]+$")]
_DRAFT_LINE: dict[str, JsonValue] = {"product": 12, "quantity": "2"}
_TYPED: dict[str, JsonValue] = {
    "contact": 7,
    "address": "Tamme 1, Tartu",
    "comment": "uksekell ei tööta",
    "wished_at": "2026-03-04T10:00:00Z",
}
_ROW: dict[str, JsonValue] = {
    **_TYPED,
    "id": 41,
    "number": "2026-00017",
    "state": "placed",
    "may": ["confirm", "deliver", "cancel"],
    "contact_name": "Õunapuu Mari-Liis",
    "call": "1764000000.1",
    "queue": "sales",
    "user": 12,
    "user_name": "Mari Maasikas",
    "net": "14.51",
    "vat": "3.48",
    "gross": "17.99",
    "reason": "",
    "repeat_of": None,
    "version": 4,
    "created_at": "2026-03-02T09:00:00Z",
    "updated_at": "2026-03-02T09:02:00Z",
    "placed_at": "2026-03-02T09:02:00Z",
    "confirmed_at": None,
    "delivered_at": None,
    "ended_at": None,
}
_LINE: dict[str, JsonValue] = {
    "id": 90,
    "position": 1,
    "product": 12,
    "promotion": None,
    "code": "KB-100",
    "name_et": "Kaabel, 1 m",
    "name_ru": "Кабель, 1 м",
    "name_en": "Cable, 1 m",
    "unit": "tk",
    "quantity": "2",
    "net_price": "8.0565",
    "discount": "10",
    "net": "14.50",
    "vat": "standard",
    "vat_percent": "24",
    "returned": "0",
}


class DraftLineIn(RequestModel):
    """A line of a draft."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DRAFT_LINE]})

    product: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """The product's id."""
    quantity: Quantity
    """How much of it, in the product's unit."""


Lines = Annotated[list[DraftLineIn], Field(max_length=LINES_MOST)]


class OrderPatch(OrderFields, RequestModel):
    """What changes of a draft; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"lines": [_DRAFT_LINE]}]})

    contact: ContactChoice | None = None
    """The contact who orders; null: nobody who is known."""
    lines: Lines = Field(default_factory=list)
    """All lines, at most 100."""

    def fields(self) -> dict[str, Any]:
        """What is given, without the lines."""
        said = self.model_dump(exclude={"lines", "call"}, exclude_unset=True)
        return {"contact_id" if name == "contact" else name: value for name, value in said.items()}

    def wanted(self) -> list[DraftLine] | None:
        """The lines; None: they are not given."""
        if "lines" not in self.model_fields_set:
            return None
        return [DraftLine(one.product, one.quantity) for one in self.lines]


class OrderIn(OrderPatch):
    """A new draft, as far as it is known."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_TYPED, "call": "1764000000.1", "lines": [_DRAFT_LINE]}]}
    )

    contact: ContactChoice | None = None
    """The contact who orders; null: the call's, if it has one."""
    call: CallChoice | None = None
    """The call in which it is typed."""


class RepeatIn(RequestModel):
    """Where an order is repeated."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"call": "1764000000.1"}]})

    call: CallChoice | None = None
    """The call in which it is repeated."""


class ReasonIn(RequestModel):
    """Why an order is cancelled."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "klient loobus"}]})

    reason: Annotated[Line, Field(min_length=1)]
    """The reason, 1 to 200 characters."""


class ReturnLine(RequestModel):
    """A line of which something comes back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": 90, "quantity": "1"}]})

    id: Annotated[int, Field(ge=1, le=2**53)]
    """The line's id."""
    quantity: Quantity
    """How much comes back."""


class ReturnIn(ReasonIn):
    """What comes back of an order, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "katki", "lines": [{"id": 90, "quantity": "1"}], "restock": False}]
        }
    )

    lines: Annotated[list[ReturnLine], Field(max_length=LINES_MOST)] | None = None
    """The lines; null: everything that is not back yet."""
    restock: bool = False
    """The goods are in stock again, where they are counted."""

    def back(self) -> dict[int, Decimal] | None:
        """The quantity that comes back, by line; None: everything."""
        if self.lines is None:
            return None
        found: dict[int, Decimal] = {}
        for one in self.lines:
            found[one.id] = found.get(one.id, Decimal(0)) + one.quantity
        return found


class OrderLineOut(ProductNames, Shown):
    """A line: a product, or what a promotion takes off."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LINE]})

    id: int | None
    """The line's id; null in a draft."""
    position: int
    """1 and up; promotions come behind products."""
    product: int | None
    """The product's id; null: the line is a promotion's."""
    promotion: int | None
    """The promotion's id; null: the line is a product's."""
    code: str
    """The product's code as it was."""
    unit: str
    """The product's unit as it was."""
    quantity: Quantity
    """How much of it."""
    net_price: LinePrice
    """The price of one unit without VAT, of the contact's price list if it has one."""
    discount: Percent
    """The contact's discount in percent."""
    net: Sum
    """The line's sum without VAT; below zero for a promotion."""
    vat: str
    """The VAT category."""
    vat_percent: Percent
    """The VAT rate in percent."""
    returned: Stock
    """How much of it came back."""


class RateOut(Shown):
    """The sums of one VAT rate."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"category": "standard", "percent": "24", "net": "14.51", "vat": "3.48"}]
        }
    )

    category: str
    """The VAT category."""
    percent: Percent
    """The rate in percent."""
    net: Sum
    """The sum of the lines with this rate, without VAT."""
    vat: Sum
    """The VAT of that sum."""


class OrderRowOut(OrderFields, Shown):
    """An order in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROW]})

    id: int
    """The order's id."""
    number: str | None
    """The number that the customer is told: the year and a count without gaps; null: a draft."""
    state: OrderState
    """How far it has come."""
    may: list[OrderAction]
    """What its state allows next; the role may allow less. Nothing, if it is a draft that somebody else types."""
    contact: int | None
    """The contact who ordered; null: unknown, or removed."""
    contact_name: str
    """The contact's name; empty: unknown, or removed."""
    call: str | None
    """The call in which it was typed; null: in none."""
    queue: str | None
    """The queue of that call."""
    user: int | None
    """Who typed it; once placed, who placed it."""
    user_name: str
    """Their display name as it was."""
    net: Sum | None
    """The sum without VAT; null in lists of drafts."""
    vat: Sum | None
    """The VAT; null in lists of drafts."""
    gross: Sum | None
    """The sum with VAT; null in lists of drafts."""
    reason: str
    """Why it was cancelled, or why something was last returned; empty for none."""
    repeat_of: int | None
    """The order that it repeats; null: none."""
    version: int
    """Raised with each change, for `If-Match`."""
    created_at: datetime
    """When the draft was made."""
    updated_at: datetime
    """When it was last changed."""
    placed_at: datetime | None
    """When it was placed; null: not yet."""
    confirmed_at: datetime | None
    """When it was confirmed; null: not yet."""
    delivered_at: datetime | None
    """When it was delivered; null: not yet."""
    ended_at: datetime | None
    """When it was cancelled, or returned whole; null: neither."""

    @classmethod
    def of(cls, row: OrderRow, contact_name: str, *, own: bool) -> "OrderRowOut":
        """The order as a list shows it; `own`: if it is a draft, it is the reader's to change."""
        return cls.model_validate(row_values(row, contact_name, own=own))


class OrderOut(OrderRowOut):
    """An order with its lines; a draft with what it would cost now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_ROW,
                    "lines": [_LINE],
                    "draft_lines": [],
                    "vat_rates": [{"category": "standard", "percent": "24", "net": "14.51", "vat": "3.48"}],
                    "rounding": ROUNDING,
                    "problems": [],
                }
            ]
        }
    )

    lines: list[OrderLineOut]
    """The lines with their prices; in a draft, those of today."""
    draft_lines: list[DraftLineIn]
    """The lines of a draft as they were typed; empty once it is placed."""
    vat_rates: list[RateOut]
    """The sums by VAT rate."""
    rounding: str
    """The rule of rounding: `en16931-half-up` rounds lines to cents, and VAT once for each rate."""
    problems: list[FieldProblem]
    """Lines of the draft that cannot be had now, by their places in `draft_lines`; with any, it cannot be placed."""

    @classmethod
    def whole(
        cls,
        row: OrderRow,
        contact_name: str,
        lines: Sequence[OrderLineRow],
        more: dict[str, Any] | None = None,
        *,
        own: bool,
    ) -> "OrderOut":
        """The order as the API shows it.

        Args:
            row: the order.
            contact_name: its contact's.
            lines: its lines.
            more: fields of a draft, in place of the row's.
            own: if it is a draft, it is the reader's to change.
        """
        values = row_values(row, contact_name, own=own) | {
            "lines": [named_after(line.model_dump()) for line in lines],
            "draft_lines": [named_after(line) for line in row.draft_lines],
            "vat_rates": row.vat_rates,
            "rounding": row.rounding,
            "problems": [],
        }
        return cls.model_validate(values | (more or {}))


def row_values(row: OrderRow, contact_name: str, *, own: bool) -> dict[str, Any]:
    """The values of the fields that a list shows."""
    state = OrderState(row.state)
    return named_after(row.model_dump(exclude={"draft_lines", "vat_rates", "rounding", "placed_version"})) | {
        "contact_name": contact_name,
        "may": actions(state) if own or state is not OrderState.DRAFT else [],
    }


class Orders(Shown):
    """A page of orders, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ROW], "next": None}]})

    items: list[OrderRowOut]
    """The orders of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class StateCount(Shown):
    """The orders in one state."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "placed", "orders": 12, "gross": "1034.20"}]}
    )

    state: OrderState
    """The state."""
    orders: int
    """The number of orders in it."""
    gross: Sum
    """Their sum with VAT; 0.00 for drafts."""
