"""Formulas, periods and spans: tables and laws."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.formulas import QUOTIENTS, Subject, add_up, quotients
from app.reports.periods import SLOT_S, Part, Span, begin_of, cut, slot_of, slots, slots_in
from app.reports.sources import names_of
from app.reports.spans import Bundle, spread

ZONES = ("Europe/Tallinn", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "UTC")
MOMENTS = st.integers(1_100_000_000, 2_200_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(MOMENTS, st.integers(1, 3 * 24 * 3600), st.sampled_from(ZONES), st.sampled_from(Part))
def test_parts_cover_their_period_without_a_gap(at: datetime, length_s: int, zone: str, part: Part) -> None:
    span = Span(at, at + timedelta(seconds=length_s))
    parts = cut(span, ZoneInfo(zone), part)
    if part is Part.HOUR_OF_WEEK:
        found = [slot for key in parts for slot in slots_in(span, ZoneInfo(zone), key)]
        assert sorted(found) == list(slots(span))
        return
    edges = [(one.begins, one.ends) for one in parts.values()]
    assert (edges[0][0], edges[-1][1]) == (span.begins, span.ends)
    assert all(one[1] == other[0] for one, other in pairwise(edges))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_has_as_many_hours_as_its_clock_shows(day: str, hours: int) -> None:
    zone = ZoneInfo("Europe/Tallinn")
    begins = datetime.fromisoformat(day).replace(tzinfo=zone)
    span = Span(begins.astimezone(UTC), (begins + timedelta(days=1)).astimezone(UTC))
    assert len(cut(span, zone, Part.HOUR)) == hours
    assert list(cut(span, zone, Part.DAY)) == [day]


@given(
    st.lists(
        st.tuples(st.floats(0, SLOT_S, exclude_max=True), st.floats(0, SLOT_S, exclude_max=True)), max_size=5
    ),
    st.integers(1, 5),
)
def test_seconds_are_spread_as_if_each_interval_were_cut(ends: list[tuple[float, float]], apart: int) -> None:
    bundle = Bundle(
        10,
        10 + apart,
        intervals=len(ends),
        into_first_s=sum(one for one, _ in ends),
        into_last_s=sum(one for _, one in ends),
    )
    told = dict(spread(bundle))
    for slot in range(10, 11 + apart):
        within = 0.0
        for begins, last in ends:
            low, high = 10 * SLOT_S + begins, (10 + apart) * SLOT_S + last
            within += max(0.0, min(high, (slot + 1) * SLOT_S) - max(low, slot * SLOT_S))
        assert told[slot] == pytest.approx(within, abs=1e-6)


@pytest.mark.parametrize("subject", Subject)
def test_quotients_are_of_figures_that_there_are(subject: Subject) -> None:
    plain = set(names_of(subject))
    for one in QUOTIENTS[subject]:
        assert {*one.upper, *one.lower, *one.less} <= plain
        assert one.name not in plain
    nothing = add_up([], names_of(subject))
    assert set(quotients(subject, nothing).values()) == {None}


def test_both_service_levels() -> None:
    figures = add_up(
        [
            {
                "offered": 100,
                "answered": 90,
                "answered_in_target": 76,
                "abandoned": 10,
                "abandoned_in_target": 5,
            }
        ],
        names_of(Subject.CALLS),
    )
    found = quotients(Subject.CALLS, figures)
    assert found["service_level"] == 0.76
    assert found["service_level_without_short"] == 0.8


def test_slots_begin_at_their_moment() -> None:
    at = datetime(2026, 3, 2, 9, 14, 59, tzinfo=UTC)
    assert begin_of(slot_of(at)) == datetime(2026, 3, 2, 9, tzinfo=UTC)
