"""Predictive pacing on simulated days, beside its references; `python -m bench pacing --full` for every cell.

The worlds and the policies are told in docs/bench.md. Each policy of a cell works on the same people: the same seeds.
"""

import os
import sys
from collections.abc import Callable, Iterable
from itertools import product
from multiprocessing import get_context
from random import Random
from time import perf_counter
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from app.floor.campaign import DialMode
from app.simulator.campaign_people import (
    MemorylessLeads,
    UsualLeads,
    log_normal,
    nothing,
    steady,
    swinging,
)
from app.simulator.dialing import DialingCentre, Pacer, Tally
from app.simulator.memoryless import Memoryless
from app.simulator.pacers import LIMIT, DropMethod, FloorPacer, OraclePacer, VicidialPacer
from app.simulator.people import exponential

DAY_S = 8 * 3600.0
GRID_SEEDS = 2
OURS, PROGRESSIVE, ORACLE, VICIDIAL = "ours", "progressive", "oracle", "vicidial"
HARD, AVERAGE = DropMethod.HARD_LIMIT, DropMethod.AVERAGE
GRID = ((0.0, 2.0, HARD), (-0.08, 2.5, AVERAGE), (-0.12, 4.0, HARD), (-0.08, 6.0, AVERAGE))
"""VICIdial's method for idle operators only: target, highest level, what follows too many drops. These did best."""
WHOLE_GRID = GRID + tuple(
    one
    for one in product(
        (0.0, -0.04, -0.08, -0.12, -0.18), (2.0, 2.5, 3.0, 4.0, 6.0, 10.0, 20.0), (HARD, AVERAGE)
    )
    if one not in GRID
)
"""All that was tried to find them."""
OF_ORACLE = {5: 0.90, 10: 0.93, 20: 0.96, 50: 0.98, 100: 0.99}
"""Aims: of the oracle of sorts."""
OPTIMA = {20: 0.886, 50: 0.933, 100: 0.958}
"""Exact optima of the memoryless model, by policy iteration; smaller ones are computed here."""


class Day(NamedTuple):
    """One policy on one day."""

    policy: str
    operators: int
    answer_rate: float
    seed: int
    world: str = "steady"
    """`steady`, `swinging` or `memoryless`."""
    setting: int = 0
    """Of VICIdial's method: its place in `WHOLE_GRID`, from 1; 0 is its defaults."""


class Came(NamedTuple):
    """What a day came to."""

    utilisation: float
    dropped: float
    highest: float
    took_s: float


def centre(day: Day) -> DialingCentre:
    people = [Random(f"{day.seed} {day.operators} {what}") for what in ("leads", "talk", "wrap-up")]
    pacers: dict[str, Callable[[], Pacer]] = {
        OURS: lambda: FloorPacer(DialMode.PREDICTIVE, ring_s=60 if day.world == "memoryless" else 25),
        PROGRESSIVE: lambda: FloorPacer(DialMode.PROGRESSIVE),
        ORACLE: OraclePacer,
        VICIDIAL: lambda: _vicidial(day.setting),
    }
    pacer = pacers[day.policy]()
    if day.world == "memoryless":
        return DialingCentre(
            MemorylessLeads(people[0], day.answer_rate),
            pacer,
            day.operators,
            talk=exponential(people[1], 120.0),
            wrap_up=nothing,
            connect_s=0.0,
        )
    rate = steady(day.answer_rate) if day.world == "steady" else swinging(day.answer_rate)
    return DialingCentre(
        UsualLeads(people[0], rate),
        pacer,
        day.operators,
        talk=log_normal(people[1], 100.0, 1.1),
        wrap_up=log_normal(people[2], 20.0, 0.6),
    )


def _vicidial(setting: int) -> VicidialPacer:
    if not setting:
        return VicidialPacer()
    target, most, method = WHOLE_GRID[setting - 1]
    return VicidialPacer(target=target, most=most, method=method, idle_only=True)


def live(day: Day) -> Came:
    began = perf_counter()
    tally: Tally = centre(day).run(DAY_S)
    return Came(tally.utilisation, tally.abandoned_share, tally.highest, perf_counter() - began)


class Cell(NamedTuple):
    """A world and what each policy came to in it, a day a seed."""

    world: str
    operators: int
    answer_rate: float
    came: dict[str, list[Came]]

    def mean(self, policy: str, what: Callable[[Came], float] = lambda came: came.utilisation) -> float:
        days = self.came[policy]
        return sum(map(what, days)) / len(days)


def days_of(world: str, operators: int, rate: float, seeds: int, grid: int) -> Iterable[Day]:
    policies = (OURS,) if world == "memoryless" else (OURS, PROGRESSIVE, ORACLE, VICIDIAL)
    for policy, seed in product(policies, range(seeds)):
        yield Day(policy, operators, rate, seed, world)
    if world != "memoryless":
        for setting, seed in product(range(1, grid + 1), range(min(seeds, GRID_SEEDS))):
            yield Day(VICIDIAL, operators, rate, seed, world, setting)


def measure(plan: list[tuple[str, int, float, int, int]]) -> Iterable[Cell]:
    """Live every day of the plan (world, operators, answer rate, seeds, settings of the grid), cell by cell."""
    with get_context("spawn").Pool(os.cpu_count(), initializer=os.nice, initargs=(10,)) as pool:
        for world, operators, rate, seeds, grid in plan:
            days = list(days_of(world, operators, rate, seeds, grid))
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
            yield Cell(world, operators, rate, came)


def show(cells: Iterable[Cell]) -> None:
    table = Table(title="Predictive pacing: utilisation (dropped), day means", title_justify="left")
    for column in ("world", "operators", "answered"):
        table.add_column(column)
    for column in (
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
    ):
        table.add_column(column, justify="right")
    simulated, took_s = 0.0, 0.0
    for cell in cells:
        worst = max(came.dropped for came in cell.came[OURS])
        row = [cell.world, str(cell.operators), f"{cell.answer_rate:.0%}", _figure(cell, OURS)]
        row.append(_coloured(f"{worst:.2%}", met=worst <= LIMIT))
        if cell.world == "memoryless":
            optimum = OPTIMA.get(cell.operators) or Memoryless(cell.operators).best(LIMIT).utilisation
            ratio = cell.mean(OURS) / optimum
            row += [""] * 7 + [f"{optimum:.3f}", _coloured(f"{ratio:.3f}", met=ratio >= 0.99)]
        else:
            row += [_figure(cell, PROGRESSIVE), _figure(cell, VICIDIAL)]
            aim = 1.35 if cell.operators >= 20 and cell.answer_rate == 0.25 else 1.0
            row.append(_ratio(cell, VICIDIAL, aim))
            row += [_figure(cell, "grid"), _ratio(cell, "grid", 1.0), _figure(cell, ORACLE)]
            row += [_ratio(cell, ORACLE, OF_ORACLE[cell.operators]), "", ""]
        table.add_row(*row)
        simulated += len(cell.came[OURS]) * DAY_S / 3600.0
        took_s += sum(came.took_s for came in cell.came[OURS])
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    print(f"ours: {simulated:.0f} simulated hours at {simulated / took_s:.1f} a second and process")


def _figure(cell: Cell, policy: str) -> str:
    return f"{cell.mean(policy):.3f} ({cell.mean(policy, lambda came: came.dropped):.2%})"


def _ratio(cell: Cell, policy: str, aim: float) -> str:
    ratio = cell.mean(OURS) / cell.mean(policy)
    return _coloured(f"{ratio:.3f}", met=ratio >= aim)


def _coloured(text: str, *, met: bool) -> str:
    return f"[{'green' if met else 'red'}]{text}[/]"


def main() -> None:
    if "--full" in sys.argv:
        sizes, rates = (5, 10, 20, 50, 100), (0.10, 0.25, 0.40)
        whole = len(WHOLE_GRID)
        plan = [("steady", size, rate, 8, whole) for size, rate in product(sizes, rates)]
        plan += [("swinging", size, 0.25, 8, whole) for size in sizes]
        plan += [("memoryless", size, 0.25, 8, 0) for size in sizes]
    else:
        plan = [("steady", size, 0.25, 2, len(GRID)) for size in (5, 10, 20)]
        plan += [("swinging", 10, 0.25, 2, len(GRID)), ("memoryless", 5, 0.25, 4, 0)]
    show(measure(plan))


if __name__ == "__main__":
    main()
