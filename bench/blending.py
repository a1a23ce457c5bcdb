"""Campaigns beside callers on simulated days: who is abandoned, who is reached, and how soon callers are answered.

    python -m bench blending                                   some cells, in some minutes
    python -m bench blending --operators 6 --callers 40        one cell
    python -m bench blending --curve                           the setting moves along the curve
    python -m bench blending --full                            every cell, in an hour or so

Each cell is lived by the floor's own `step` in the day of `app/simulator/day.py`, with the same people whatever the
mode, and once without the campaign. The demo's load is a cell of its own. The worlds are told in docs/bench.md.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import dropwhile, product
from multiprocessing import get_context
from random import Random
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from app.floor.campaign import DialMode
from app.simulator.campaign_people import Ends, Leads, log_normal
from app.simulator.day import Day, Inbound, LivedDay, Outbound
from app.simulator.day_figures import Part, together
from app.simulator.people import constantly

LIMIT = 0.03
SIZES, CALLERS = (4, 6, 10, 20), (0, 20, 40, 80, 120)
DEMO = 0
"""In place of a number of operators: the load of `make demo`."""
DEMO_CALLERS_AN_HOUR = 1080.0
WEIGHTS = (0.0, 0.5, 0.75, 0.9, 1.0)
NOBODY = "nobody"
"""In place of a mode: a day without the campaign."""


class DemoLeads(Leads):
    """Those whom the demo calls: seven in ten answer after 3 s, one is busy, two let it ring."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def dial(self, now_s: float) -> tuple[Ends, float]:  # noqa: ARG002 - every moment is alike
        """How the next dial ends."""
        chance = self._random.random()
        if chance < 0.7:
            return Ends.ANSWER, 3.0
        return (Ends.BUSY, 0.2) if chance < 0.8 else (Ends.NO_ANSWER, 3600.0)


class Lived(NamedTuple):
    """One day of a cell."""

    operators: int
    callers: int
    """An hour."""
    mode: str
    weight: float
    """Of a caller in time, 0..1; below 0 as it is by default."""
    seed: int
    hours: float


class Came(NamedTuple):
    """What a day came to."""

    whole: Part
    first: Part
    """The first half hour."""


def day_of(lived: Lived) -> Day:
    """The day of a cell."""
    mode = DialMode(lived.mode) if lived.mode != NOBODY else DialMode.PROGRESSIVE
    if lived.operators == DEMO:
        outbound = Outbound(mode, DemoLeads, lambda _: constantly(4.6), lines=2.0, ring_s=15)
        inbound = Inbound((DEMO_CALLERS_AN_HOUR,), lambda _: constantly(4.6), lambda _: constantly(180.0))
        day = Day(
            4, outbound, inbound, hours=lived.hours,
            wrap_up=lambda _: constantly(2.0), pick_up=lambda random: log_normal(random, 1.3, 0.4),
        )  # fmt: skip
    else:
        callers = Inbound((float(lived.callers),)) if lived.callers else None
        day = Day(lived.operators, Outbound(mode, lines=2.0), callers, hours=lived.hours)
    if day.outbound is not None and lived.weight >= 0.0:
        day = replace(day, outbound=replace(day.outbound, callers_weight=lived.weight))
    return day if lived.mode != NOBODY else replace(day, outbound=None)


def live(lived: Lived) -> Came:
    figures = LivedDay(day_of(lived), lived.seed).run()
    return Came(figures.whole, figures.parts[0])


class Cell(NamedTuple):
    """Days that differ in nothing but chance."""

    operators: int
    callers: int
    mode: str
    weight: float = -1.0


def days(cell: Cell, seeds: int, hours: float) -> list[Lived]:
    return [Lived(*cell, seed, hours) for seed in range(seeds)]


COLUMNS = (
    "answers an hour",
    "abandoned",
    "worst day",
    "worst first half hour",
    "in time",
    "without it",
    "lost",
)


def measure(cells: Sequence[Cell], seeds: int, hours: float, processes: int) -> None:
    table = Table(title="Campaigns beside callers", title_justify="left")
    for column in ("operators", "callers an hour", "mode", "weight"):
        table.add_column(column)
    for column in COLUMNS:
        table.add_column(column, justify="right")
    alone: dict[tuple[int, int], float] = {}
    with get_context("spawn").Pool(processes, initializer=os.nice, initargs=(10,)) as pool:
        for cell in cells:
            place = cell.operators, cell.callers
            if place not in alone and (cell.callers or cell.operators == DEMO):
                came = pool.map(live, days(Cell(*place, NOBODY), seeds, hours), chunksize=1)
                alone[place] = together(one.whole for one in came).answered_within(20.0)
            came = pool.map(live, days(cell, seeds, hours), chunksize=1)
            table.add_row(*_row(cell, came, alone.get(place), seeds * hours))
    Console(width=None if sys.stdout.isatty() else 170).print(table)


def _row(cell: Cell, came: Sequence[Came], alone: float | None, hours: float) -> list[str]:
    whole = together(one.whole for one in came)
    in_time = whole.answered_within(20.0)
    row = [
        "demo" if cell.operators == DEMO else str(cell.operators),
        f"{DEMO_CALLERS_AN_HOUR:.0f}" if cell.operators == DEMO else str(cell.callers),
        cell.mode,
        f"{cell.weight:g}" if cell.weight >= 0.0 else "",
        f"{len(whole.connects_s) / hours:.1f}",
        f"{whole.abandoned_share:.2%}",
        f"{max(one.whole.abandoned_share for one in came):.2%}",
        f"{max(one.first.abandoned_share for one in came):.2%}",
    ]
    if alone is None:
        return [*row, "", "", ""]
    return [*row, f"{in_time:.1%}", f"{alone:.1%}", f"{100.0 * (alone - in_time):.1f}"]


def _cells(asked: argparse.Namespace) -> Iterable[Cell]:
    modes = asked.mode or ["progressive", "predictive"]
    weights = WEIGHTS if asked.curve else (-1.0,)
    if asked.full:
        places = [(DEMO, 0), *product(SIZES, CALLERS)]
    elif asked.operators or asked.callers:
        places = list(product(asked.operators or [6], asked.callers or [40]))
    else:
        places = [(DEMO, 0), (6, 40), (10, 80)]
    for (operators, callers), mode, weight in product(places, modes, weights):
        yield Cell(operators, callers, mode, weight)


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench blending", description="Campaigns beside callers.")
    parser.add_argument("--full", action="store_true", help="every cell")
    parser.add_argument("--curve", action="store_true", help="with the weight of a caller at some values")
    parser.add_argument("--operators", type=int, nargs="+", metavar="N", help="0: the demo's load")
    parser.add_argument("--callers", type=int, nargs="+", metavar="N", help="an hour")
    parser.add_argument("--mode", choices=[str(mode) for mode in DialMode], nargs="+")
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--hours", type=float, default=4.0)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args(list(dropwhile(lambda word: not word.startswith("-"), sys.argv[1:])))
    measure(list(_cells(asked)), asked.seeds, asked.hours, asked.processes)


if __name__ == "__main__":
    main()
