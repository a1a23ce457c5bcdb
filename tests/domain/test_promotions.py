"""The rule of a promotion, by tables and laws."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.promotions import (
    DiscountKind,
    PromotionRule,
    best_discount,
    covers,
    discount,
    is_for,
    runs,
)

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
PERCENT, AMOUNT = DiscountKind.PERCENT, DiscountKind.AMOUNT


def rule(
    kind: DiscountKind | None = PERCENT, value: str = "10", *, id_: int = 1, **said: Any
) -> PromotionRule:
    return PromotionRule(id=id_, titles={}, kind=kind, value=Decimal(value), from_at=BEGIN, **said)


def test_it_runs_from_its_beginning_until_its_end() -> None:
    end = BEGIN + timedelta(days=1)
    moment = timedelta(microseconds=1)
    seen = [runs(rule(until_at=end), at) for at in (BEGIN - moment, BEGIN, end - moment, end)]
    assert seen == [False, True, True, False]
    assert runs(rule(), BEGIN + timedelta(days=9999))


@pytest.mark.parametrize(
    ("said", "queue", "tags", "expected"),
    [
        ({}, None, (), True),
        ({"queues": {"sales"}}, "sales", (), True),
        ({"queues": {"sales"}}, "help", (), False),
        ({"queues": {"sales"}}, None, (), False),
        ({"tags": {3}}, None, (3, 4), True),
        ({"tags": {3}}, "sales", (4,), False),
        ({"queues": {"sales"}, "tags": {3}}, "help", (3,), True),
        ({"queues": {"sales"}, "tags": {3}}, "sales", (), True),
    ],
)
def test_it_is_for_whom_it_says(
    said: dict[str, Any], queue: str | None, tags: tuple[int, ...], expected: bool
) -> None:
    whom: dict[str, Any] = {name: frozenset(value) for name, value in said.items()}
    one = rule(**whom)
    assert is_for(one, queue=queue, tags=tags) is expected


def test_it_covers_its_products_and_categories_or_everything() -> None:
    assert covers(rule(), product="x")
    named = rule(products=frozenset({"fiber"}), categories=frozenset({"phones"}))
    assert covers(named, product="fiber")
    assert covers(named, product="nokia", categories=["phones"])
    assert not covers(named, product="nokia", categories=["tv"])


@pytest.mark.parametrize(
    ("kind", "value", "price", "quantity", "off"),
    [
        (PERCENT, "10", "19.90", "2", "3.98"),
        (PERCENT, "100", "19.90", "1", "19.90"),
        (PERCENT, "33.3333", "10", "1", "3.33333"),
        (AMOUNT, "5", "19.90", "2", "10"),
        (AMOUNT, "25", "19.90", "2", "39.80"),
        (AMOUNT, "5", "0", "2", "0"),
        (None, "0", "19.90", "2", "0"),
    ],
)
def test_what_it_takes_off(
    kind: DiscountKind | None, value: str, price: str, quantity: str, off: str
) -> None:
    assert discount(rule(kind, value), price=Decimal(price), quantity=Decimal(quantity)) == Decimal(off)


MONEY = st.decimals(0, 10_000, places=2)


@given(st.lists(st.tuples(st.sampled_from([PERCENT, AMOUNT]), st.integers(1, 100)), max_size=6), MONEY, MONEY)
def test_the_best_alone_counts_and_never_exceeds_the_price(
    said: list[tuple[DiscountKind, int]], price: Decimal, quantity: Decimal
) -> None:
    rules = [rule(kind, str(value), id_=place) for place, (kind, value) in enumerate(said)]
    offs = [discount(one, price=price, quantity=quantity) for one in rules]
    assert all(0 <= off <= price * quantity for off in offs)
    best = best_discount(reversed(rules), product="x", price=price, quantity=quantity)
    most = max(offs, default=Decimal(0))
    assert best == ((rules[offs.index(most)], most) if most > 0 else None)
