"""What an order costs. Pure: no clock, no database.

All prices are without VAT. The rule, by the name that orders keep (`ROUNDING`), is that of EN 16931::

    net of a line        = round(quantity x net price x (100 - contact's discount) / 100)
    promotion's discount = a line of its own, below zero, for each promotion and VAT rate
    net of a rate        = sum of the nets of the lines with that rate (BT-116)
    VAT of a rate        = round(net of the rate x rate / 100) (BT-117)
    net, VAT             = sums over the rates (BT-109, BT-110)
    gross                = net + VAT (BT-112)

`round` is to cents, half away from zero. VAT is rounded once for each rate, never for each line. What is shown is what
is summed: every amount is rounded before it is added.

A promotion takes its discount off the lines it covers, in proportion to what earlier promotions have left of them. The
cents of that division go to the largest remainders, so that the parts sum up to the whole. No line goes below zero.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

ROUNDING: Final = "en16931-half-up"
"""The name of the rounding rule."""
CENT: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
_HUNDRED: Final = Decimal(100)


class VatRate(NamedTuple):
    """A VAT rate as it is on one day."""

    category: str
    """The category's name, such as `standard`."""
    percent: Decimal
    """0..100."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Item:
    """A product that is ordered."""

    product: int
    quantity: Decimal
    """Above 0, in the product's unit."""
    net_price: Decimal
    """The price of one unit without VAT, 0 or more."""
    vat: VatRate
    discount: Decimal = ZERO
    """The contact's discount in percent, 0..100."""
    categories: frozenset[str] = frozenset()
    """The product's categories."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Promotion:
    """A rule that takes something off; it covers all items where it names neither products nor categories."""

    id: int
    percent: Decimal = ZERO
    """The discount in percent of what it covers, 0..100."""
    amount: Decimal = ZERO
    """The discount as an amount without VAT, 0 or more; beside `percent`, both are taken off."""
    products: frozenset[int] = frozenset()
    categories: frozenset[str] = frozenset()
    least_quantity: Decimal = ZERO
    """The least quantity of what it covers, all items together."""
    least_net: Decimal = ZERO
    """The least net of what it covers, before promotions."""

    def covers(self, item: Item) -> bool:
        """Whether an item is among those that it takes something off."""
        if not self.products and not self.categories:
            return True
        return item.product in self.products or not self.categories.isdisjoint(item.categories)


class Taken(NamedTuple):
    """What a promotion takes off at one VAT rate: a line of the order."""

    promotion: int
    vat: VatRate
    net: Decimal
    """Below zero."""


class RateTotal(NamedTuple):
    """The sums of one VAT rate."""

    rate: VatRate
    net: Decimal
    vat: Decimal


class Totals(NamedTuple):
    """The sums of an order."""

    rates: tuple[RateTotal, ...]
    """In the order of percent and category."""
    net: Decimal
    vat: Decimal
    gross: Decimal


class Priced(NamedTuple):
    """An order with its prices."""

    nets: tuple[Decimal, ...]
    """The net of each item, in the order of the items."""
    taken: tuple[Taken, ...]
    """Discounts by promotions, in the order of promotions."""
    totals: Totals


def rounded(amount: Decimal) -> Decimal:
    """An amount in cents, half away from zero.

    >>> rounded(Decimal("2.675")), rounded(Decimal("-2.675"))
    (Decimal('2.68'), Decimal('-2.68'))
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def line_net(item: Item) -> Decimal:
    """The net of a line: quantity by price, less the contact's discount.

    >>> line_net(Item(product=1, quantity=Decimal(3), net_price=Decimal("1.115"), vat=VatRate("standard", Decimal(24))))
    Decimal('3.35')
    """
    return rounded(item.quantity * item.net_price * (_HUNDRED - item.discount) / _HUNDRED)


def totals(lines: Iterable[tuple[VatRate, Decimal]]) -> Totals:
    """The sums of lines.

    Args:
        lines: each line's VAT rate and net.
    """
    nets: dict[VatRate, Decimal] = {}
    for rate, net in lines:
        nets[rate] = nets.get(rate, ZERO) + net
    rates = tuple(
        RateTotal(rate, nets[rate], rounded(nets[rate] * rate.percent / _HUNDRED))
        for rate in sorted(nets, key=lambda rate: (rate.percent, rate.category))
    )
    net, vat = sum((one.net for one in rates), ZERO), sum((one.vat for one in rates), ZERO)
    return Totals(rates, net, vat, net + vat)


def price(items: Sequence[Item], promotions: Iterable[Promotion] = ()) -> Priced:
    """Price an order.

    Args:
        items: in any order; it makes no difference to the sums.
        promotions: those that may apply, each id once. They are applied by their ids.
    """
    nets = tuple(line_net(item) for item in items)
    left = list(nets)
    taken: list[Taken] = []
    for promotion in sorted(promotions, key=lambda one: one.id):
        covered = [place for place, item in enumerate(items) if promotion.covers(item)]
        if not _is_earned(promotion, [items[place] for place in covered], [nets[place] for place in covered]):
            continue
        base = sum((left[place] for place in covered), ZERO)
        off = min(base, rounded(base * promotion.percent / _HUNDRED) + rounded(promotion.amount))
        if off <= 0:
            continue
        by_rate: dict[VatRate, Decimal] = {}
        # Lines that are alike may come in any order: whichever of them gets a cent, their rate gets it.
        covered.sort(key=_in_any_order(items, left))
        for place, part in zip(covered, _shares(off, [left[place] for place in covered]), strict=True):
            left[place] -= part
            rate = items[place].vat
            by_rate[rate] = by_rate.get(rate, ZERO) + part
        taken += [
            Taken(promotion.id, rate, -by_rate[rate])
            for rate in sorted(by_rate, key=lambda rate: (rate.percent, rate.category))
            if by_rate[rate]
        ]
    lines = [(item.vat, net) for item, net in zip(items, nets, strict=True)]
    return Priced(nets, tuple(taken), totals([*lines, *((one.vat, one.net) for one in taken)]))


def _is_earned(promotion: Promotion, covered: Sequence[Item], nets: Sequence[Decimal]) -> bool:
    quantity = sum((item.quantity for item in covered), ZERO)
    return bool(covered) and quantity >= promotion.least_quantity and sum(nets, ZERO) >= promotion.least_net


def _in_any_order(items: Sequence[Item], left: Sequence[Decimal]) -> Callable[[int], tuple[object, ...]]:
    """A key that sorts lines by what they say, not by their places."""

    def key(place: int) -> tuple[object, ...]:
        item = items[place]
        said = (item.product, item.quantity, item.net_price, item.discount)
        return (item.vat.percent, item.vat.category, *said, sorted(item.categories), left[place])

    return key


def _shares(whole: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount in cents divided in proportion: the parts sum up to it, and none is above its weight.

    Args:
        whole: 0 to the sum of the weights.
        weights: in cents, 0 or more, with a sum above 0.
    """
    base = sum(weights, ZERO)
    parts = [(whole * weight / base).quantize(CENT, ROUND_FLOOR) for weight in weights]
    remainders = [whole * weight / base - part for weight, part in zip(weights, parts, strict=True)]
    missing = int((whole - sum(parts, ZERO)) / CENT)
    for place in sorted(range(len(parts)), key=lambda place: -remainders[place])[:missing]:
        parts[place] += CENT
    return parts
