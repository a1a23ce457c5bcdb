"""What an operator's states add up to in a day."""

from datetime import UTC, datetime, timedelta

import pytest

from app.crm.operators.day import BreakTime, Day, Span, day_of

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def span(
    begins: float, ends: float | None, routing: str = "idle", presence: str = "available", **more: str
) -> Span:
    """A state; times are in minutes since midnight."""
    end = None if ends is None else MIDNIGHT + timedelta(minutes=ends)
    begin = MIDNIGHT + timedelta(minutes=begins)
    return Span(
        from_at=begin,
        to_at=end,
        presence=presence,
        break_reason=more.get("reason", ""),
        routing=routing,
        call=more.get("call"),
    )


def lunch(begins: float, ends: float | None, reason: str = "lunch") -> Span:
    return span(begins, ends, presence="on_break", reason=reason)


@pytest.mark.parametrize(
    ("spans", "day"),
    [
        ([], Day(0, 0, 0, 0, ())),
        ([span(-600, None, presence="offline")], Day(0, 0, 0, 0, ())),
        ([span(-30, 20)], Day(0, 1200, 0, 0, ())),
        ([span(10, None)], Day(0, 3000, 0, 0, ())),
        ([span(90, 100)], Day(0, 0, 0, 0, ())),
        (
            [
                span(0, 10, "talking", call="a"),
                span(10, 11, "on_hold", call="a"),
                span(11, 12, "talking", call="a"),
                span(12, 14, "wrap_up", call="a"),
                span(14, 15, "talking", call="b"),
            ],
            Day(2, 900, 780, 120, ()),
        ),
        ([lunch(0, 10), lunch(10, 30)], Day(0, 1800, 0, 0, (BreakTime("lunch", 1800, 1),))),
        (
            [lunch(0, 10), lunch(10, 12, "rest"), span(12, 20), lunch(20, None)],
            Day(0, 3600, 0, 0, (BreakTime("lunch", 3000, 2), BreakTime("rest", 120, 1))),
        ),
        (
            [span(0, 5, "talking", "on_break", call="a", reason="lunch"), lunch(5, 15)],
            Day(1, 900, 300, 0, (BreakTime("lunch", 600, 1),)),
        ),
        (
            [span(0, 5, "talking", "offline", call="a"), span(5, None, presence="offline")],
            Day(1, 300, 300, 0, ()),
        ),
    ],
)
def test_a_day_adds_up_what_was_on_record(spans: list[Span], day: Day) -> None:
    assert day_of(spans, MIDNIGHT, MIDNIGHT + timedelta(hours=1)) == day
