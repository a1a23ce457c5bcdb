"""How many operators a day to come needs is learnt from the same weekday of the weeks before, on both databases."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.records.tables import CallRow, OperatorStateRow
from app.reports.errors import DayUnfit, ReportsBusy
from app.reports.needs import NeedAsked, Needs, NeedsOfDays
from app.reports.periods import Span

from .days import Day, keep

ZONE = ZoneInfo("Europe/Tallinn")
NOW = datetime(2026, 3, 30, 15, tzinfo=UTC)
"""The clock was set the day before, so nine o'clock is another moment than in the weeks before."""
TUESDAY = date(2026, 3, 31)
ASKED = NeedAsked(day=None, zone=ZONE.key, queue="sales", target_s=None, level=0.8)
pytestmark = pytest.mark.usefixtures("backend")


def inbound(number: int, at: datetime) -> CallRow:
    """One in ten gave up, after 50 s; the others waited for 10 s and talked for 180 s."""
    gave_up = number % 10 == 0
    return CallRow(
        id=f"c{number}",
        queue="sales",
        arrived_at=at,
        ended_at=at + timedelta(minutes=4),
        waited_s=50.0 if gave_up else 10.0,
        talked_s=0.0 if gave_up else 180.0,
        outcome="abandoned" if gave_up else "answered",
        direction="inbound",
    )


def state(seq: int, from_at: datetime, to_at: datetime, presence: str) -> OperatorStateRow:
    return OperatorStateRow(
        operator_id=1,
        seq=seq,
        from_at=from_at,
        to_at=to_at,
        presence=presence,
        routing="idle",
        device="registered",
    )


async def test_tomorrow_is_learnt_from_the_same_weekday(engine: AsyncEngine) -> None:
    day = Day(ZONE.key, Span(NOW, NOW))
    for week, calls in ((1, 30), (2, 40), (4, 20)):
        nine = datetime.combine(TUESDAY - timedelta(weeks=week), time(9), ZONE).astimezone(UTC)
        later = nine + timedelta(hours=1)
        moments = [nine + timedelta(seconds=40 * at) for at in range(calls)] + [later]
        day.calls += [inbound(len(day.calls) + at, moment) for at, moment in enumerate(moments)]
        rested = later + timedelta(minutes=20)
        day.states += [
            state(2 * week, nine, later, "available"),
            state(2 * week + 1, later, rested, "on_break"),
        ]
    await keep(engine, day)
    needs_of_days = NeedsOfDays(engine)
    needs = await needs_of_days.of(ASKED, NOW)
    assert needs.day == TUESDAY
    assert needs.learned == [TUESDAY - timedelta(weeks=week) for week in (1, 2, 4)]
    assert [part.begins.isoformat("minutes") for part in needs.parts] == ["09:00", "09:30", "10:00"]
    assert [part.need.calls for part in needs.parts] == [30, 0, 1]
    assert (needs.queue.service_s, needs.queue.target_s, needs.break_share) == (180, 10, 0.25)
    assert needs.queue.patience_s == (83 * 10 + 10 * 50) / 10
    first, second, third = (part.need for part in needs.parts)
    assert first.operators_between.low < first.operators < first.operators_between.high
    assert (first.operators >= 4, second.operators, third.operators) == (True, 0, 1)
    assert needs.lived[2] > needs.lived[0] > needs.lived[1], "the more calls, the fewer in time"
    assert await needs_of_days.of(ASKED, NOW + timedelta(minutes=1)) is needs
    wednesday = await needs_of_days.of(replace(ASKED, day=TUESDAY + timedelta(days=1)), NOW)
    assert wednesday.learned == [TUESDAY - timedelta(weeks=1), TUESDAY - timedelta(weeks=2)]
    nobody = await needs_of_days.of(replace(ASKED, queue="help"), NOW)
    assert (nobody.learned, nobody.parts, nobody.lived) == ([], [], [])
    with pytest.raises(DayUnfit):
        await needs_of_days.of(replace(ASKED, day=date(2026, 3, 29)), NOW)


async def test_one_question_is_worked_out_once_however_many_ask(engine: AsyncEngine) -> None:
    needs_of_days = NeedsOfDays(engine)
    first, *others = await asyncio.gather(*(needs_of_days.of(ASKED, NOW) for _ in range(5)))
    assert all(other is first for other in others)


async def test_what_is_begun_is_worked_out_and_others_are_told_at_once(engine: AsyncEngine) -> None:
    needs_of_days = NeedsOfDays(engine)
    asked = [replace(ASKED, level=level) for level in (0.7, 0.8, 0.9)]
    answers = await asyncio.gather(*(needs_of_days.of(one, NOW) for one in asked), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Needs, Needs, ReportsBusy]
    assert isinstance(await needs_of_days.of(asked[2], NOW), Needs)


async def test_who_waited_for_one_that_failed_asks_anew(engine: AsyncEngine) -> None:
    needs_of_days = NeedsOfDays(engine)
    async with asyncio.TaskGroup() as group:
        given_up = group.create_task(needs_of_days.of(ASKED, NOW))
        waits = group.create_task(needs_of_days.of(ASKED, NOW))
        await asyncio.sleep(0)  # both have begun
        given_up.cancel()
    assert isinstance(waits.result(), Needs)
