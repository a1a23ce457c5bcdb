"""Abandonment over each window: exact where it says so, and never too low."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.campaigns import Window
from app.pacing.abandonment import Abandonment, LiveAnswers, Span, span_at, tally

TALLINN = ZoneInfo("Europe/Tallinn")
BEGUN = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)
EXACT = [Window.CALENDAR_DAY, Window.THIRTY_DAYS, Window.CAMPAIGN]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "at", "begins", "ends"),
    [
        (Window.ROLLING_DAY, "2026-03-29 12:00", "2026-03-28 12:00", "2026-03-29 12:00"),
        # days of 23 and of 25 hours
        (Window.CALENDAR_DAY, "2026-03-29 12:00", "2026-03-28 22:00", "2026-03-29 21:00"),
        (Window.CALENDAR_DAY, "2026-10-25 12:00", "2026-10-24 21:00", "2026-10-25 22:00"),
        (Window.CALENDAR_DAY, "2028-02-29 12:00", "2028-02-28 22:00", "2028-02-29 22:00"),
        # the period begins with the campaign's first day, 2 March, and the next on 1 April
        (Window.THIRTY_DAYS, "2026-03-02 08:00", "2026-03-01 22:00", "2026-03-31 21:00"),
        (Window.THIRTY_DAYS, "2026-03-31 20:59", "2026-03-01 22:00", "2026-03-31 21:00"),
        (Window.THIRTY_DAYS, "2026-03-31 21:00", "2026-03-31 21:00", "2026-04-30 21:00"),
    ],
)
def test_spans(window: Window, at: str, begins: str, ends: str) -> None:
    assert span_at(window, utc(at), begun=BEGUN, zone=TALLINN) == Span(utc(begins), utc(ends))


def test_a_campaign_has_no_bounds() -> None:
    assert span_at(Window.CAMPAIGN, BEGUN, begun=BEGUN, zone=TALLINN) is None


@pytest.mark.parametrize(
    ("answers", "mistaken", "rate"),
    [
        (LiveAnswers(), 0.0, 0.0),
        (LiveAnswers(97, 3), 0.0, 0.03),
        (LiveAnswers(0, 1), 0.0, 1.0),
        (LiveAnswers(96, 2), 2.0, 0.04),
    ],
)
def test_rates(answers: LiveAnswers, mistaken: float, rate: float) -> None:
    assert answers.rate(mistaken=mistaken) == pytest.approx(rate)


stories = st.lists(
    st.tuples(st.floats(0, 40 * 86_400) | st.floats(0, 3 * 86_400), st.booleans()), max_size=60
).map(lambda story: [(BEGUN + timedelta(seconds=seconds), lost) for seconds, lost in sorted(story)])


def exact(story: list[tuple[datetime, bool]], window: Window, at: datetime) -> LiveAnswers:
    return tally(story, window, at, span_at(window, at, begun=BEGUN, zone=TALLINN))


@given(stories, st.sampled_from(EXACT), st.floats(0, 5))
def test_kept_and_counted_anew_agree(story: list[tuple[datetime, bool]], window: Window, days: float) -> None:
    kept = Abandonment(window, BEGUN, zone=TALLINN)
    for number, (at, abandoned) in enumerate(story):
        kept.add(at, abandoned=abandoned)
        assert kept.at(at) == exact(story[: number + 1], window, at)
    end = story[-1][0] + days * DAY if story else BEGUN
    assert kept.at(end) == exact(story, window, end)


@given(stories, st.floats(0, 2))
def test_the_rolling_day_is_never_too_low(story: list[tuple[datetime, bool]], days: float) -> None:
    kept = Abandonment(Window.ROLLING_DAY, BEGUN, zone=TALLINN)
    asked = [(at, story[: number + 1]) for number, (at, _) in enumerate(story)]
    if story:
        asked.append((story[-1][0] + days * DAY, story))
    for number, (at, so_far) in enumerate(asked):
        if number < len(story):
            kept.add(at, abandoned=story[number][1])
        told, true = kept.at(at), exact(so_far, Window.ROLLING_DAY, at)
        edge = (at - DAY).replace(second=0, microsecond=0)
        if any(edge <= one < edge + timedelta(minutes=1) for one, _ in so_far):
            assert told.abandoned >= true.abandoned
            assert told.answered <= true.answered
            assert told.rate() >= true.rate()
        else:
            assert told == true


def test_answers_known_late_are_counted_in_their_minute() -> None:
    kept = Abandonment(Window.ROLLING_DAY, BEGUN, zone=TALLINN)
    for seconds in (120, 0, 60, 119, 3600):
        kept.add(BEGUN + timedelta(seconds=seconds), abandoned=seconds == 60)
    assert kept.at(BEGUN + timedelta(hours=1)) == LiveAnswers(4, 1)
    assert kept.at(BEGUN + DAY + timedelta(seconds=125)) == LiveAnswers(1, 0)


def test_an_answer_of_yesterday_is_not_counted_today() -> None:
    kept = Abandonment(Window.CALENDAR_DAY, BEGUN, zone=TALLINN)
    kept.add(BEGUN + DAY, abandoned=False)
    kept.add(BEGUN, abandoned=True)
    assert kept.at(BEGUN + DAY) == LiveAnswers(1, 0)


def test_a_day_of_whatever_traffic_is_bounded() -> None:
    kept = Abandonment(Window.ROLLING_DAY, BEGUN, zone=TALLINN)
    for minute in range(3 * 1440):
        kept.add(BEGUN + timedelta(minutes=minute), abandoned=False, times=1000)
    assert len(kept._minutes) <= 1441
    assert kept.at(BEGUN + timedelta(minutes=3 * 1440 - 1)).answered == 1000 * 1440
