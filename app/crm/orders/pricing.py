"""What an order costs. Pure: no clock, no database.

All prices are without VAT. The rule, by the name that orders keep (`ROUNDING`), is that of EN 16931::

    net of a line        = round(quantity x net price x (100 - contact's discount) / 100)
    off a line           = round(what the promotion that takes most off it takes off), at most the line's net
    promotion's line     = for each promotion and VAT rate, what it takes off all lines, below zero
    net of a rate        = sum of the nets of the lines with that rate (BT-116)
    VAT of a rate        = round(net of the rate x rate / 100) (BT-117)
    net, VAT             = sums over the rates (BT-109, BT-110)
    gross                = net + VAT (BT-112)

`round` is to cents, half away from zero. VAT is rounded once for each rate, never for each line. What is shown is what
is summed: every amount is rounded before it is added. A line has one promotion, the best for the customer: discounts by
promotions are not added up, and come on top of the contact's discount.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from app.domain.promotions import PromotionRule, best_discount

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

    product: str
    """The product's code."""
    quantity: Decimal
    """Above 0, in the product's unit."""
    net_price: Decimal
    """The price of one unit without VAT, 0 or more."""
    vat: VatRate
    discount: Decimal = ZERO
    """The contact's discount in percent, 0..100."""
    categories: frozenset[str] = frozenset()
    """The codes of the product's categories."""


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
    """What promotions take off, in the order of their ids."""
    totals: Totals


def rounded(amount: Decimal) -> Decimal:
    """An amount in cents, half away from zero.

    >>> rounded(Decimal("2.675")), rounded(Decimal("-2.675"))
    (Decimal('2.68'), Decimal('-2.68'))
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def line_net(item: Item) -> Decimal:
    """The net of a line: quantity by price, less the contact's discount.

    >>> standard = VatRate("standard", Decimal(24))
    >>> line_net(Item(product="A", quantity=Decimal(3), net_price=Decimal("1.115"), vat=standard))
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


def price(items: Sequence[Item], rules: Collection[PromotionRule] = ()) -> Priced:
    """Price an order.

    Args:
        items: in any order; it makes no difference to the sums.
        rules: promotions that run and are for the customer, in any order.
    """
    nets = tuple(line_net(item) for item in items)
    off: dict[tuple[int, VatRate], Decimal] = {}
    for item, net in zip(items, nets, strict=True):
        best = best_discount(
            rules,
            product=item.product,
            categories=item.categories,
            price=item.net_price * (_HUNDRED - item.discount) / _HUNDRED,
            quantity=item.quantity,
        )
        if best is not None:
            key = (best[0].id, item.vat)
            off[key] = off.get(key, ZERO) + min(net, rounded(best[1]))
    taken = tuple(
        Taken(promotion, vat, -off[promotion, vat])
        for promotion, vat in sorted(off, key=lambda one: (one[0], one[1].percent, one[1].category))
        if off[promotion, vat]
    )
    lines = [(item.vat, net) for item, net in zip(items, nets, strict=True)]
    return Priced(nets, taken, totals([*lines, *((one.vat, one.net) for one in taken)]))
