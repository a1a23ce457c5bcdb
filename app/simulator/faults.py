"""The fault finder: `python -m app.simulator.faults` searches the floor and the runner for a broken promise.

    walk (chance) -> actions -> centre (people, link, PBX, runner, floor) -> promises
                         `-> script -> shrink -> a test to paste

The same seed of the same plan gives the same run. A script that breaks a promise is shortened and printed as a test.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import inf
from typing import Annotated

import structlog
import typer
from rich.console import Console
from rich.table import Table

from app.simulator.centre import Action
from app.simulator.promises import BrokenPromise
from app.simulator.script import as_test, broken_by, shrink
from app.simulator.walk import CLEAN, DIALS, DIALS_STORM, LOSE, MIXED, STORM, Plan, Walk
from app.system import clock

PLANS = {plan.name: plan for plan in (CLEAN, LOSE, MIXED, STORM, DIALS, DIALS_STORM)}
HOURS = {"clean": 24.0, "lose": 24.0, "mixed": 24.0, "storm": 1.0, "dials": 2.0, "dials_storm": 0.5}
"""Simulated hours of a run, by plan."""
CLOSELY_EACH = 4
"""One seed in this many is checked after each event, the others after each action only.

Only the close check sees a promise that is broken for a moment; all see one that stays broken.
"""
SHRINK_S = 60.0
"""Seconds that shortening a script may take."""


@dataclass(slots=True)
class Tally:
    """The figures of all runs of one plan."""

    runs: int = 0
    hours: float = 0.0
    calls: int = 0
    events: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    took_s: float = 0.0
    broken: int = 0

    @property
    def hours_a_second(self) -> float:
        """Simulated hours in one second on this machine."""
        return self.hours / self.took_s if self.took_s else 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """A broken promise and the script that broke it."""

    plan: str
    seed: int
    broken: BrokenPromise
    script: list[Action]

    def as_test(self) -> str:
        """The shortest script found within `SHRINK_S`, as a test."""
        began_s = clock.monotonic()
        short = shrink(self.script, broken_by, lambda: clock.monotonic() - began_s > SHRINK_S)
        return as_test(f"{self.plan}_{self.seed}", short, self.broken.promise)


def run(plan: Plan, seed: int, hours: float, tally: Tally, *, closely: bool) -> Found | None:
    """Make one run, and count it; give the promise it broke, or None.

    Args:
        plan: the plan of the run.
        seed: the seed of all its random numbers.
        hours: how many hours to simulate.
        tally: the plan's tally, which counts the run.
        closely: check each promise after each event.
    """
    walk = Walk(seed, plan, closely=closely)
    found: Found | None = None
    began_s = clock.monotonic()
    try:
        walk.go(hours)
    except BrokenPromise as broken:
        found = Found(plan.name, seed, broken, walk.script)
    tally.took_s += clock.monotonic() - began_s
    tally.runs += 1
    tally.hours += walk.centre.loop.now_s / 3600
    tally.calls += walk.centre.service.calls
    tally.events += walk.centre.service.events
    tally.faults += walk.centre.trouble.happened
    tally.broken += found is not None
    return found


def search(
    plans: Sequence[Plan], seeds: Iterable[int], tallies: dict[str, Tally], hours: float | None = None
) -> Iterator[Found]:
    """Run each seed of each plan; give each broken promise as it is found.

    Args:
        plans: all run with one seed, then with the next.
        seeds: the seeds of the runs.
        tallies: filled in, by the plan's name.
        hours: simulated hours of each run; None: the plan's own (`HOURS`).
    """
    for seed in seeds:
        for plan in plans:
            tally = tallies.setdefault(plan.name, Tally())
            closely = seed % CLOSELY_EACH == 0
            found = run(plan, seed, hours or HOURS[plan.name], tally, closely=closely)
            if found is not None:
                yield found


def table_of(tallies: dict[str, Tally]) -> Table:
    """The tallies as a table, a row for each plan."""
    table = Table(title="The fault finder", title_justify="left")
    table.add_column("plan")
    for column in ("runs", "hours", "calls", "events", "faults", "hours /s", "broken"):
        table.add_column(column, justify="right")
    for name, tally in tallies.items():
        figures = (tally.runs, tally.hours, tally.calls, tally.events, tally.faults.total())
        cells = [*(f"{figure:,.0f}" for figure in figures), f"{tally.hours_a_second:.1f}", str(tally.broken)]
        table.add_row(name, *cells, style="red" if tally.broken else None)
    return table


def _seeds(first: int, how_many: int, minutes: float | None) -> Iterator[int]:
    """Seeds from `first` on: `how_many` of them, or, with `minutes`, until the time is over."""
    until_s = inf if minutes is None else clock.monotonic() + 60 * minutes
    last = first + how_many if minutes is None else inf
    for seed in count(first):
        if seed >= last or clock.monotonic() >= until_s:
            return
        yield seed


def main(
    seed: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds.")] = 1,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Go on for so long instead, seed after seed.")
    ] = None,
    plan: Annotated[str | None, typer.Option(help=f"Only this one of {', '.join(PLANS)}.")] = None,
    hours: Annotated[float | None, typer.Option(min=0.01, help="Simulated hours of each run.")] = None,
) -> None:
    """Search the floor and the runner for broken promises. Each is printed as a test; then the exit status is 1."""
    if plan is not None and plan not in PLANS:
        raise typer.BadParameter(f"no such plan: {plan}; there are {', '.join(PLANS)}")
    # The floor logs each fault that it sees, and here there are thousands.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    console = Console()
    tallies: dict[str, Tally] = {}
    plans = [PLANS[plan]] if plan else list(PLANS.values())
    for found in search(plans, _seeds(seed, seeds, minutes), tallies, hours):
        console.out(f"Plan {found.plan}, seed {found.seed}: {found.broken}", highlight=False)
        console.out(found.as_test(), highlight=False)
    console.print(table_of(tallies))
    if any(tally.broken for tally in tallies.values()):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
