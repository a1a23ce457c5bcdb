"""Campaigns beside callers on simulated days: customers abandoned and reached, and how soon callers are answered.

    python -m bench blending                                   some cells, in some minutes
    python -m bench blending --operators 6 --callers 40        one cell
    python -m bench blending --curve                           the setting moves along the curve
    python -m bench blending --full                            every cell, in an hour or so

Each cell is simulated by the floor's own `step` in the day of `app/simulator/day.py`, with the same people in each
mode, and once without the campaign. The demo's load is a cell of its own. For comparison there are the figures of the
version before operators were kept for dials, and the bound for every policy (`app/simulator/blended.py`).
docs/bench.md describes the worlds.
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

from app.domain.campaigns import DialMode
from app.simulator.blended import Blended, most_in_time, most_reached
from app.simulator.campaign_people import Ends, Leads, log_normal
from app.simulator.day import Day, Inbound, LivedDay, Outbound
from app.simulator.day_figures import Part, together
from app.simulator.people import constantly

LIMIT = 0.03
SIZES, CALLERS = (4, 6, 10, 20), (0, 20, 40, 80, 120)
DEMO = 0
"""This number of operators stands for the load of `make demo`."""
DEMO_CALLERS_AN_HOUR = 1080.0
WEIGHTS = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
BEFORE = {
    (4, 20): (50.2, 0.873, 54.4, 0.851), (4, 40): (30.5, 0.701, 31.6, 0.711),
    (4, 80): (6.2, 0.333, 6.2, 0.333), (4, 120): (1.2, 0.130, 1.2, 0.130),
    (6, 20): (91.5, 0.921, 103.2, 0.889), (6, 40): (69.7, 0.852, 75.8, 0.859),
    (6, 80): (27.6, 0.626, 27.4, 0.633), (6, 120): (9.1, 0.354, 9.1, 0.354),
    (10, 20): (173.4, 0.950, 210.3, 0.913), (10, 40): (148.8, 0.943, 172.0, 0.948),
    (10, 80): (98.8, 0.906, 110.7, 0.876), (10, 120): (58.8, 0.744, 58.9, 0.743),
    (20, 20): (371.0, 0.957, 463.3, 0.950), (20, 40): (346.0, 0.967, 460.4, 0.961),
    (20, 80): (295.1, 0.979, 381.4, 0.976), (20, 120): (251.1, 0.977, 316.0, 0.944),
}  # fmt: skip
"""Figures of the version before operators were kept for dials, by operators and callers an hour: answers an hour and
share of callers in time, progressive and then predictive. Days of 3 hours: eight for 4 and 6 operators, three or four
for 10 and 20."""
LINE_PER_S = {DialMode.PROGRESSIVE: 0.0171, DialMode.PREDICTIVE: 0.2}
"""Customers a second that the dials for one free operator reach at most. Progressive: 0.2015 answers in 11.8 s, where
each dial ends after the 15 s of ringing that the law asks for. Predictive dials ahead: as if a customer answered 5 s
after one is wanted."""
NOBODY = "nobody"
"""This mode stands for a day without the campaign."""


class DemoLeads(Leads):
    """The customers of the demo's campaign: 70 % answer after 3 s, 10 % are busy, 20 % never answer."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def dial(self, now_s: float) -> tuple[Ends, float]:  # noqa: ARG002 - every moment is alike
        """How the next dial ends, and after how many seconds."""
        chance = self._random.random()
        if chance < 0.7:
            return Ends.ANSWER, 3.0
        return (Ends.BUSY, 0.2) if chance < 0.8 else (Ends.NO_ANSWER, 3600.0)


class Lived(NamedTuple):
    """One day of a cell."""

    operators: int
    callers: int
    """Callers an hour."""
    mode: str
    weight: float
    """The campaign's weight of a caller in time, 0..1; below 0: the default."""
    seed: int
    hours: float


class Came(NamedTuple):
    """The figures of a day."""

    whole: Part
    first: Part
    """The figures of the first half hour."""


def day_of(lived: Lived) -> Day:
    """The day of a cell."""
    mode = DialMode(lived.mode) if lived.mode != NOBODY else DialMode.PROGRESSIVE
    if lived.operators == DEMO:
        outbound = Outbound(mode=mode, leads=DemoLeads, talk=lambda _: constantly(4.6), lines=2.0, ring_s=15)
        inbound = Inbound((DEMO_CALLERS_AN_HOUR,), lambda _: constantly(4.6), lambda _: constantly(180.0))
        day = Day(
            operators=4, outbound=outbound, inbound=inbound, hours=lived.hours,
            wrap_up=lambda _: constantly(2.0), pick_up=lambda random: log_normal(random, 1.3, 0.4),
        )  # fmt: skip
    else:
        callers = Inbound((float(lived.callers),)) if lived.callers else None
        day = Day(
            operators=lived.operators, outbound=Outbound(mode, lines=2.0), inbound=callers, hours=lived.hours
        )
    if day.outbound is not None and lived.weight >= 0.0:
        day = replace(day, outbound=replace(day.outbound, callers_weight=lived.weight))
    return day if lived.mode != NOBODY else replace(day, outbound=None)


def live(lived: Lived) -> Came:
    figures = LivedDay(day_of(lived), lived.seed).run()
    return Came(figures.whole, figures.parts[0])


class Cell(NamedTuple):
    """Days that differ by chance only."""

    operators: int
    callers: int
    mode: str
    weight: float = -1.0


def days(cell: Cell, seeds: int, hours: float) -> list[Lived]:
    return [Lived(*cell, seed, hours) for seed in range(seeds)]


COLUMNS = (
    "answers an hour",
    "before",
    "abandoned",
    "worst day",
    "worst first half hour",
    "in time",
    "before",
    "without it",
    "lost",
    "in time at most",
    "answers at most",
)
"""The last two are bounds: the most callers in time with as many answers as before, and the most answers with five
percentage points fewer callers in time than at best."""


def bounds(place: tuple[int, int, str]) -> tuple[str, str]:
    """The two bounds of a cell, as text: no policy can pass them."""
    operators, callers, mode = place
    frontier = Blended(
        operators=operators, callers_per_s=callers / 3600.0, line_per_s=LINE_PER_S[DialMode(mode)]
    ).frontier()
    before = BEFORE[operators, callers][0 if mode == DialMode.PROGRESSIVE else 2]
    in_time = most_in_time(frontier, before)
    reached = most_reached(frontier, frontier[-1].in_time - 0.05)
    return f"{in_time:.1%}" if in_time is not None else "", f"{reached:.1f}"


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
            known = place in BEFORE and cell.mode in LINE_PER_S
            most = pool.map(bounds, [(*place, cell.mode)])[0] if known else ("", "")
            table.add_row(*_row(cell, came, alone.get(place), seeds * hours), *most)
    Console(width=None if sys.stdout.isatty() else 170).print(table)


def _row(cell: Cell, came: Sequence[Came], alone: float | None, hours: float) -> list[str]:
    whole = together(one.whole for one in came)
    in_time = whole.answered_within(20.0)
    place = cell.operators, cell.callers
    before = (
        BEFORE.get(place, ())[0 if cell.mode == DialMode.PROGRESSIVE else 2 :]
        if cell.mode in LINE_PER_S
        else ()
    )
    row = [
        "demo" if cell.operators == DEMO else str(cell.operators),
        f"{DEMO_CALLERS_AN_HOUR:.0f}" if cell.operators == DEMO else str(cell.callers),
        cell.mode,
        f"{cell.weight:g}" if cell.weight >= 0.0 else "",
        f"{len(whole.connects_s) / hours:.1f}",
        f"{before[0]:.1f}" if before else "",
        f"{whole.abandoned_share:.2%}",
        f"{max(one.whole.abandoned_share for one in came):.2%}",
        f"{max(one.first.abandoned_share for one in came):.2%}",
    ]
    if alone is None:
        return [*row, "", "", "", ""]
    was = f"{before[1]:.1%}" if before else ""
    return [*row, f"{in_time:.1%}", was, f"{alone:.1%}", f"{100.0 * (alone - in_time):.1f}"]


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
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args(list(dropwhile(lambda word: not word.startswith("-"), sys.argv[1:])))
    measure(list(_cells(asked)), asked.seeds, asked.hours, asked.processes)


if __name__ == "__main__":
    main()
