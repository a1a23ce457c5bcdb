"""The best hour of the day to try a lead again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.pacing.best_hour import WORTH, HourTally, better_time, rates

TALLINN = ZoneInfo("Europe/Tallinn")
NOON = datetime(2026, 3, 2, 12, 20, tzinfo=TALLINN)
EVENING = {hour: HourTally(200, 20) for hour in range(9, 21)} | {
    18: HourTally(200, 80),
    19: HourTally(200, 60),
}


def test_it_waits_for_the_hour_in_which_people_answer() -> None:
    assert better_time(NOON, EVENING, (), TALLINN) == NOON.replace(hour=18, minute=0)


def test_an_hour_in_which_this_one_did_not_answer_comes_after_others() -> None:
    assert better_time(NOON, EVENING, {18}, TALLINN) == NOON.replace(hour=19, minute=0)
    assert better_time(NOON, EVENING, {18, 19}, TALLINN) == NOON.replace(hour=18, minute=0)


def test_in_the_best_hour_it_goes_at_once() -> None:
    now = NOON.replace(hour=18, minute=40)
    assert better_time(now, EVENING, {18}, TALLINN) == now


def test_a_few_lucky_calls_make_no_best_hour() -> None:
    assert better_time(NOON, {12: HourTally(300, 60), 18: HourTally(3, 3)}, (), TALLINN) == NOON
    assert better_time(NOON, {}, (), TALLINN) == NOON
    assert better_time(NOON, {12: HourTally(300, 60), 18: HourTally(300, 70)}, (), TALLINN) == NOON


@given(
    st.dictionaries(
        st.integers(0, 23),
        st.integers(0, 500).flatmap(lambda n: st.builds(HourTally, st.just(n), st.integers(0, n))),
    ),
    st.sets(st.integers(0, 23)),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(TALLINN)),  # noqa: DTZ001 - made aware
)
def test_it_is_never_sooner_nor_a_day_later_nor_worse(
    tallies: dict[int, HourTally], tried: set[int], next_at: datetime
) -> None:
    found = better_time(next_at, tallies, tried, TALLINN)
    assert next_at <= found < next_at + timedelta(days=1)
    if found != next_at:
        promised = rates(tallies)
        assert promised[found.astimezone(TALLINN).hour] >= promised[next_at.hour] * WORTH
