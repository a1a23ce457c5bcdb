"""Makes reports: the database adds up, a thread puts groups together, a few reports at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import cache, partial
from typing import Final

from sqlalchemy import Integer
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.numbers.facts import zone as zone_named
from app.records.engine import reading
from app.reports import queries
from app.reports.errors import (
    FigureUnknown,
    NotToldApart,
    PeriodUnfit,
    ReportsBusy,
    ReportTooLarge,
    ZoneUnknown,
)
from app.reports.formulas import Subject, add_up, quotients
from app.reports.periods import Part, Span, cut, key_of, slots_in
from app.reports.queries import BundleSeconds, Found, Group, SlotFigures, Wanted
from app.reports.sources import SOURCES, By, Source, names_of
from app.reports.spans import Bundle, spread
from app.reports.titles import titles_of

DAYS_MOST: Final = 400
"""The longest period."""
COUNTS_MOST: Final = 40_000
"""The most counts that are read for one report."""
LINES_MOST: Final = 1_500
"""The most groups of one report."""
AT_ONCE: Final = 2
"""The most reports that are made at one time."""
PARTS: Final[Mapping[By, Part]] = {By(part.value): part for part in Part}
"""Groupings by time."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Asked:
    """What a report is asked for."""

    subject: Subject
    span: Span
    zone: str
    """IANA name: its clock says what a day and an hour are."""
    groups: Sequence[tuple[By, str]]
    """Only rows that are in all of these groups, by their keys; empty: rows that have none."""
    by: By | None = None
    """What groups are told apart by; None: all rows are one group."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Line:
    """The figures of one group."""

    key: str
    """The group's id, or the name of its part of time; empty: rows that have none."""
    title: str
    """The group's name for people; empty for parts of time."""
    span: Span
    figures: Mapping[str, float]
    quotients: Mapping[str, float | None]


@dataclass(slots=True, frozen=True, kw_only=True)
class Report:
    """A report: its groups, and all of them together."""

    asked: Asked
    lines: Sequence[Line]
    total: Line


class Reports:
    """Makes reports, a few at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._under_way = 0

    async def make(self, asked: Asked, now: datetime) -> Report:
        """Make a report.

        Args:
            asked: what it is asked for.
            now: aware; what lasts still has lasted until then.

        Raises:
            PeriodUnfit, ZoneUnknown: there is no such period, or it is too long.
            NotToldApart: the report knows no such groups.
            ReportTooLarge: it has more than `LINES_MOST` groups, or reads more than `COUNTS_MOST` counts.
            ReportsBusy: `AT_ONCE` others are being made.
        """
        zone = _checked(asked)
        sources = _sources(asked)
        part = PARTS.get(asked.by) if asked.by is not None else None
        async with self._turn():
            parts = await asyncio.to_thread(_cut, asked.span, zone, part) if part is not None else {}
            wanted = await asyncio.to_thread(_wanted, asked, zone, now, sources[0])
            counts: list[SlotFigures | BundleSeconds] = []
            by = None if part is not None else asked.by
            async with reading(self._engine) as session:
                for source in sources:
                    if by is None or by in source.groups:
                        counts += await _read(session, source, wanted, by=by, slotted=part is not None)
                        _bound(len(counts), COUNTS_MOST)
                titles = await titles_of(session, by, {one.group for one in counts}) if by is not None else {}
            return await asyncio.to_thread(_put_together, asked, counts, parts, titles, zone)

    async def page_rows(
        self, asked: Asked, figure: str, *, after: tuple[datetime, str] | None, limit: int, now: datetime
    ) -> list[Found]:
        """The rows that a figure counts, the newest first.

        Args:
            asked: which rows; its `by` does not matter.
            figure: the name of a plain figure.
            after: the moment and the key of the last row of the page before.
            limit: how many at most.
            now: aware.

        Raises:
            FigureUnknown: the report has no such plain figure.
            PeriodUnfit, ZoneUnknown, NotToldApart: as for `make`.
        """
        zone = _checked(asked)
        source = next((one for one in SOURCES[asked.subject] if figure in one.measures), None)
        if source is None:
            raise FigureUnknown(figure=figure)
        if source not in _sources(asked):
            raise NotToldApart(by=", ".join(by for by, _ in asked.groups))
        wanted = await asyncio.to_thread(_wanted, asked, zone, now, source)
        async with reading(self._engine) as session:
            return await queries.page_rows(session, source, wanted, figure, after=after, limit=limit)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._under_way >= AT_ONCE:
            raise ReportsBusy(most=AT_ONCE, retry_after_s=2)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1


def _checked(asked: Asked) -> tzinfo:
    if not timedelta() < asked.span.ends - asked.span.begins <= timedelta(days=DAYS_MOST):
        raise PeriodUnfit(days=DAYS_MOST)
    zone = zone_named(asked.zone)
    if zone is None:
        raise ZoneUnknown(zone=asked.zone)
    return zone


def _sources(asked: Asked) -> list[Source]:
    """The sources whose rows can be told apart as it is asked."""
    grouped = [by for by, _ in asked.groups]
    groups = [by for by in grouped if by not in PARTS]
    fitting = [one for one in SOURCES[asked.subject] if all(by in one.groups for by in groups)]
    if not fitting:
        raise NotToldApart(by=", ".join(groups))
    by = asked.by
    lasting = any(one.ends is not None for one in fitting)
    hours_of_week = By.HOUR_OF_WEEK in grouped
    if by is not None and by not in PARTS and not any(by in one.groups for one in fitting):
        raise NotToldApart(by=by)
    if any(one in PARTS and one is not By.HOUR_OF_WEEK for one in grouped) or (hours_of_week and lasting):
        raise NotToldApart(by=", ".join(grouped))
    return fitting


def _wanted(asked: Asked, zone: tzinfo, now: datetime, source: Source) -> Wanted:
    groups: list[tuple[By, Group]] = []
    wanted = Wanted(span=asked.span, groups=groups, now=now)
    for by, key in asked.groups:
        if by is By.HOUR_OF_WEEK:
            wanted = replace(wanted, slots=slots_in(asked.span, zone, key))
        elif not key:
            groups.append((by, None))
        elif isinstance(source.groups[by].type, Integer):
            if not (key.isascii() and key.isdecimal() and len(key) < 10):
                raise NotToldApart(by=f"{by}={key}")
            groups.append((by, int(key)))
        else:
            groups.append((by, key))
    return wanted


def _cut(span: Span, zone: tzinfo, part: Part) -> Mapping[str, Span]:
    parts = cut(span, zone, part)
    _bound(len(parts), LINES_MOST)
    return parts


async def _read(
    session: AsyncSession, source: Source, wanted: Wanted, *, by: By | None, slotted: bool
) -> Sequence[SlotFigures | BundleSeconds]:
    if source.ends is not None:
        return await queries.bundle(session, source, wanted, by=by, most=COUNTS_MOST)
    return await queries.add_up(session, source, wanted, by=by, slotted=slotted, most=COUNTS_MOST)


def _bound(count: int, most: int) -> None:
    if count > most:
        raise ReportTooLarge(most=most)


def _put_together(
    asked: Asked,
    counts: Sequence[SlotFigures | BundleSeconds],
    parts: Mapping[str, Span],
    titles: Mapping[Group, str],
    zone: tzinfo,
) -> Report:
    part = PARTS.get(asked.by) if asked.by is not None else None
    key_of_slot = cache(partial(key_of, zone=zone, part=part)) if part is not None else None
    names = names_of(asked.subject)
    found = {key: list[Mapping[str, float]]() for key in parts}
    for one in counts:
        for slot, figures in _in_slots(one):
            key = "" if one.group is None else str(one.group)
            if key_of_slot is not None and slot is not None:
                key = key_of_slot(slot)
            found.setdefault(key, []).append(figures)
    _bound(len(found), LINES_MOST)
    known = {"" if group is None else str(group): title for group, title in titles.items()}
    lines = [
        _line(asked, key, known.get(key, ""), parts.get(key, asked.span), add_up(figures, names))
        for key, figures in found.items()
    ]
    if part is None:
        lines.sort(key=lambda line: (line.key == "", line.title.casefold(), line.key))
    total = _line(asked, "", "", asked.span, add_up((line.figures for line in lines), names))
    return Report(asked=asked, lines=[] if asked.by is None else lines, total=total)


def _in_slots(one: SlotFigures | BundleSeconds) -> Iterator[tuple[int | None, Mapping[str, float]]]:
    """The figures of each slot; an interval that ends as a slot begins spends nothing in it."""
    if isinstance(one, SlotFigures):
        yield one.slot, one.figures
        return
    for name, (count, into_first_s, into_last_s) in one.figures.items():
        bundle = Bundle(one.first, one.last, count, into_first_s=into_first_s, into_last_s=into_last_s)
        for slot, seconds in spread(bundle) if count else ():
            if seconds:
                yield slot, {name: seconds}


def _line(asked: Asked, key: str, title: str, span: Span, figures: Mapping[str, float]) -> Line:
    return Line(key=key, title=title, span=span, figures=figures, quotients=quotients(asked.subject, figures))
