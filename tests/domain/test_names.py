import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.names import display_name, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÕUNAPUU", "õunapuu"),
        ("O\u0303unapuu", "õunapuu"),
        ("Šmidt  Žanna", "šmidt žanna"),
        ("ИВАНОВА Алёна", "иванова алена"),
        ("O'Brien, Mari-Liis", "o brien mari liis"),
        ("Põhjala OÜ", "põhjala oü"),
        ("24/7 abi", "24 7 abi"),
        ("...", ""),
    ],
)
def test_names_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_settles(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_display_name_leaves_out_what_is_empty() -> None:
    assert display_name(surname="Tamm", given_name="Mari") == "Tamm Mari"
    assert display_name(company_name="Põhjala OÜ") == "Põhjala OÜ"
    assert display_name(surname="Tamm", company_name="Põhjala OÜ") == "Tamm"
