"""What an order costs: tables of known sums, and laws that hold for every order."""

import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm.orders.pricing import Item, Taken, VatRate, line_net, price, rounded
from app.domain.promotions import DiscountKind, PromotionRule

STANDARD, BOOKS, ZERO_RATE = (
    VatRate("standard", Decimal(24)),
    VatRate("reduced", Decimal(9)),
    VatRate("zero", Decimal(0)),
)


def item(quantity: str, net_price: str, vat: VatRate = STANDARD, product: str = "A", **said: Any) -> Item:
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


def rule(kind: DiscountKind | None, value: str, id_: int = 1, **said: Any) -> PromotionRule:
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    return PromotionRule(id=id_, titles={}, kind=kind, value=Decimal(value), from_at=begins, **said)


PERCENT, AMOUNT = DiscountKind.PERCENT, DiscountKind.AMOUNT


@pytest.mark.parametrize(
    ("promotion", "taken"),
    [
        (rule(PERCENT, "10"), [(BOOKS, "-1.00"), (STANDARD, "-3.00")]),
        (rule(PERCENT, "10", products=frozenset({"B"})), [(BOOKS, "-1.00")]),
        (rule(PERCENT, "10", categories=frozenset({"raamat"})), [(BOOKS, "-1.00")]),
        (rule(PERCENT, "10", products=frozenset({"X"})), []),
        (rule(AMOUNT, "0.055"), [(BOOKS, "-0.06"), (STANDARD, "-0.17")]),
        (rule(AMOUNT, "99"), [(BOOKS, "-10.00"), (STANDARD, "-30.00")]),
        (rule(PERCENT, "0"), []),
        (rule(None, "50"), []),
    ],
)
def test_a_promotion_is_a_line_for_each_rate(
    promotion: PromotionRule, taken: list[tuple[VatRate, str]]
) -> None:
    items = [item("3", "10"), item("1", "10", BOOKS, product="B", categories=frozenset({"raamat"}))]
    assert list(price(items, [promotion]).taken) == [Taken(1, rate, Decimal(net)) for rate, net in taken]


def test_a_line_has_the_best_promotion_on_top_of_the_contact_s_discount() -> None:
    """Half of 9.00 beats 2.00 for each unit; of the cheap line, 2.00 would be more than it costs."""
    half, two = rule(PERCENT, "50"), rule(AMOUNT, "2", 2)
    priced = price([item("1", "10", discount=Decimal(10)), item("2", "1.50", product="B")], [two, half])
    assert [str(net) for net in priced.nets] == ["9.00", "3.00"]
    assert [(one.promotion, str(one.net)) for one in priced.taken] == [(1, "-4.50"), (2, "-3.00")]
    assert str(priced.totals.gross) == "5.58"


cents = st.decimals(0, 5000, places=4)
percents = st.decimals(0, 100, places=2)
items = st.lists(
    st.builds(
        Item,
        product=st.sampled_from("ABCD"),
        quantity=st.decimals("0.001", 1000, places=3),
        net_price=cents,
        vat=st.sampled_from([STANDARD, BOOKS, ZERO_RATE]),
        discount=percents,
        categories=st.frozensets(st.sampled_from("ab")),
    ),
    max_size=8,
)
rules = st.lists(
    st.builds(
        PromotionRule,
        id=st.integers(1, 9),
        titles=st.just({}),
        kind=st.sampled_from([PERCENT, AMOUNT, None]),
        value=percents,
        products=st.frozensets(st.sampled_from("ABCD"), max_size=2),
        categories=st.frozensets(st.sampled_from("ab"), max_size=1),
        from_at=st.just(datetime(2026, 1, 1, tzinfo=UTC)),
        until_at=st.none(),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)


@given(items, rules)
def test_the_totals_are_the_sums_of_what_is_shown(items: list[Item], rules: list[PromotionRule]) -> None:
    priced = price(items, rules)
    assert priced.totals.net == sum(priced.nets) + sum(one.net for one in priced.taken)
    assert priced.totals.vat == sum(one.vat for one in priced.totals.rates)
    assert priced.totals.gross == priced.totals.net + priced.totals.vat
    for one in priced.totals.rates:
        lines = [net for item, net in zip(items, priced.nets, strict=True) if item.vat == one.rate]
        assert one.net == sum(lines) + sum(taken.net for taken in priced.taken if taken.vat == one.rate)
        assert one.vat == rounded(one.net * one.rate.percent / 100)
    shown = [*priced.nets, *(one.net for one in priced.taken), *priced.totals[1:]]
    assert all(amount == rounded(amount) for amount in shown), "an amount has a part of a cent"


@given(items, rules)
def test_nothing_is_given_away_below_zero(items: list[Item], rules: list[PromotionRule]) -> None:
    priced = price(items, rules)
    assert all(net >= 0 for net in priced.nets)
    assert all(one.net < 0 for one in priced.taken)
    assert all(one.net >= 0 and one.vat >= 0 for one in priced.totals.rates)
    best = {one.id: price(items, [one]).totals.net for one in rules}
    assert priced.totals.net <= min(best.values(), default=price(items).totals.net), "another would give more"


@given(items, rules, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(
    items: list[Item], rules: list[PromotionRule], chance: random.Random
) -> None:
    before = price(items, rules)
    chance.shuffle(items)
    chance.shuffle(rules)
    after = price(items, rules)
    assert (after.taken, after.totals) == (before.taken, before.totals)
