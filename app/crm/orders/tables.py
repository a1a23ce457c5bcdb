"""Orders, their lines, and the count that numbers come from."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import pydantic
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text
from sqlmodel import Field

from app.crm.calls.belonging import follows_call
from app.crm.contact_history.sources import joins_history
from app.crm.privacy.holdings import holds
from app.crm.products.tables import ProductNames
from app.domain.roles import Permission
from app.events.subjects import describe, describe_part
from app.records.base import BigInt, Json, Money, Row, UtcDateTime
from app.system.fields import Fields, Moment, Prose

Note = Annotated[Prose, pydantic.Field(max_length=5000)]


class OrderFields(Fields):
    """What people type into an order, beside its lines."""

    address: Note = Field(default="", sa_type=Text)
    """Where it is delivered, or where the service is done."""
    comment: Note = Field(default="", sa_type=Text)
    """Anything else that whoever delivers needs to know."""
    wished_at: Moment | None = Field(default=None, sa_type=UtcDateTime)
    """When the customer wishes it; null: no wish."""


class OrderRow(OrderFields, Row, table=True):  # type: ignore[misc]  # each base has a config of its own
    """An order. Once it is placed, only its state, and what came back of its lines, change."""

    __tablename__ = "customer_order"
    __table_args__ = (
        Index("ix_customer_order_user_id_placed_at", "user_id", "placed_at"),
        Index("ix_customer_order_state_id", "state", "id"),
        {"sqlite_autoincrement": True},  # history names orders: an id never comes back
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    number: str | None = Field(default=None, unique=True)
    """Given when it is placed: the year, and a count without gaps."""
    state: str
    """An `OrderState`."""
    contact_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="SET NULL"), index=True),
    )
    call_id: str | None = Field(default=None, index=True)
    queue: str | None = None
    """The queue of the call, which decides on promotions."""
    user_id: int | None = Field(default=None)
    """Who typed it; once placed, who placed it."""
    user_name: str = ""
    """Their display name as it was."""
    draft_lines: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    """The lines of a draft: `product_id` and `quantity`; empty once placed."""
    net: Decimal | None = Field(default=None, sa_type=Money)
    vat: Decimal | None = Field(default=None, sa_type=Money)
    gross: Decimal | None = Field(default=None, sa_type=Money)
    vat_rates: list[dict[str, str]] = Field(default_factory=list, sa_type=Json)
    """For each VAT rate `category`, `percent`, `net` and `vat`."""
    rounding: str = ""
    """The rule by which the sums were rounded."""
    reason: str = Field(default="", sa_type=Text)
    """Why it was cancelled, or why something was last returned."""
    repeat_of: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("customer_order.id", ondelete="SET NULL"))
    )
    version: int = 1
    placed_version: int | None = None
    """The draft's version that was placed: whoever places it again gets this order."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    placed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was cancelled, or returned whole."""


class OrderLineRow(ProductNames, Row, table=True):  # type: ignore[misc]  # each base has a config of its own
    """A line of a placed order as it was sold; only `returned` ever changes."""

    __tablename__ = "order_line"
    __table_args__ = (Index("ix_order_line_product_id_order_id", "product_id", "order_id"),)

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    order_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("customer_order.id", ondelete="CASCADE"), index=True, nullable=False
        )
    )
    position: int
    """1 and up; promotions come behind products."""
    product_id: int | None = Field(default=None, foreign_key="product.id")
    promotion_id: int | None = None
    """The promotion whose discount this line is; then there is no product."""
    code: str = ""
    unit: str = ""
    quantity: Decimal = Field(sa_type=Money)
    net_price: Decimal = Field(sa_type=Money)
    discount: Decimal = Field(default=Decimal(0), sa_type=Money)
    """The contact's discount in percent."""
    net: Decimal = Field(sa_type=Money)
    vat: str
    """The VAT category."""
    vat_percent: Decimal = Field(sa_type=Money)
    returned: Decimal = Field(default=Decimal(0), sa_type=Money)
    """What came back, 0..`quantity`."""


class OrderNumberRow(Row, table=True):
    """The last number given in a year; it goes back with the transaction that fails."""

    __tablename__ = "order_number"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


describe(
    OrderRow,
    "order",
    reads=Permission.ORDERS_READ,
    without={"placed_version", "rounding", "version", "created_at", "updated_at"},
)
describe_part(
    OrderLineRow,
    "lines",
    of=OrderRow,
    key="order_id",
    shows=("code", "quantity", "net", "returned"),
)
follows_call(OrderRow, touched="updated_at")
joins_history(
    OrderRow,
    "order",
    at="placed_at",
    user="user_id",
    shows=("number", "state", "gross", "call_id"),
    reads=Permission.ORDERS_READ,
)
holds(
    OrderRow,
    shows=(
        *("placed_at", "number", "state", "address", "comment", "wished_at", "net", "vat", "gross", "reason"),
        *("call_id", "user_name", "confirmed_at", "delivered_at", "ended_at"),
    ),
    clears=("address", "comment", "reason"),
)
holds(
    OrderLineRow,
    through=("order_id", OrderRow),
    shows=("order_id", "code", "name_en", "quantity", "unit", "net_price", "net", "vat_percent", "returned"),
    kept=True,
)
