"""Reports of random days say what the rows say, on both databases, in every zone, on days when the clock is set."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.operators.day import Span as OwnSpan
from app.crm.operators.day import day_of
from app.reports.formulas import DIALS, OFFERS, OUTCOMES, TIMES, WAIT_BANDS, Subject
from app.reports.periods import Span
from app.reports.queries import Found
from app.reports.service import Asked, Report, Reports
from app.reports.sources import MONEY, By, names_of

from .days import TARGETS, Day, add, at_work, keep, offered, random_day, seconds_within

SEEDS = range(6)
pytestmark = pytest.mark.usefixtures("backend")


def asked(day: Day, subject: Subject, by: By | None = None, **groups: str) -> Asked:
    return Asked(
        subject=subject, span=day.span, zone=day.zone, groups=[(By(k), v) for k, v in groups.items()], by=by
    )


def of(report: Report, figure: str) -> dict[str, float]:
    """A figure of each line that has it."""
    return {line.key: value for line in report.lines if (value := line.figures[figure])}


async def test_reports_of_random_days_are_what_the_rows_say(engine: AsyncEngine) -> None:
    for seed in SEEDS:
        day = random_day(seed)
        await keep(engine, day)
        await check_calls(Reports(engine), day)
        await check_operators(Reports(engine), day)
        await check_attempts_and_orders(Reports(engine), day)


async def check_calls(reports: Reports, day: Day) -> None:
    now = day.span.ends
    all_day = offered(day, lambda at: day.span.begins <= at < day.span.ends)

    def count(fits: Callable[[Any], bool]) -> dict[str, float]:
        found = {queue: add([one for one in all_day if one.queue == queue], fits) for queue in TARGETS}
        return {queue: number for queue, number in found.items() if number}

    report = await reports.make(asked(day, Subject.CALLS, By.QUEUE), now)
    assert of(report, "offered") == count(lambda one: True)
    assert of(report, "answered") == count(lambda one: one.outcome == "answered")
    assert of(report, "answered_in_target") == count(
        lambda one: one.outcome == "answered" and one.waited_s <= TARGETS[one.queue]
    )
    assert of(report, "abandoned_in_target") == count(
        lambda one: one.outcome == "abandoned" and one.waited_s <= TARGETS[one.queue]
    )
    assert of(report, "waited_to_20") == count(lambda one: 10 < one.waited_s <= 20)
    assert report.total.figures["longest_wait_s"] == max((one.waited_s for one in all_day), default=0)
    assert report.total.figures["talk_s"] == pytest.approx(
        add(all_day, lambda one: one.outcome == "answered", "talked_s")  # type: ignore[attr-defined]
    )
    for line in (*report.lines, report.total):
        for whole in (OUTCOMES, WAIT_BANDS):
            assert sum(line.figures[name] for name in whole) == line.figures["offered"]
    for by, minutes in ((By.QUARTER, 15), (By.HALF_HOUR, 30), (By.HOUR, 60)):
        cut = await reports.make(asked(day, Subject.CALLS, by), now)
        wanted: dict[str, float] = {}
        for one in all_day:
            key = day.key(one.arrived_at, minutes)
            wanted[key] = wanted.get(key, 0) + 1
        assert of(cut, "offered") == wanted
        lengths = [line.span.ends - line.span.begins for line in cut.lines]
        assert sum(one.total_seconds() for one in lengths) == (now - day.span.begins).total_seconds()
        assert cut.total.figures == pytest.approx(report.total.figures)
    week = await reports.make(asked(day, Subject.CALLS, By.HOUR_OF_WEEK), now)
    await check_rows(reports, day, report, now)
    await check_rows(reports, day, week, now, figures=("offered", "wait_s"))


async def check_operators(reports: Reports, day: Day) -> None:
    now = max(row.from_at for row in day.states)
    report = await reports.make(asked(day, Subject.OPERATORS, By.OPERATOR), now)
    for operator in ("1", "2", "3"):
        mine = [one for one in at_work(day) if str(one.operator_id) == operator]
        logged_in = sum(seconds_within(one, day.span, now) for one in mine)
        talking = sum(seconds_within(one, day.span, now) for one in mine if one.routing == "talking")
        assert of(report, "logged_in_s").get(operator, 0) == pytest.approx(logged_in, abs=0.01)
        assert of(report, "talking_s").get(operator, 0) == pytest.approx(talking, abs=0.01)
        check_own_day(report, day, operator, now)
    for line in (*report.lines, report.total):
        together = sum(line.figures[name] for name in TIMES)
        assert together == pytest.approx(line.figures["logged_in_s"], abs=0.01)
        assert sum(line.figures[name] for name in OFFERS) == line.figures["offers"]
    for by in (By.HOUR, By.DAY, By.HOUR_OF_WEEK, By.REASON):
        cut = await reports.make(asked(day, Subject.OPERATORS, by), now)
        for name in ("logged_in_s", *TIMES):
            assert cut.total.figures[name] == pytest.approx(report.total.figures[name], abs=0.01)
        if by is By.HOUR:
            for line in cut.lines:
                within = sum(seconds_within(one, line.span, now) for one in at_work(day))
                assert line.figures["logged_in_s"] == pytest.approx(within, abs=0.01)
    await check_rows(reports, day, report, now)


def check_own_day(report: Report, day: Day, operator: str, now: datetime) -> None:
    """What the operator is shown of the day is what the report says."""
    spans = [
        OwnSpan(
            from_at=one.from_at,
            to_at=one.to_at,
            presence=one.presence,
            break_reason=one.break_reason,
            routing=one.routing,
            call=one.call_id,
        )
        for one in day.states
        if str(one.operator_id) == operator
    ]
    own = day_of(spans, day.span.begins, min(now, day.span.ends))
    rests_s = sum(one.seconds for one in own.breaks)
    shown = (own.at_work_s, own.talked_s, own.wrap_up_s, rests_s)
    told = [
        of(report, name).get(operator, 0) for name in ("logged_in_s", "talking_s", "wrap_up_s", "break_s")
    ]
    told[1] += of(report, "on_hold_s").get(operator, 0)
    assert shown == pytest.approx(told, abs=0.01)


async def check_attempts_and_orders(reports: Reports, day: Day) -> None:
    now = day.span.ends
    report = await reports.make(asked(day, Subject.ATTEMPTS, By.CAMPAIGN), now)
    within = [one for one in day.attempts if day.span.begins <= one.placed_at < day.span.ends]
    assert report.total.figures["placed"] == len(within)
    assert report.total.figures["reached"] == sum(
        one.outcome in {"answered", "abandoned", "hung_up"} for one in within
    )
    for line in report.lines:
        assert sum(line.figures[name] for name in DIALS) == line.figures["placed"]
    await check_rows(reports, day, report, now)
    orders = await reports.make(asked(day, Subject.ORDERS, By.STATE), now)
    gross = [
        one.gross
        for one in day.orders
        if one.placed_at and day.span.begins <= one.placed_at < day.span.ends and one.state != "cancelled"
    ]
    assert orders.total.figures["gross"] == sum(one for one in gross if one) * 1_000_000
    await check_rows(reports, day, orders, now)
    await check_rows(reports, day, await reports.make(asked(day, Subject.ORDERS, By.QUEUE), now), now)


async def check_rows(
    reports: Reports, day: Day, report: Report, now: datetime, figures: tuple[str, ...] = ()
) -> None:
    """The rows of each figure of each line are as many, and add up to it."""
    by = report.asked.by
    assert by is not None
    for line in report.lines:
        for name in figures or names_of(report.asked.subject):
            wanted = asked(day, report.asked.subject, None, **{by.value: line.key})
            rows = await all_rows(reports, wanted, name, now)
            values = [float(row.value) for row in rows]
            if name == "longest_wait_s":
                assert max(values, default=0) == line.figures[name]
            else:
                assert sum(values) == pytest.approx(float(line.figures[name]), abs=0.01), (name, line.key)
            if not name.endswith("_s") and name not in MONEY:
                assert len(rows) == line.figures[name]
            zone = ZoneInfo(day.zone)
            if by is By.HOUR_OF_WEEK:
                local = [row.at.astimezone(zone) for row in rows]
                assert {f"{at.isoweekday()} {at.hour:02}" for at in local} <= {line.key}


async def all_rows(reports: Reports, wanted: Asked, figure: str, now: datetime) -> list[Found]:
    found: list[Found] = []
    while True:
        after = (found[-1].at, found[-1].key) if found else None
        page = await reports.page_rows(wanted, figure, after=after, limit=25, now=now)
        found += page
        if len(page) < 25:
            assert len({row.key for row in found}) == len(found)
            return found


async def test_a_period_may_begin_and_end_in_the_middle_of_a_quarter(engine: AsyncEngine) -> None:
    day = random_day(3)
    await keep(engine, day)
    reports, (begins, _) = Reports(engine), day.span
    whole = await reports.make(asked(day, Subject.OPERATORS, By.QUARTER), day.span.ends)
    middle = begins + (whole.lines[7].span.begins - begins) / 3
    day.span = Span(begins, middle)
    first = await reports.make(asked(day, Subject.OPERATORS, By.QUARTER), whole.asked.span.ends)
    day.span = Span(middle, whole.asked.span.ends)
    second = await reports.make(asked(day, Subject.OPERATORS, By.QUARTER), whole.asked.span.ends)
    both = first.total.figures["logged_in_s"] + second.total.figures["logged_in_s"]
    assert both == pytest.approx(whole.total.figures["logged_in_s"], abs=0.01)
