"""How many operators each half hour of a day to come needs, learnt from days like it."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import inf
from random import Random
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.queues.tables import QueueRow
from app.estimation.staffing import Day, Need, Queue, answered_in_time, need
from app.numbers.facts import zone as zone_named
from app.records.base import table_of
from app.records.engine import reading
from app.records.tables import CallRow
from app.reports.errors import DayUnfit, ReportsBusy, ZoneUnknown
from app.reports.formulas import Subject, add_up
from app.reports.periods import Span
from app.reports.service import Asked, Report, Reports
from app.reports.sources import CALLS, USUAL_TARGET_S, By, names_of

WEEKS: Final = 8
"""The same weekday of so many weeks is looked at."""
DAYS_AHEAD: Final = 60
PART_S: Final = 1800.0
TALKS_MOST: Final = 1_000
"""The last talks whose lengths are taken for those to come."""
LIVED_MOST: Final = 60_000
"""Calls of one answer that are lived again, at most."""
OTHER_DAYS: Final = 14
"""So many days, of any weekday, are looked at where no such weekday had calls."""
USUAL_TALK_S: Final = 180.0
"""Of a call where none is on record."""
OLD_S: Final = 600.0
"""An answer is given again for so long."""
AT_ONCE: Final = 2
"""The most questions that are worked out at one time."""
KEPT: Final = 50
"""Answers that are kept."""
HALF_HOURS: Final = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
_CALL = table_of(CallRow)


@dataclass(slots=True, frozen=True, kw_only=True)
class NeedAsked:
    """What is asked for."""

    day: date | None
    """None: the day after today in the zone."""
    zone: str
    """IANA name."""
    queue: str | None
    """None: all queues, as if every operator served each."""
    target_s: float | None
    """None: the queue's own; of all queues together, the usual one."""
    level: float
    """Less than 1."""


@dataclass(slots=True, frozen=True, kw_only=True)
class HalfHour:
    """A part of the day."""

    begins: time
    """By the clock of the zone."""
    need: Need


@dataclass(slots=True, frozen=True, kw_only=True)
class Needs:
    """What a day needs, and what that is known from."""

    asked: NeedAsked
    day: date
    learned: Sequence[date]
    """The days it was learnt from, the last first; none: no such day had calls."""
    queue: Queue
    break_share: float
    """Of the time at work."""
    parts: Sequence[HalfHour]
    """From the first to the last half hour in which somebody called."""
    lived: Sequence[float]
    """The service level of each of those days, had it come again with this plan."""


class _Seen(NamedTuple):
    """A day on record."""

    day: date
    calls: Report
    """By half hours."""
    operators: Report

    @property
    def counts(self) -> dict[time, int]:
        """The calls of each half hour of the clock; the hour that comes twice in autumn counts as one."""
        found: dict[time, int] = {}
        for line in self.calls.lines:
            begins = line.span.begins.astimezone(zone_named(self.calls.asked.zone)).time()
            found[begins] = found.get(begins, 0) + int(line.figures["offered"])
        return found


class NeedsOfDays:
    """Works out needs, and keeps them for a while. Whoever asks what is being worked out waits for that answer."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reports = Reports(engine)
        self._kept: OrderedDict[tuple[NeedAsked, date], tuple[datetime, Needs]] = OrderedDict()
        self._under_way: dict[tuple[NeedAsked, date], asyncio.Event] = {}
        """What is worked out now, and the event that it is over."""

    async def of(self, asked: NeedAsked, now: datetime) -> Needs:
        """What a day needs.

        Args:
            asked: which day, which queue, and what is wanted of it.
            now: aware.

        Raises:
            ZoneUnknown: there is no such zone.
            DayUnfit: the day is over, or too far ahead.
            ReportsBusy: `AT_ONCE` others are being worked out.
        """
        zone = zone_named(asked.zone)
        if zone is None:
            raise ZoneUnknown(zone=asked.zone)
        today = now.astimezone(zone).date()
        day = asked.day or today + timedelta(days=1)
        if not today <= day <= today + timedelta(days=DAYS_AHEAD):
            raise DayUnfit(days=DAYS_AHEAD)
        key = (asked, day)
        while (found := self._fresh(key, now)) is None:
            if (over := self._under_way.get(key)) is not None:
                await over.wait()
                continue
            if len(self._under_way) >= AT_ONCE:
                raise ReportsBusy(most=AT_ONCE, retry_after_s=2)
            over = self._under_way[key] = asyncio.Event()
            try:
                self._keep(key, now, await self._learn(asked, day, today, now))
            finally:
                del self._under_way[key]
                over.set()
        return found

    def _fresh(self, key: tuple[NeedAsked, date], now: datetime) -> Needs | None:
        at, found = self._kept.get(key, (now, None))
        return found if (now - at).total_seconds() < OLD_S else None

    def _keep(self, key: tuple[NeedAsked, date], now: datetime, found: Needs) -> None:
        self._kept.pop(key, None)  # what is kept anew is the newest
        self._kept[key] = (now, found)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    async def _learn(self, asked: NeedAsked, day: date, today: date, now: datetime) -> Needs:
        alike = [day - timedelta(weeks=weeks) for weeks in range(1, WEEKS + DAYS_AHEAD // 7 + 2)]
        seen = await self._days(asked, [one for one in alike if one < today][:WEEKS], now)
        if not seen:
            others = [today - timedelta(days=days) for days in range(1, OTHER_DAYS + 1)]
            seen = await self._days(asked, others, now)
        async with reading(self._engine) as session:
            row = await session.get(QueueRow, asked.queue) if asked.queue is not None else None
            usual_s = row.target_s if row is not None else USUAL_TARGET_S
            lasted = select(_CALL.c.talked_s).where(*CALLS.base, CALLS.measures["answered"].where)
            if asked.queue is not None:
                lasted = lasted.where(_CALL.c.queue == asked.queue)
            latest = lasted.order_by(_CALL.c.arrived_at.desc()).limit(TALKS_MOST)
            talks_s = list(await session.scalars(latest))
        return await asyncio.to_thread(_worked_out, asked, day, seen, usual_s, talks_s)

    async def _days(self, asked: NeedAsked, days: Sequence[date], now: datetime) -> list[_Seen]:
        """The days on which somebody called."""
        zone = zone_named(asked.zone)
        groups = () if asked.queue is None else ((By.QUEUE, asked.queue),)
        seen: list[_Seen] = []
        for day in days:
            begins = datetime.combine(day, time(), zone)
            span = Span(begins, datetime.combine(day + timedelta(days=1), time(), zone))
            wanted = Asked(subject=Subject.CALLS, span=span, zone=asked.zone, groups=groups, by=By.HALF_HOUR)
            calls = await self._reports.make(wanted, now)
            if calls.total.figures["offered"]:
                worked = replace(wanted, subject=Subject.OPERATORS, groups=(), by=None)
                seen.append(_Seen(day, calls, await self._reports.make(worked, now)))
        return seen


def _worked_out(
    asked: NeedAsked, day: date, seen: Sequence[_Seen], usual_s: float, talks_s: Sequence[float]
) -> Needs:
    calls = add_up((one.calls.total.figures for one in seen), names_of(Subject.CALLS))
    worked = add_up((one.operators.total.figures for one in seen), names_of(Subject.OPERATORS))
    talk_s = calls["talk_s"] / calls["answered"] if calls["answered"] else USUAL_TALK_S
    wrap_up_s = worked["wrap_up_s"] / worked["accepted"] if worked["accepted"] else 0.0
    queue = Queue(
        service_s=max(1.0, talk_s + wrap_up_s),
        patience_s=max(1.0, calls["wait_s"] / calls["abandoned"]) if calls["abandoned"] else inf,
        target_s=usual_s if asked.target_s is None else asked.target_s,
        level=asked.level,
    )
    counts = [one.counts for one in seen]
    busy = sorted({at for each in counts for at, number in each.items() if number})
    halves = [one for one in HALF_HOURS if busy and busy[0] <= one <= busy[-1]]
    parts = [
        HalfHour(begins=at, need=need([each.get(at, 0) for each in counts], PART_S, queue)) for at in halves
    ]
    plan = [part.need.operators for part in parts]
    chance = Random(0).random  # noqa: S311 - a simulation, the same each time
    lived, left = list[float](), LIVED_MOST
    for each in counts:
        again = Day([each.get(at, 0) for at in halves], talks_s or [talk_s])
        left -= sum(again.counts)
        if left < 0:
            break
        lived.append(answered_in_time(again, plan, PART_S, queue, wrap_up_s=wrap_up_s, chance=chance))
    return Needs(
        asked=asked,
        day=day,
        learned=[one.day for one in seen],
        queue=queue,
        break_share=worked["break_s"] / worked["logged_in_s"] if worked["logged_in_s"] else 0.0,
        parts=parts,
        lived=lived,
    )
