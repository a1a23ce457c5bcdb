"""`keskus simulate`: simulates a day several times, with its own and with another number of operators."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import inf
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from app.domain.campaigns import DialMode
from app.domain.spans import counted
from app.records.engine import reading
from app.simulator.campaign_people import UsualLeads, steady
from app.simulator.day import Day, Inbound, LivedDay, Outbound
from app.simulator.day_figures import DayFigures, Part, together
from app.simulator.learned import DayUnfit
from app.simulator.plots import draw
from app.staffing.days import DayOnFile, day_on_file
from app.staffing.what_if import day_like


@dataclass(slots=True, frozen=True)
class Wishes:
    """The options of a simulated day: a made-up day, or a day like a recorded one.

    Args:
        operators: how many; None: 10 in a made-up day, else as many as the recorded day had.
        hours: the length of a made-up day.
        mode: the campaign's dial mode; None: predictive in a made-up day, else the recorded day's.
        answer_rate: the share of dials that a person answers, 0..1, in a made-up day.
        lines: lines for each free operator, in mode ratio.
        leads: the most dials; 0: no campaign.
        calls: inbound calls an hour, in a made-up day.
        target_s: the service-level target, in seconds.
    """

    operators: int | None = None
    hours: float = 8.0
    mode: DialMode | None = None
    answer_rate: float = 0.25
    lines: float = 1.5
    leads: float = inf
    calls: float = 0.0
    target_s: float = 20.0

    def made_up(self) -> Day:
        """A made-up day with these options.

        Raises:
            DayUnfit: there are neither inbound calls nor leads.
        """
        rate = steady(self.answer_rate)
        inbound = Inbound((self.calls,), target_s=self.target_s) if self.calls else None
        outbound = Outbound(leads=lambda random: UsualLeads(random, rate))
        return self._changed(Day(operators=10, outbound=outbound, inbound=inbound, hours=self.hours))

    def like(self, records: DayOnFile) -> Day:
        """A day like a recorded one, changed by these options.

        Raises:
            DayUnfit: nobody was logged in that day, or there are neither inbound calls nor dials.
        """
        return self._changed(day_like(records, target_s=self.target_s))

    def _changed(self, day: Day) -> Day:
        outbound = None
        if day.outbound is not None and self.leads:
            mode = self.mode or day.outbound.mode
            outbound = replace(day.outbound, mode=mode, lines=self.lines, most=self.leads)
        if outbound is None and day.inbound is None:
            raise DayUnfit("nobody calls and nobody is called: give --calls, or leads")
        return replace(day, operators=self.operators or day.operators, outbound=outbound)


async def read_day(engine: AsyncEngine, day: date) -> DayOnFile:
    """A day's records, from midnight to midnight in this machine's time zone."""
    from_at = datetime.combine(day, time()).astimezone()
    to_at = datetime.combine(day + timedelta(days=1), time()).astimezone()
    async with reading(engine) as session:
        return await day_on_file(session, from_at, to_at)


def variants(day: Day, more: int) -> dict[str, Day]:
    """The day, and the same day with `more` operators more, by title; `more` may be negative.

    Raises:
        DayUnfit: no operator would be left.
    """
    days = {_title(day): day}
    if more:
        if day.operators + more < 1:
            raise DayUnfit(f"{day.operators} operators and {more} more are nobody")
        other = replace(day, operators=day.operators + more)
        days[_title(other)] = other
    return days


def live(days: Mapping[str, Day], seeds: int, console: Console) -> dict[str, list[DayFigures]]:
    """Simulate each day once for each seed, with a progress bar; return the figures by title."""
    lived: dict[str, list[DayFigures]] = {title: [] for title in days}
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console, transient=True
    ) as bars:
        bar = bars.add_task("Living the days", total=len(days) * seeds)
        for seed in range(seeds):
            for title, day in days.items():
                lived[title].append(LivedDay(day, seed).run())
                bars.advance(bar)
    return lived


def plot(lived: Mapping[str, Sequence[DayFigures]], day: Day, path: Path) -> None:
    """Draw the simulated days to a file. Raises as `app.simulator.plots.draw` does."""
    parts = {title: [one.parts for one in some] for title, some in lived.items()}
    full = max(1, int(day.hours * 3600.0 / day.part_s))  # work after the day's end is a part of its own
    cut = {title: [seed[:full] for seed in seeds] for title, seeds in parts.items()}
    draw(cut, path, begins=day.begins, part_s=day.part_s)


def table_of(
    lived: Mapping[str, Sequence[DayFigures]], target_s: float, record: Part | None = None, title: str = ""
) -> Table:
    """A table of the figures side by side: means over the seeds, and the worst day's abandonment.

    Args:
        lived: the figures of the simulated days, by title.
        target_s: the service-level target, in seconds.
        record: the recorded day, shown first.
        title: the table's title.
    """
    table = Table(title=title, title_justify="left")
    table.add_column("")
    if record is not None:
        table.add_column("on record", justify="right")
    for name in lived:
        table.add_column(name, justify="right")
    wholes = {name: [one.whole for one in days] for name, days in lived.items()}
    known = [*([record] if record is not None else []), *(together(days) for days in wholes.values())]
    outbound, inbound = any(part.dials for part in known), any(part.inbound for part in known)

    def row(label: str, figure: Callable[[Part], str]) -> None:
        cells = [] if record is None else [figure(record)]
        table.add_row(label, *cells, *(figure(together(days)) for days in wholes.values()))

    def a_day(count: Callable[[Part], int]) -> Callable[[str], str]:
        return lambda name: f"{fmean(map(count, wholes[name])):,.0f}"

    def counted(label: str, count: Callable[[Part], int]) -> None:
        cells = [] if record is None else [f"{count(record):,}"]
        table.add_row(label, *cells, *(a_day(count)(name) for name in wholes))

    row("utilisation", lambda part: f"{part.utilisation:.1%}")
    if outbound:
        table.add_section()
        counted("dials", lambda part: part.dials)
        counted("talks with those who answered", lambda part: len(part.connects_s))
        row("abandoned of live answers", lambda part: f"{part.abandoned_share:.2%}")
        worst = [f"{max(part.abandoned_share for part in days):.2%}" for days in wholes.values()]
        table.add_row("  the worst day", *([""] if record is not None else []), *worst)
        row("mean time to the operator", lambda part: f"{part.mean_connect_s:.2f} s")
    if inbound:
        table.add_section()
        counted("calls that came in", lambda part: part.inbound)
        row("not answered", lambda part: f"{part.lost_share:.1%}")
        row("mean wait of the answered", lambda part: f"{part.mean_wait_s:.1f} s")
        row(f"answered within {target_s:.0f} s", lambda part: f"{part.answered_within(target_s):.1%}")
    return table


def _title(day: Day) -> str:
    return counted(day.operators, "operator")
