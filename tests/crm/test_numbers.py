import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm.names import display_name, fold
from app.crm.numbers import number_key, number_prefixes, to_e164


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("55500123", "+37255500123"),
        (" 5550 0123 ", "+37255500123"),
        ("+372 5550-0123", "+37255500123"),
        ("(+372) 5550 0123", "+37255500123"),
        ("0037255500123", "+37255500123"),
        ("37255500123", "+37255500123"),
        ("+358 40 5550 123", "+358405550123"),
        ("112", None),
        ("1012", None),
        ("201", None),
        ("+372", None),
        ("+372112", None),
        ("anonymous", None),
        ("", None),
        ("sip:mari@example.ee", None),
        ("5550O123", None),
        ("+" * 50, None),
        ("9" * 300, None),
    ],
)
def test_numbers_have_one_spelling(raw: str, e164: str | None) -> None:
    assert to_e164(raw) == e164


def test_another_region_reads_its_own_way() -> None:
    assert to_e164("040 5550123", region="FI") == "+358405550123"


@pytest.mark.parametrize(
    ("raw", "key"),
    [("201", "201"), ("*98", "*98"), ("10-12", "1012"), ("  ", ""), ("Anonymous ", "Anonymous")],
)
def test_what_is_no_full_number_stays_as_it_is(raw: str, key: str) -> None:
    assert number_key(raw) == key


@given(st.integers(0, 9999), st.sampled_from(["{}", "+372{}", "00372{}", "372{}", "+372 {}", "(00372) {}"]))
def test_every_way_of_writing_is_the_same_number(number: int, way: str) -> None:
    e164 = to_e164(way.format(f"5550{number:04}"))
    assert e164 == f"+3725550{number:04}"
    assert to_e164(e164) == number_key(e164) == e164


@given(st.text(max_size=30) | st.from_regex(r"[+0-9() -]{0,20}", fullmatch=True))
def test_any_text_is_read_and_settles(raw: str) -> None:
    key = number_key(raw)
    assert len(key) <= 40
    e164 = to_e164(raw)
    if e164 is not None:
        assert to_e164(e164) == e164
        assert any(e164.startswith(prefix) for prefix in number_prefixes(e164))


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
