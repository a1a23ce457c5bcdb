"""What operators are shown of a lead's own columns."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm.leads.columns import ALL_MOST, COLUMNS_MOST, NAME_MOST, VALUE_MOST, shown_columns


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, ()),
        ({"b": "1", "a": "2", "2024": "3"}, (("b", "1"), ("a", "2"), ("2024", "3"))),
        (
            {"summa": 17, "tasutud": False, "tühi": "", "puudub": None},
            (("summa", "17"), ("tasutud", "False")),
        ),
        ({"n" * 70: "v" * 600}, (("n" * 59 + "…", "v" * 499 + "…"),)),
    ],
)
def test_in_their_order_and_cut(variables: dict[str, Any], shown: tuple[tuple[str, str], ...]) -> None:
    assert shown_columns(variables) == shown


@given(st.dictionaries(st.text(max_size=100), st.text(max_size=3000), max_size=80))
def test_never_more_than_a_card_holds(variables: dict[str, str]) -> None:
    shown = shown_columns(variables)
    assert len(shown) <= COLUMNS_MOST
    assert sum(len(name) + len(value) for name, value in shown) <= ALL_MOST
    assert all(len(name) <= NAME_MOST and 0 < len(value) <= VALUE_MOST for name, value in shown)
