from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.compliance.dial_facts import NEVER
from app.domain.numbers import NumberKind
from app.numbers.facts import plan_of, zone
from app.numbers.reader import caller_key
from app.system.holidays import public_holidays

TALLINN = ("Europe/Tallinn",)


@pytest.mark.parametrize(
    ("number", "kind", "country", "zones"),
    [
        ("+37255500123", NumberKind.MOBILE, "EE", TALLINN),
        ("+3726000123", NumberKind.FIXED, "EE", TALLINN),
        ("+3729001234", NumberKind.PREMIUM, "EE", TALLINN),
        ("+358405550123", NumberKind.MOBILE, "FI", ("Europe/Helsinki",)),
        ("+12025550123", NumberKind.FIXED_OR_MOBILE, "US", ("America/New_York",)),
        ("+80012345678", NumberKind.TOLL_FREE, None, ()),
        ("112", NumberKind.EMERGENCY, None, ()),
        ("110", NumberKind.EMERGENCY, None, ()),
        ("+372112", NumberKind.EMERGENCY, None, ()),
        ("+1911", NumberKind.EMERGENCY, None, ()),
        ("1182", NumberKind.SHORT, None, ()),
        ("+3721343", NumberKind.SHORT, None, ()),
        ("201", NumberKind.SHORT, None, ()),
        ("+37256001234567", NumberKind.INVALID, None, ()),
        ("anonymous", NumberKind.INVALID, None, ()),
        ("", NumberKind.INVALID, None, ()),
    ],
)
def test_plans(number: str, kind: NumberKind, country: str | None, zones: tuple[str, ...]) -> None:
    plan = plan_of(number, "EE")
    assert (plan.kind, plan.country) == (kind, country)
    assert not zones or plan.zones == zones


def test_a_number_that_does_not_tell_may_be_anywhere_in_its_country() -> None:
    zones = plan_of("+79161234567", "EE").zones
    assert {"Europe/Kaliningrad", "Europe/Moscow", "Asia/Kamchatka"} <= set(zones)
    assert all(zone(name) for name in zones)


def test_short_numbers_are_those_of_the_region() -> None:
    assert plan_of("911", "US").kind is NumberKind.EMERGENCY
    assert plan_of("911", "EE").kind is not NumberKind.EMERGENCY


@given(st.from_regex(r"\+?[0-9]{1,6}", fullmatch=True) | st.text(max_size=20))
def test_whatever_is_typed_has_a_kind_and_short_ones_are_never_dialled(typed: str) -> None:
    kind = plan_of(caller_key(typed, "EE"), "EE").kind
    if len(typed) <= 6 and typed.isascii():
        assert kind in NEVER


def test_zones_by_name() -> None:
    for name in ("", "Nowhere/Else", "../../etc/passwd", "Europe"):
        assert zone(name) is None
    tallinn = zone("Europe/Tallinn")
    assert tallinn is not None
    assert datetime(2026, 7, 1, tzinfo=UTC).astimezone(tallinn).hour == 3


def test_holidays() -> None:
    both = public_holidays("EE", (2027, 2028))
    assert {date(2027, 2, 24), date(2028, 2, 24), date(2028, 6, 24), date(2028, 12, 26)} <= both
    assert date(2028, 2, 29) not in both
    assert public_holidays("ZZ", (2027,)) == public_holidays(None, (2027,)) == frozenset()
