"""The rule of a promotion: for whom it is, what it covers, and what it takes off a price."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class DiscountKind(StrEnum):
    """How a promotion lowers a price."""

    PERCENT = "percent"
    """By a share of the price of a line."""
    AMOUNT = "amount"
    """By an amount of money for each unit of a line."""


@dataclass(slots=True, frozen=True, kw_only=True)
class PromotionRule:
    """What decides whether a promotion lowers the price of a line, and by how much."""

    id: int
    titles: dict[str, str]
    """What customers call it, by language: `et`, `ru`, `en`."""
    kind: DiscountKind | None
    """None: the promotion is no discount, but a gift or a service, which its description tells."""
    value: Decimal
    """Percent, 0..100, or an amount of money for each unit."""
    products: frozenset[str] = frozenset()
    """Codes of the products it covers."""
    categories: frozenset[str] = frozenset()
    """Codes of the categories it covers. Without products and categories it covers everything."""
    queues: frozenset[str] = frozenset()
    """Queues whose callers it is for."""
    tags: frozenset[int] = frozenset()
    """Tags of the contacts it is for. Without queues and tags it is for everybody."""
    from_at: datetime
    until_at: datetime | None = None
    """The first moment after it; None: it has no end."""


def runs(rule: PromotionRule, at: datetime) -> bool:
    """Whether a promotion runs at a moment."""
    return rule.from_at <= at and (rule.until_at is None or at < rule.until_at)


def is_for(rule: PromotionRule, *, queue: str | None = None, tags: Collection[int] = ()) -> bool:
    """Whether a promotion is for a customer.

    Args:
        rule: the promotion.
        queue: the queue that the customer called; None: unknown.
        tags: the tags of the customer's contact.
    """
    if not rule.queues and not rule.tags:
        return True
    return queue in rule.queues or not rule.tags.isdisjoint(tags)


def covers(rule: PromotionRule, *, product: str, categories: Collection[str] = ()) -> bool:
    """Whether a promotion covers a product.

    Args:
        rule: the promotion.
        product: the product's code.
        categories: the codes of the product's categories.
    """
    if not rule.products and not rule.categories:
        return True
    return product in rule.products or not rule.categories.isdisjoint(categories)


def discount(rule: PromotionRule, *, price: Decimal, quantity: Decimal) -> Decimal:
    """What a promotion takes off a line, not rounded; never more than the line's price, never below zero.

    >>> ten_percent = PromotionRule(
    ...     id=1, titles={}, kind=DiscountKind.PERCENT, value=Decimal(10), from_at=datetime(2026, 1, 1)
    ... )
    >>> discount(ten_percent, price=Decimal("19.90"), quantity=Decimal(2))
    Decimal('3.980')

    Args:
        rule: the promotion.
        price: of one unit.
        quantity: units on the line, 0 or more.
    """
    whole = price * quantity
    match rule.kind:
        case DiscountKind.PERCENT:
            off = whole * rule.value / 100
        case DiscountKind.AMOUNT:
            off = rule.value * quantity
        case None:
            off = Decimal(0)
    return max(Decimal(0), min(off, whole))


def best_discount(
    rules: Iterable[PromotionRule],
    *,
    product: str,
    categories: Collection[str] = (),
    price: Decimal,
    quantity: Decimal,
) -> tuple[PromotionRule, Decimal] | None:
    """The promotion that takes most off a line, and what it takes off; discounts are not added up.

    Among equal discounts the oldest promotion (the lowest id) counts.

    Args:
        rules: promotions that run now and are for the customer.
        product: the product's code.
        categories: the codes of the product's categories.
        price: of one unit.
        quantity: units on the line.

    Returns:
        None where no promotion takes anything off.
    """
    best: tuple[PromotionRule, Decimal] | None = None
    for rule in sorted(rules, key=lambda one: one.id):
        if not covers(rule, product=product, categories=categories):
            continue
        off = discount(rule, price=price, quantity=quantity)
        if off > (best[1] if best else 0):
            best = rule, off
    return best
