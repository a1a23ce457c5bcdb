"""Values of custom fields: one form for each kind, whoever sends it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm.custom_fields.errors import ValueUnfit
from app.crm.custom_fields.tables import CustomFieldKind as Kind
from app.crm.custom_fields.values import compared, stored


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.TEXT, " nagu  trükiti\n ", " nagu  trükiti\n "),
        (Kind.NUMBER, " 007,50 ", "7.5"),
        (Kind.NUMBER, "+12", "12"),
        (Kind.NUMBER, "-0.00", "0"),
        (Kind.NUMBER, "-3.25", "-3.25"),
        (Kind.DATE, "2028-02-29", "2028-02-29"),
        (Kind.CHOICE, "small", "small"),
        (Kind.YES_NO, "yes", "yes"),
    ],
)
def test_a_value_that_fits(kind: Kind, typed: str, kept: str) -> None:
    assert stored(kind, typed, ("small", "large")) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.TEXT, "x" * 1001),
        *((Kind.NUMBER, one) for one in ("", "1e5", "1 000", "0x10", "NaN", "1.2.3", "9" * 16, "١٢")),
        *((Kind.DATE, one) for one in ("2027-02-29", "2.3.2026", "20260302", "2026-3-2", "2026-W10-1")),
        (Kind.CHOICE, "medium"),
        (Kind.CHOICE, "Small"),
        (Kind.YES_NO, "jah"),
    ],
)
def test_a_value_that_does_not(kind: Kind, typed: str) -> None:
    with pytest.raises(ValueUnfit):
        stored(kind, typed, ("small", "large"))


@given(st.decimals(-(10**14), 10**14, places=6, allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value_and_has_one_form(number: object) -> None:
    kept = stored(Kind.NUMBER, f"{number:f}")
    assert float(kept) == float(str(number))
    assert stored(Kind.NUMBER, kept) == kept


def test_texts_are_compared_folded() -> None:
    assert compared(Kind.TEXT, " ÕUN,  puu") == "õun puu"
    assert compared(Kind.TEXT, "ß" * 300) == "ss" * 100
