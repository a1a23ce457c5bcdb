"""The states of an order: the whole table, and returns that never give back more than was delivered."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm.orders.states import (
    Delivered,
    OrderAction,
    OrderState,
    actions,
    after,
    give_back,
    returned_state,
)


@pytest.mark.parametrize(
    ("state", "may"),
    [
        ("draft", ["change", "discard", "place"]),
        ("placed", ["confirm", "deliver", "cancel"]),
        ("confirmed", ["deliver", "cancel"]),
        ("delivered", ["return"]),
        ("cancelled", []),
        ("returned", []),
    ],
)
def test_what_may_be_done(state: str, may: list[str]) -> None:
    assert [action.value for action in actions(OrderState(state))] == may
    assert [action.value for action in OrderAction if after(OrderState(state), action)] == may


def test_only_placing_leaves_the_draft_and_nothing_leads_back() -> None:
    left = {after(OrderState.DRAFT, action) for action in OrderAction} - {None, OrderState.DRAFT}
    assert left == {OrderState.PLACED}
    order = list(OrderState)
    for state in order[1:]:
        for action in actions(state):
            next_ = after(state, action)
            assert next_ is not None
            assert next_ is OrderState.CANCELLED or order.index(next_) > order.index(state)


TWO = [Delivered(1, Decimal(3), Decimal(0)), Delivered(2, Decimal("0.5"), Decimal(0))]


@pytest.mark.parametrize(
    ("back", "state"),
    [
        (None, OrderState.RETURNED),
        ({1: Decimal(3)}, OrderState.DELIVERED),
        ({1: Decimal(3), 2: Decimal("0.5")}, OrderState.RETURNED),
        ({1: Decimal("3.001")}, None),
        ({3: Decimal(1)}, None),
        ({}, None),
    ],
)
def test_a_return_fits_the_lines(back: dict[int, Decimal] | None, state: OrderState | None) -> None:
    lines = give_back(TWO, back)
    assert (returned_state(lines) if lines is not None else None) is state


@given(st.lists(st.tuples(st.integers(1, 2), st.decimals("0.001", 4, places=3)), max_size=12))
def test_nothing_comes_back_twice(returns: list[tuple[int, Decimal]]) -> None:
    lines = TWO
    for id_, quantity in returns:
        lines = give_back(lines, {id_: quantity}) or lines
        assert all(0 <= line.returned <= line.quantity for line in lines)
    rest = give_back(lines, None)
    if rest is None:
        assert returned_state(lines) is OrderState.RETURNED
    else:
        assert returned_state(rest) is OrderState.RETURNED
