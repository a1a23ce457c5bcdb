"""What an order costs: tables of known sums, and laws that hold for every order."""

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm.orders.pricing import Item, Promotion, Taken, VatRate, line_net, price, rounded

STANDARD, BOOKS, ZERO_RATE = (
    VatRate("standard", Decimal(24)),
    VatRate("reduced", Decimal(9)),
    VatRate("zero", Decimal(0)),
)


def item(quantity: str, net_price: str, vat: VatRate = STANDARD, product: int = 1, **said: Any) -> Item:
    return Item(product=product, quantity=Decimal(quantity), net_price=Decimal(net_price), vat=vat, **said)


@pytest.mark.parametrize(
    ("quantity", "net_price", "discount", "net"),
    [
        ("1", "8.0565", "0", "8.06"),
        ("10", "8.0565", "0", "80.57"),  # the price has more places than the line: rounded once, at the end
        ("3", "0.335", "0", "1.01"),
        ("1", "2.675", "0", "2.68"),  # 2.67 in floats
        ("0.5", "0.01", "0", "0.01"),
        ("2", "10", "12.5", "17.50"),
        ("7", "19.99", "100", "0.00"),
        ("1.255", "1", "0", "1.26"),
    ],
)
def test_a_line_is_rounded_once(quantity: str, net_price: str, discount: str, net: str) -> None:
    assert str(line_net(item(quantity, net_price, discount=Decimal(discount)))) == net


def test_vat_is_rounded_for_each_rate_not_for_each_line() -> None:
    """Three lines of 0.10: 24 % of each is 0.024, of all 0.072."""
    priced = price([item("1", "0.10"), item("1", "0.10"), item("1", "0.10"), item("1", "5.55", BOOKS)])
    assert [(one.rate.category, str(one.net), str(one.vat)) for one in priced.totals.rates] == [
        ("reduced", "5.55", "0.50"),
        ("standard", "0.30", "0.07"),
    ]
    assert [str(one) for one in priced.totals[1:]] == ["5.85", "0.57", "6.42"]


def test_an_empty_order_costs_nothing() -> None:
    assert [str(one) for one in price([]).totals[1:]] == ["0.00", "0.00", "0.00"]


@pytest.mark.parametrize(
    ("promotion", "taken"),
    [
        (Promotion(id=1, percent=Decimal(10)), [(BOOKS, "-1.00"), (STANDARD, "-3.00")]),
        (Promotion(id=1, percent=Decimal(10), products=frozenset({2})), [(BOOKS, "-1.00")]),
        (Promotion(id=1, amount=Decimal("0.05")), [(BOOKS, "-0.01"), (STANDARD, "-0.04")]),
        (Promotion(id=1, amount=Decimal(99)), [(BOOKS, "-10.00"), (STANDARD, "-30.00")]),
        (Promotion(id=1, percent=Decimal(10), categories=frozenset({"raamat"})), [(BOOKS, "-1.00")]),
        (
            Promotion(id=1, percent=Decimal(10), least_quantity=Decimal(4)),
            [(BOOKS, "-1.00"), (STANDARD, "-3.00")],
        ),
        (Promotion(id=1, percent=Decimal(10), least_quantity=Decimal(5)), []),
        (Promotion(id=1, percent=Decimal(10), least_net=Decimal("40.01")), []),
        (Promotion(id=1, percent=Decimal(10), products=frozenset({9})), []),
        (Promotion(id=1), []),
    ],
)
def test_a_promotion_is_a_line_for_each_rate(promotion: Promotion, taken: list[tuple[VatRate, str]]) -> None:
    items = [item("3", "10"), item("1", "10", BOOKS, product=2, categories=frozenset({"raamat"}))]
    assert list(price(items, [promotion]).taken) == [Taken(1, rate, Decimal(net)) for rate, net in taken]


def test_promotions_take_off_what_earlier_ones_left() -> None:
    half, ten = Promotion(id=1, percent=Decimal(50)), Promotion(id=2, amount=Decimal(10))
    priced = price([item("1", "12")], [ten, half])
    assert [(one.promotion, str(one.net)) for one in priced.taken] == [(1, "-6.00"), (2, "-6.00")]
    assert priced.totals.gross == 0


cents = st.decimals(0, 5000, places=4)
percents = st.decimals(0, 100, places=2)
items = st.lists(
    st.builds(
        Item,
        product=st.integers(1, 4),
        quantity=st.decimals("0.001", 1000, places=3),
        net_price=cents,
        vat=st.sampled_from([STANDARD, BOOKS, ZERO_RATE]),
        discount=percents,
        categories=st.frozensets(st.sampled_from("ab")),
    ),
    max_size=8,
)
promotions = st.lists(
    st.builds(
        Promotion,
        id=st.integers(1, 9),
        percent=percents,
        amount=cents,
        products=st.frozensets(st.integers(1, 4), max_size=2),
        categories=st.frozensets(st.sampled_from("ab"), max_size=1),
        least_quantity=st.decimals(0, 3, places=0),
        least_net=st.decimals(0, 50, places=0),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)


@given(items, promotions)
def test_the_totals_are_the_sums_of_what_is_shown(items: list[Item], promotions: list[Promotion]) -> None:
    priced = price(items, promotions)
    assert priced.totals.net == sum(priced.nets) + sum(one.net for one in priced.taken)
    assert priced.totals.vat == sum(one.vat for one in priced.totals.rates)
    assert priced.totals.gross == priced.totals.net + priced.totals.vat
    for one in priced.totals.rates:
        lines = [net for item, net in zip(items, priced.nets, strict=True) if item.vat == one.rate]
        assert one.net == sum(lines) + sum(taken.net for taken in priced.taken if taken.vat == one.rate)
        assert one.vat == rounded(one.net * one.rate.percent / 100)
    shown = [*priced.nets, *(one.net for one in priced.taken), *priced.totals[1:]]
    assert all(amount == rounded(amount) for amount in shown), "an amount has a part of a cent"


@given(items, promotions)
def test_nothing_is_given_away_below_zero(items: list[Item], promotions: list[Promotion]) -> None:
    priced = price(items, promotions)
    assert all(net >= 0 for net in priced.nets)
    assert all(one.net < 0 for one in priced.taken)
    assert all(one.net >= 0 and one.vat >= 0 for one in priced.totals.rates)
    for promotion in promotions:
        off = -sum(one.net for one in priced.taken if one.promotion == promotion.id)
        covered = sum(net for item, net in zip(items, priced.nets, strict=True) if promotion.covers(item))
        assert off <= covered
        assert off <= rounded(covered * promotion.percent / 100) + rounded(promotion.amount)


@given(items, promotions, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(
    items: list[Item], promotions: list[Promotion], chance: random.Random
) -> None:
    before = price(items, promotions)
    chance.shuffle(items)
    chance.shuffle(promotions)
    after = price(items, promotions)
    assert (after.taken, after.totals) == (before.taken, before.totals)


@given(items, st.integers(1, 5000))
def test_an_amount_off_is_taken_off_to_the_cent(items: list[Item], cents: int) -> None:
    amount = Decimal(cents) / 100
    net = price(items).totals.net
    priced = price(items, [Promotion(id=1, amount=amount)])
    assert net - priced.totals.net == min(net, amount)
