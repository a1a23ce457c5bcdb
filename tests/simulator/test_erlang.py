"""The four Erlang rows: the floor's own `step`, in virtual time, within 1 % of the exact values.

At 96 % occupancy a plain simulation needs tens of millions of calls before chance is below 1 %. Nearly all of
that chance is in who comes when and talks how long, and not in the router. So the very same callers are also
served by a second queue, ten lines that know nothing of the floor (`first_come_first_served`), and

    estimate = simulated - reference on the same callers + exact value

(a control variate with coefficient 1). If the floor serves as it should, the first two terms differ by next to
nothing and the estimate is the exact value; each caller served out of turn, each operator left idle, shows at
full size. So that floor and reference cannot be wrong together, the simulated figures themselves must also lie
within four standard errors of the exact values, by the means of 20 batches; and the formulas must give the
published figures.
"""

from functools import cache, partial
from itertools import pairwise
from math import inf, sqrt
from random import Random
from typing import NamedTuple

import pytest

from app.floor.floor import Floor
from app.floor.model import QueueId, QueueSettings
from app.simulator.figures import INSTANT_S, Figures
from app.simulator.pbx import SimulatedPbx
from app.simulator.people import Callers, Staff, constantly
from app.simulator.world import World
from tests.simulator.erlang import Customer, Served, erlang_a, erlang_c, first_come_first_served

CALLS = 100_000
BATCHES = 20
TARGET_S = 20.0
QUEUE = QueueSettings(QueueId("q"), "q", wrap_up_s=0.0, target_s=TARGET_S)


class Row(NamedTuple):
    name: str
    per_s: float
    service_s: float
    operators: int
    patience_s: float
    published: tuple[tuple[str, float], ...]


ROWS = [
    Row(
        "C, 100 in 30 min, 14 operators",
        100 / 1800,
        180,
        14,
        inf,
        (("waits", 0.1741319), ("within", 0.88835), ("mean_wait", 7.836), ("occupancy", 0.7143)),
    ),
    Row(
        "C, 48 a minute, 50 operators",
        48 / 60,
        60,
        50,
        inf,
        (("waits", 0.694), ("mean_wait", 20.83), ("occupancy", 0.96)),
    ),
    Row(
        "A, 48 a minute, 50 operators",
        48 / 60,
        60,
        50,
        120,
        (("abandoned", 0.0309), ("mean_wait", 3.71), ("occupancy", 0.93), ("queue", 2.97)),
    ),
    Row(
        "A, 240 an hour, 14 operators",
        240 / 3600,
        180,
        14,
        120,
        (("waits", 0.293), ("abandoned", 0.0606), ("mean_wait", 7.28)),
    ),
]
rows = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])


def exact(row: Row) -> dict[str, float]:
    if row.patience_s == inf:
        c = erlang_c(row.per_s, row.service_s, row.operators, TARGET_S)
        return {
            "waits": c.waits,
            "within": c.within_target,
            "mean_wait": c.mean_wait_s,
            "occupancy": c.occupancy,
        }
    a = erlang_a(row.per_s, row.service_s, row.operators, row.patience_s)
    return {
        "waits": a.waits,
        "abandoned": a.abandonment,
        "mean_wait": a.mean_wait_s,
        "occupancy": a.occupancy,
        "queue": a.queue,
    }


def customers_of(row: Row, seed: int = 1) -> list[Customer]:
    random = Random(seed)
    at_s = 0.0
    customers = []
    for _ in range(CALLS):
        at_s += random.expovariate(row.per_s)
        talk_s = random.expovariate(1 / row.service_s)
        patience_s = random.expovariate(1 / row.patience_s) if row.patience_s < inf else inf
        customers.append(Customer(at_s, talk_s, patience_s))
    return customers


@cache
def simulated(row: Row) -> tuple[list[Customer], list[Served]]:
    """Serve the callers by the floor."""
    customers = customers_of(row)
    world = World(Floor(identify_s=0.0))
    pbx = SimulatedPbx(world, tells_devices=False)
    Staff(world, pbx, QUEUE, row.operators, constantly(0.0))
    figures = Figures(world, row.operators)
    arrivals_s = [0.0, *(c.arrives_s for c in customers)]
    between = iter([b - a for a, b in pairwise(arrivals_s)])
    Callers(
        world,
        pbx,
        QUEUE.id,
        between=partial(next, between),
        patience=partial(next, iter([c.patience_s for c in customers])),
        talk=partial(next, iter([c.talk_s for c in customers])),
        limit=CALLS,
    )
    world.run()
    assert figures.calls == CALLS
    in_order = sorted(figures.waits_s, key=_number)
    return customers, [
        Served(figures.waits_s[call], figures.talks_s[call], call not in figures.abandoned)
        for call in in_order
    ]


def _number(call: str) -> int:
    return int(call[1:])


def figures_of(row: Row, served: list[Served]) -> dict[str, float]:
    """The figures of some callers in a row."""
    n = len(served)
    time_s = n / row.per_s  # what they bring is judged by the rate, so that batches add up
    waits_s = sum(s.wait_s for s in served)
    return {
        "waits": sum(s.wait_s > INSTANT_S for s in served) / n,
        "within": sum(s.answered and s.wait_s <= TARGET_S for s in served) / n,
        "abandoned": sum(not s.answered for s in served) / n,
        "mean_wait": waits_s / n,
        "occupancy": sum(s.talk_s for s in served) / time_s / row.operators,
        "queue": waits_s / time_s,
    }


@rows
def test_the_formulas_give_the_published_figures(row: Row) -> None:
    for name, value in row.published:
        digits = 0.5 * 10.0 ** -len(str(value).split(".")[1])
        assert exact(row)[name] == pytest.approx(value, abs=digits * 1.01), name


@rows
def test_the_floor_is_within_one_percent(row: Row) -> None:
    customers, served = simulated(row)
    ours = figures_of(row, served)
    reference = figures_of(row, first_come_first_served(customers, row.operators))
    for name, value in exact(row).items():
        estimate = ours[name] - reference[name] + value
        assert estimate == pytest.approx(value, rel=0.01), name


@rows
def test_the_plain_figures_lie_within_four_standard_errors(row: Row) -> None:
    _, served = simulated(row)
    size = CALLS // BATCHES
    batches = [figures_of(row, served[i : i + size]) for i in range(0, CALLS, size)]
    for name, value in exact(row).items():
        means = [batch[name] for batch in batches]
        mean = sum(means) / BATCHES
        error = sqrt(sum((m - mean) ** 2 for m in means) / (BATCHES - 1) / BATCHES)
        assert abs(mean - value) <= 4 * error, (name, mean, value, error)
