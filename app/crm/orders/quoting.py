"""What a draft would cost now, and which of its lines cannot be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.orders.errors import LineNotSold, LineOutOfStock, LineWithoutVat
from app.crm.orders.pricing import Item, Priced, Totals, VatRate, price
from app.crm.orders.tables import OrderRow
from app.crm.price_lists.service import prices_for
from app.crm.products.service import Product, products_by_id
from app.crm.promotions.service import rules_for
from app.crm.tags.queries import tags_of
from app.domain.errors import Refusal
from app.domain.promotions import PromotionRule
from app.system.money import written


class DraftLine(NamedTuple):
    """A line of a draft, as it was typed."""

    product: int
    quantity: Decimal


class QuotedLine(NamedTuple):
    """A line of a draft with its price."""

    place: int
    """From 0."""
    product: Product
    item: Item
    net: Decimal


@dataclass(slots=True, frozen=True)
class Quote:
    """A draft with its prices."""

    lines: Sequence[QuotedLine]
    priced: Priced
    rules: dict[int, PromotionRule]
    """The promotions by id."""
    problems: Sequence[tuple[int, str, Refusal]]
    """For each line that cannot be had its place, the product's code, and why."""


def stored_lines(lines: Sequence[DraftLine]) -> list[dict[str, Any]]:
    """Lines of a draft as its row holds them."""
    return [{"product_id": line.product, "quantity": written(line.quantity, 0)} for line in lines]


def stored_rates(totals: Totals) -> list[dict[str, str]]:
    """The sums of each VAT rate as the row of a placed order holds them."""
    return [
        {
            "category": one.rate.category,
            "percent": written(one.rate.percent, 0),
            "net": written(one.net),
            "vat": written(one.vat),
        }
        for one in totals.rates
    ]


def draft_lines(row: OrderRow) -> list[DraftLine]:
    """The lines of a draft."""
    return [DraftLine(one["product_id"], Decimal(one["quantity"])) for one in row.draft_lines]


async def quote(
    session: AsyncSession, row: OrderRow, at: datetime, today: date, *, lock: bool = False
) -> Quote:
    """Price a draft.

    Args:
        session: reads.
        row: the draft.
        at: now.
        today: the date in the centre's time zone, for VAT.
        lock: keep the stock as it is until the commit.
    """
    wanted = draft_lines(row)
    products = await products_by_id(session, {line.product for line in wanted}, today, lock=lock)
    terms = await prices_for(session, row.contact_id, products)
    problems = _problems(wanted, products, at)
    places = [place for place, line in enumerate(wanted) if products[line.product].vat_percent is not None]
    items = [
        _item(wanted[place], products[wanted[place].product], terms.prices, terms.discount)
        for place in places
    ]
    tags = await tags_of(session, row.contact_id) if row.contact_id is not None else ()
    rules = await rules_for(session, at, queue=row.queue, tags=[tag.id or 0 for tag in tags])
    priced = price(items, [_folded(rule) for rule in rules])
    lines = [
        QuotedLine(place, products[wanted[place].product], item, net)
        for place, item, net in zip(places, items, priced.nets, strict=True)
    ]
    return Quote(lines, priced, {rule.id: rule for rule in rules}, problems)


def _item(line: DraftLine, product: Product, prices: Mapping[int, Decimal], discount: Decimal) -> Item:
    row = product.row
    assert product.vat_percent is not None
    return Item(
        product=row.code.casefold(),
        quantity=line.quantity,
        net_price=prices.get(line.product, row.net_price),
        vat=VatRate(row.vat, product.vat_percent),
        discount=discount,
        categories=frozenset(name.casefold() for name in product.categories),
    )


def _folded(rule: PromotionRule) -> PromotionRule:
    """A promotion whose codes are compared whatever their case, as those of products are."""
    return replace(
        rule,
        products=frozenset(code.casefold() for code in rule.products),
        categories=frozenset(code.casefold() for code in rule.categories),
    )


def _problems(
    wanted: Sequence[DraftLine], products: Mapping[int, Product], at: datetime
) -> list[tuple[int, str, Refusal]]:
    together: dict[int, Decimal] = {}
    for line in wanted:
        together[line.product] = together.get(line.product, Decimal(0)) + line.quantity
    found: list[tuple[int, str, Refusal]] = []
    for place, line in enumerate(wanted):
        product = products[line.product]
        code, left = product.row.code, product.lacking(together[line.product])
        if not product.is_sold(at):
            found.append((place, code, LineNotSold(product_code=code)))
        elif product.vat_percent is None:
            found.append((place, code, LineWithoutVat(product_code=code)))
        elif left is not None:
            counts = written(left, 0), written(together[line.product], 0)
            found.append((place, code, LineOutOfStock(product_code=code, left=counts[0], wanted=counts[1])))
    return found
