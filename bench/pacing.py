"""Predictive pacing on simulated days, beside its references.

    python -m bench pacing                              some cells, in some minutes
    python -m bench pacing --operators 20 --rate 25     one cell
    python -m bench pacing --full                       every cell, in some hours

Ours and progressive are the floor's own `step` in `app/simulator/day.py`. VICIdial's method and the oracle are no part
of the floor: they run in the simple centre of `app/simulator/dialing.py`, where ours has the same figures
(tests/simulator/test_day.py). docs/bench.md describes the worlds; all policies of a cell meet the same people.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import dropwhile, product
from multiprocessing import get_context
from random import Random
from time import process_time
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from app.domain.campaigns import DialMode
from app.simulator.campaign_people import (
    MemorylessLeads,
    UsualLeads,
    log_normal,
    nothing,
    steady,
    swinging,
)
from app.simulator.day import Day, LivedDay, Outbound, usual_wrap_up
from app.simulator.dialing import DialingCentre, Pacer
from app.simulator.memoryless import Memoryless
from app.simulator.pacers import LIMIT, DropMethod, OraclePacer, VicidialPacer
from app.simulator.people import exponential

HOURS = 8
WARM_UP_S = 1800.0
GRID_SEEDS = 2
OURS, PROGRESSIVE, ORACLE, VICIDIAL = "ours", "progressive", "oracle", "vicidial"
WORLDS = ("steady", "swinging", "memoryless")
SIZES, RATES = (5, 10, 20, 50, 100), (10, 25, 40)
HARD, AVERAGE = DropMethod.HARD_LIMIT, DropMethod.AVERAGE
GRID = ((0.0, 2.0, HARD), (-0.08, 2.5, AVERAGE), (-0.12, 4.0, HARD), (-0.08, 6.0, AVERAGE))
"""Settings of VICIdial's method for idle operators only: target, highest level, method after too many drops. These four
did best."""
WHOLE_GRID = GRID + tuple(
    one
    for one in product(
        (0.0, -0.04, -0.08, -0.12, -0.18), (2.0, 2.5, 3.0, 4.0, 6.0, 10.0, 20.0), (HARD, AVERAGE)
    )
    if one not in GRID
)
"""All settings that were tried to find those of `GRID`."""
OF_ORACLE = {5: 0.90, 10: 0.93, 20: 0.96, 50: 0.98, 100: 0.99}
"""Our aim, by operators: utilisation / the oracle's utilisation."""
OPTIMA = {20: 0.886, 50: 0.933, 100: 0.958}
"""Exact optima of the memoryless model by operators, from policy iteration; those of other sizes are computed here."""


class Lived(NamedTuple):
    """One policy on one day."""

    policy: str
    operators: int
    rate: int
    """Share of dials answered, in %."""
    seed: int
    world: str = "steady"
    setting: int = 0
    """The setting of VICIdial's method: its place in `WHOLE_GRID`, from 1; 0: its defaults."""


class Came(NamedTuple):
    """The figures of a day."""

    utilisation: float
    dropped: float
    highest: float
    took_s: float
    """CPU seconds."""


def live(day: Lived) -> Came:
    began = process_time()
    if day.policy in (OURS, PROGRESSIVE):
        lived = LivedDay(_day(day), day.seed)
        whole = lived.run().whole
        utilisation, dropped, highest = whole.utilisation, whole.abandoned_share, lived.figures.highest
    else:
        tally = _light(day).run(HOURS * 3600.0)
        utilisation, dropped, highest = tally.utilisation, tally.abandoned_share, tally.highest
    return Came(utilisation, dropped, highest, process_time() - began)


def _day(day: Lived) -> Day:
    mode = DialMode.PREDICTIVE if day.policy == OURS else DialMode.PROGRESSIVE
    rate = day.rate / 100.0
    if day.world == "memoryless":
        outbound = Outbound(
            mode=mode,
            leads=lambda random: MemorylessLeads(random, rate),
            talk=lambda random: exponential(random, 120.0),
            ring_s=60,
            connect_s=0.001,  # an idle operator takes it at once
        )
    else:
        share = steady(rate) if day.world == "steady" else swinging(rate)
        outbound = Outbound(mode, lambda random: UsualLeads(random, share))
    return Day(
        day.operators,
        outbound,
        hours=HOURS,
        wrap_up=(lambda _: nothing) if day.world == "memoryless" else usual_wrap_up,
        auto_answer_s=0.0,
        pbx_s=0.0,
        pick_s=0.0,
        warm_up_s=WARM_UP_S,
    )


def _light(day: Lived) -> DialingCentre:
    leads, talk, wrap_up = (Random(f"{day.seed} {what}") for what in ("leads", "talk", "wrap-up"))
    pacer: Pacer = OraclePacer() if day.policy == ORACLE else _vicidial(day.setting)
    rate = steady(day.rate / 100.0) if day.world == "steady" else swinging(day.rate / 100.0)
    return DialingCentre(
        UsualLeads(leads, rate),
        pacer,
        day.operators,
        talk=log_normal(talk, 100.0, 1.1),
        wrap_up=log_normal(wrap_up, 20.0, 0.6),
        warm_up_s=WARM_UP_S,
    )


def _vicidial(setting: int) -> VicidialPacer:
    if not setting:
        return VicidialPacer()
    target, most, method = WHOLE_GRID[setting - 1]
    return VicidialPacer(target=target, most=most, method=method, idle_only=True)


class Cell(NamedTuple):
    """A world, its size and its answer rate in %."""

    world: str
    operators: int
    rate: int
    seeds: int = 8
    reference_seeds: int = 8
    grid: int = len(GRID)
    """How many settings of `WHOLE_GRID` are tried, with `GRID_SEEDS` seeds each at most."""

    def days(self, policies: Sequence[str]) -> Iterable[Lived]:
        for policy in policies:
            if self.world != "memoryless" or policy == OURS:
                for seed in range(self.seeds if policy == OURS else self.reference_seeds):
                    yield Lived(policy, self.operators, self.rate, seed, self.world)
        if self.world != "memoryless" and VICIDIAL in policies:
            for setting, seed in product(
                range(1, self.grid + 1), range(min(self.reference_seeds, GRID_SEEDS))
            ):
                yield Lived(VICIDIAL, self.operators, self.rate, seed, self.world, setting)


class Measured(NamedTuple):
    """A cell and the figures of each policy in it, one day for each seed."""

    cell: Cell
    came: dict[str, list[Came]]

    def mean(self, policy: str, what: Callable[[Came], float] = lambda came: came.utilisation) -> float:
        days = self.came[policy]
        return sum(map(what, days)) / len(days)


def measure(cells: Iterable[Cell], policies: Sequence[str], processes: int) -> Iterable[Measured]:
    """Simulate every day of the cells, one cell after the other."""
    with get_context("spawn").Pool(processes, initializer=os.nice, initargs=(10,)) as pool:
        for cell in cells:
            days = list(cell.days(policies))
            came: dict[str, list[Came]] = {}
            settings: dict[int, list[Came]] = {}
            for day, what in zip(days, pool.imap(live, days, chunksize=1), strict=True):
                if day.setting:
                    settings.setdefault(day.setting, []).append(what)
                else:
                    came.setdefault(day.policy, []).append(what)
            legal = [one for one in settings.values() if sum(x.dropped for x in one) <= LIMIT * len(one)]
            if settings:
                came["grid"] = max(
                    legal or settings.values(), key=lambda one: sum(x.utilisation for x in one)
                )
            yield Measured(cell, came)


COLUMNS = (
    "ours",
    "worst day",
    "progressive",
    "VICIdial",
    "x",
    "its grid",
    "x",
    "oracle",
    "x",
    "optimum",
    "x",
)


def show(measured: Iterable[Measured]) -> None:
    table = Table(title="Predictive pacing: utilisation (dropped), day means", title_justify="left")
    for column in ("world", "operators", "answered"):
        table.add_column(column)
    for column in COLUMNS:
        table.add_column(column, justify="right")
    speeds: dict[int, list[float]] = {}
    for one in measured:
        table.add_row(*_row(one))
        taken = sum(came.took_s for came in one.came[OURS])
        speeds.setdefault(one.cell.operators, []).append(len(one.came[OURS]) * HOURS / taken)
    Console(width=None if sys.stdout.isatty() else 170).print(table)
    for operators, speed in sorted(speeds.items()):
        print(f"ours, {operators} operators: {sum(speed) / len(speed):.2f} simulated hours a CPU second")


def _row(one: Measured) -> list[str]:
    cell = one.cell
    worst = max(came.dropped for came in one.came[OURS])
    row = [cell.world, str(cell.operators), f"{cell.rate} %", _figure(one, OURS)]
    row.append(_coloured(f"{worst:.2%}", met=worst <= LIMIT))
    for policy, aim in (
        (PROGRESSIVE, None),
        (VICIDIAL, 1.35 if cell.operators >= 20 and cell.rate == 25 else 1.0),
        ("grid", 1.0),
        (ORACLE, OF_ORACLE.get(cell.operators, 0.0)),
    ):
        there = policy in one.came
        row.append(_figure(one, policy) if there else "")
        if aim is not None:
            row.append(_ratio(one.mean(OURS) / one.mean(policy), aim) if there else "")
    if cell.world == "memoryless":
        optimum = OPTIMA.get(cell.operators) or Memoryless(cell.operators).best(LIMIT).utilisation
        row += [f"{optimum:.3f}", _ratio(one.mean(OURS) / optimum, 0.99)]
    return row


def _figure(one: Measured, policy: str) -> str:
    return f"{one.mean(policy):.3f} ({one.mean(policy, lambda came: came.dropped):.2%})"


def _ratio(ratio: float, aim: float) -> str:
    return _coloured(f"{ratio:.3f}", met=ratio >= aim)


def _coloured(text: str, *, met: bool) -> str:
    return f"[{'green' if met else 'red'}]{text}[/]"


def _cells(asked: argparse.Namespace) -> list[Cell]:
    if asked.full:
        whole = len(WHOLE_GRID)
        cells = [Cell("steady", size, rate, grid=whole) for size, rate in product(SIZES, RATES)]
        cells += [Cell("swinging", size, 25, grid=whole) for size in SIZES]
        return cells + [Cell("memoryless", size, 25) for size in SIZES]
    if asked.operators or asked.rate or asked.world:
        return [
            Cell(world, operators, rate, asked.seeds, asked.reference_seeds or asked.seeds)
            for world in asked.world or ["steady"]
            for operators in asked.operators or [10]
            for rate in asked.rate or [25]
        ]
    cells = [Cell("steady", size, 25, 2, 2) for size in (5, 10, 20)]
    return [*cells, Cell("swinging", 10, 25, 2, 2), Cell("memoryless", 5, 25, 4)]


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench pacing", description="Predictive pacing.")
    parser.add_argument("--full", action="store_true", help="every cell")
    parser.add_argument("--operators", type=int, nargs="+", metavar="N")
    parser.add_argument("--rate", type=int, nargs="+", metavar="%", help="answered, in %%")
    parser.add_argument("--world", choices=WORLDS, nargs="+")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--reference-seeds", type=int, help="as many as ours")
    parser.add_argument("--only-ours", action="store_true", help="without the references")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    asked = parser.parse_args(list(dropwhile(lambda word: not word.startswith("-"), sys.argv[1:])))
    policies = [OURS] if asked.only_ours else [OURS, PROGRESSIVE, VICIDIAL, ORACLE]
    show(measure(_cells(asked), policies, asked.processes))


if __name__ == "__main__":
    main()
