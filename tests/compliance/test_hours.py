"""Calling hours: a table of nights that are not like others, and a search beside a walk minute by minute."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.compliance.hours import LOOK_AHEAD_DAYS, Place, is_open, local_date, next_day, next_open
from app.compliance.rules import Hours, Week, every_day

TALLINN, NEW_YORK, APIA, CAIRO, HAVANA, LORD_HOWE, KIRITIMATI = (
    ZoneInfo(name)
    for name in (
        "Europe/Tallinn",
        "America/New_York",
        "Pacific/Apia",
        "Africa/Cairo",
        "America/Havana",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
    )
)
NINE_TO_NINE = every_day(540, 1260)
WEEKDAYS: Week = (*[Hours(540, 1260)] * 5, Hours(600, 1080), None)  # type: ignore[assignment]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# at, zone, hours, open at that moment or when it opens
TABLE = [
    ("2026-03-02 07:00", TALLINN, NINE_TO_NINE, None),
    ("2026-03-02 06:59:59", TALLINN, NINE_TO_NINE, "2026-03-02 07:00"),
    ("2026-03-02 18:59:59", TALLINN, NINE_TO_NINE, None),
    ("2026-03-02 19:00", TALLINN, NINE_TO_NINE, "2026-03-03 07:00"),
    # the clocks go forward on 29 March 2026, 01:00 UTC, and back on 25 October
    ("2026-03-28 19:00", TALLINN, NINE_TO_NINE, "2026-03-29 06:00"),
    ("2026-10-24 18:00", TALLINN, NINE_TO_NINE, "2026-10-25 07:00"),
    # an opening that does not come: 03:30, between 03:00 and 04:00
    ("2026-03-29 00:59", TALLINN, every_day(210, 1260), "2026-03-29 01:00"),
    # an hour that comes twice: 03:30 opens at 00:30 UTC, it is 03:00 again at 01:00
    ("2026-10-25 00:00", TALLINN, every_day(210, 1260), "2026-10-25 00:30"),
    ("2026-10-25 00:59", TALLINN, every_day(210, 1260), None),
    ("2026-10-25 01:00", TALLINN, every_day(210, 1260), "2026-10-25 01:30"),
    # and hours that end within it open a second time
    ("2026-10-25 00:45", TALLINN, every_day(60, 210), "2026-10-25 01:00"),
    # Saturday evening, Sunday shut
    ("2026-03-07 16:00", TALLINN, WEEKDAYS, "2026-03-09 07:00"),
    # half an hour of summer time
    ("2026-04-04 14:45", LORD_HOWE, every_day(90, 120), None),
    # 30 December 2011 did not come to Samoa
    ("2011-12-30 08:00", APIA, NINE_TO_NINE, "2011-12-30 19:00"),
    # midnight did not come to Cairo on 24 April 2026
    ("2026-04-23 21:59", CAIRO, (None, None, None, None, Hours(0, 1440), None, None), "2026-04-23 22:00"),
    # leap day
    ("2028-02-28 19:00", TALLINN, NINE_TO_NINE, "2028-02-29 07:00"),
]


@pytest.mark.parametrize(("at", "zone", "week", "opens"), TABLE)
def test_table(at: str, zone: tzinfo, week: Week, opens: str | None) -> None:
    moment, place = utc(at), Place((zone,))
    assert is_open(week, holidays=True, place=place, at=moment) == (opens is None)
    assert next_open(week, holidays=True, place=place, at=moment) == (moment if opens is None else utc(opens))


def test_holidays_are_shut_unless_they_are_not() -> None:
    place = Place((TALLINN,), frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)}))
    at = utc("2026-12-24 10:00")
    assert is_open(WEEKDAYS, holidays=True, place=place, at=at)
    assert not is_open(WEEKDAYS, holidays=False, place=place, at=at)
    assert next_open(WEEKDAYS, holidays=False, place=place, at=at) == utc("2026-12-28 07:00")


def test_a_number_that_may_be_in_two_places_is_called_when_both_are_open() -> None:
    both = Place((NEW_YORK, TALLINN))
    at = utc("2026-01-05 07:00")
    assert next_open(NINE_TO_NINE, holidays=True, place=both, at=at) == utc("2026-01-05 14:00")
    assert next_open(NINE_TO_NINE, holidays=True, place=both, at=utc("2026-01-05 19:00")) == utc(
        "2026-01-06 14:00"
    )


def test_hours_that_never_meet() -> None:
    apart = Place((ZoneInfo("Pacific/Auckland"), ZoneInfo("Europe/London")))
    assert next_open(every_day(540, 660), holidays=True, place=apart, at=utc("2026-01-05 07:00")) is None
    never: Week = (None,) * 7
    assert next_open(never, holidays=True, place=Place((TALLINN,)), at=utc("2026-01-05 07:00")) is None


@pytest.mark.parametrize(
    ("at", "zone", "day", "next_"),
    [
        ("2026-03-28 22:30", TALLINN, date(2026, 3, 29), "2026-03-29 21:00"),
        ("2026-10-25 12:00", TALLINN, date(2026, 10, 25), "2026-10-25 22:00"),
        ("2028-02-29 12:00", TALLINN, date(2028, 2, 29), "2028-02-29 22:00"),
        ("2011-12-30 09:00", APIA, date(2011, 12, 29), "2011-12-30 10:00"),
        ("2026-01-01 10:00", KIRITIMATI, date(2026, 1, 2), "2026-01-02 10:00"),
        ("2026-11-01 04:30", HAVANA, date(2026, 11, 1), "2026-11-02 05:00"),
    ],
)
def test_days_are_those_of_the_place(at: str, zone: tzinfo, day: date, next_: str) -> None:
    place = Place((zone,))
    assert local_date(place, utc(at)) == day
    assert next_day(place, utc(at)) == utc(next_)


NIGHTS = [
    utc(night)
    for night in (
        "2026-03-29 01:00",
        "2026-10-25 01:00",
        "2026-11-01 05:00",
        "2026-03-08 07:00",
        "2026-04-23 22:00",
    )
]
spans = st.none() | st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda h: h[0] < h[1]).map(
    lambda h: Hours(*h)
)


@given(
    st.sampled_from(NIGHTS),
    st.integers(-1500, 1500),
    st.lists(st.sampled_from([TALLINN, NEW_YORK, CAIRO, HAVANA]), min_size=1, max_size=2, unique=True),
    st.tuples(*[spans] * 7),
)
def test_the_next_opening_is_the_first_open_minute(
    night: datetime, minutes: int, zones: list[tzinfo], week: Week
) -> None:
    place = Place(tuple(zones), frozenset({night.date()}))
    at = night + timedelta(minutes=minutes)
    found = next_open(week, holidays=False, place=place, at=at)
    walked = next(
        (
            moment
            for moment in (at + timedelta(minutes=minute) for minute in range(2 * 1440))
            if is_open(week, holidays=False, place=place, at=moment)
        ),
        None,
    )
    if walked is not None:
        assert found == walked
    else:
        assert found is None or found >= at + timedelta(days=2)
        assert found is None or found <= at + timedelta(days=LOOK_AHEAD_DAYS + 2)
