"""Price lists and their prices, and the terms of contacts."""

from decimal import Decimal

from sqlalchemy import BigInteger, Column, ForeignKey
from sqlmodel import Field

from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe, describe_part
from app.records.base import Money, Row
from app.system.fields import Fields, Title
from app.system.money import Percent, Price


class PriceListFields(Fields):
    """The fields of a price list that people set, beside its prices."""

    name: Title
    """The list's name; no two lists have the same, whatever its case."""
    active: bool = True
    """Whether the list is in use; drafts of orders show its prices at once."""


class PriceListRow(PriceListFields, Row, table=True):  # type: ignore[misc]  # each base has a config of its own
    """A price list. Terms refer to it, so it is never deleted."""

    __tablename__ = "price_list"

    id: int | None = Field(default=None, primary_key=True)
    tag_id: int | None = Field(default=None, foreign_key="tag.id", ondelete="SET NULL", index=True)
    """The tag whose contacts get these prices."""
    folded: str = Field(unique=True)
    """The name in the form that is compared."""
    version: int = 1


class PriceFields(Fields):
    """A product's price in a list."""

    net_price: Price = Field(sa_type=Money)
    """The price of one unit without VAT, in place of the product's own."""


class PriceRow(PriceFields, Row, table=True):  # type: ignore[misc]  # each base has a config of its own
    """A product's price in a list."""

    __tablename__ = "price"

    price_list_id: int = Field(foreign_key="price_list.id", ondelete="CASCADE", primary_key=True)
    product_id: int = Field(foreign_key="product.id", ondelete="CASCADE", primary_key=True, index=True)


class TermsFields(Fields):
    """The terms on which a contact buys."""

    discount: Percent = Field(default=Decimal(0), sa_type=Money)
    """The discount in percent on every line, after the price list, before promotions."""


class TermsRow(TermsFields, Row, table=True):  # type: ignore[misc]  # each base has a config of its own
    """The terms on which a contact buys; a contact without a row has the usual ones."""

    __tablename__ = "contact_terms"
    __table_args__ = ({"sqlite_autoincrement": True},)  # history names terms: an id never comes back

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), unique=True, nullable=False
        )
    )
    price_list_id: int | None = Field(default=None, foreign_key="price_list.id", ondelete="SET NULL")
    """The contact's own price list."""
    version: int = 1


describe(PriceListRow, "price_list", reads=Permission.PRODUCTS_READ, without={"folded", "version"})
describe_part(PriceRow, "prices", of=PriceListRow, key="price_list_id", shows=("product_id", "net_price"))
describe(TermsRow, "contact_terms", reads=Permission.PRODUCTS_READ, without={"version"})
holds(TermsRow, shows=("price_list_id", "discount"))
