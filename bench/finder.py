"""The fault finder: simulated hours a CPU second, beside as many calls without faults and checks.

It runs on one core. Its own CPU time is measured, so other work on the machine does not change the figure.
"""

import logging
from random import Random
from time import process_time

import structlog

from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.floor.floor import Floor
from app.simulator.faults import PLANS, Tally, search
from app.simulator.pbx import SimulatedPbx
from app.simulator.people import Callers, Staff, exponential
from app.simulator.walk import MIXED, OPERATORS
from app.simulator.world import World
from bench.table import Row, print_table

SEEDS = range(8)
AIM = 40  # simulated hours a second: thousands in a minute of CI
QUEUE = QueueSettings(QueueId("a"), "a", wrap_up_s=0.0)


def bare(calls: int, hours: float) -> float:
    """Simulated hours a CPU second of the floor and a faultless PBX alone, with `calls` calls in `hours` hours."""
    random = Random(1)
    world = World(Floor(identify_s=0.0))
    pbx = SimulatedPbx(world)
    Staff(world, pbx, QUEUE, len(OPERATORS), exponential(random, 4.0))
    Callers(
        world,
        pbx,
        QUEUE.id,
        between=exponential(random, hours * 3600 / calls),
        patience=exponential(random, MIXED.patience_s),
        talk=exponential(random, MIXED.talk_s),
        limit=calls,
    )
    began = process_time()
    world.run()
    return world.now_s / 3600 / (process_time() - began)


def run() -> list[Row]:
    """Measure each plan with its own hours and the default checks, and all plans without campaigns together."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    rows: list[Row] = []
    hours = took_s = 0.0
    for name, plan in PLANS.items():
        tallies: dict[str, Tally] = {}
        began = process_time()
        for found in search([plan], SEEDS, tallies):
            raise RuntimeError(f"a promise broke: plan {name}, seed {found.seed}: {found.broken}")
        plan_s, tally = process_time() - began, tallies[name]
        if not plan.campaigns:  # pacing takes steps of its own, at least once a second
            hours, took_s = hours + tally.hours, took_s + plan_s
        ours, reference = tally.hours / plan_s, bare(tally.calls, tally.hours)
        calls, faults = tally.calls / tally.hours, tally.faults.total() / tally.hours
        case = f"{name}: {calls:.0f} calls and {faults:.0f} faults an hour"
        rows.append(Row(case, f"{ours:.1f} h/s", f"{reference:.0f} h/s", ours / reference))
    rate = hours / took_s
    rows.append(
        Row(
            f"without campaigns, {hours:,.0f} hours, beside the aim",
            f"{rate:.1f} h/s",
            f"{AIM} h/s",
            rate / AIM,
            ">= 1",
        )
    )
    return rows


def main() -> None:
    """Measure and print."""
    print_table("The fault finder: hours a CPU second, beside the floor and an obedient PBX alone", run())


if __name__ == "__main__":
    main()
