"""The four Erlang rows: the floor's own `step`, in virtual time, serves as Erlang's queues do.

At 96 % occupancy a plain simulation needs tens of millions of calls before chance is below 1 % of the exact values.
Nearly all of that chance is in who comes when and talks how long, and not in the router. So the proof has two parts:

* The floor serves each caller just as a second queue does, ten lines that know nothing of the floor
  (`first_come_first_served`): the same wait, the same talk, the same who give up. One caller served out of turn, one
  operator left idle, shows.
* That second queue comes to the exact values, within four standard errors by the means of 20 batches of many more
  callers, and the formulas give the published figures. So floor and queue cannot be wrong together.
"""

from functools import partial
from itertools import pairwise
from math import inf, sqrt
from random import Random
from typing import NamedTuple

import pytest

from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.floor.floor import Floor
from app.simulator.figures import INSTANT_S, Figures
from app.simulator.pbx import SimulatedPbx
from app.simulator.people import Callers, Staff, constantly
from app.simulator.world import World
from tests.simulator.erlang import Customer, Served, erlang_a, erlang_c, first_come_first_served

CALLS = 4_000
"""Served by the floor."""
CALLS_OF_THE_QUEUE = 100_000
BATCHES = 20
ROUNDED_S = 1e-9
"""A day of seconds, as a float has them."""
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
        service_s=180,
        operators=14,
        patience_s=inf,
        published=(("waits", 0.1741319), ("within", 0.88835), ("mean_wait", 7.836), ("occupancy", 0.7143)),
    ),
    Row(
        "C, 48 a minute, 50 operators",
        48 / 60,
        service_s=60,
        operators=50,
        patience_s=inf,
        published=(("waits", 0.694), ("mean_wait", 20.83), ("occupancy", 0.96)),
    ),
    Row(
        "A, 48 a minute, 50 operators",
        48 / 60,
        service_s=60,
        operators=50,
        patience_s=120,
        published=(("abandoned", 0.0309), ("mean_wait", 3.71), ("occupancy", 0.93), ("queue", 2.97)),
    ),
    Row(
        "A, 240 an hour, 14 operators",
        240 / 3600,
        service_s=180,
        operators=14,
        patience_s=120,
        published=(("waits", 0.293), ("abandoned", 0.0606), ("mean_wait", 7.28)),
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


def customers_of(row: Row, calls: int, seed: int = 1) -> list[Customer]:
    random = Random(seed)
    at_s = 0.0
    customers = []
    for _ in range(calls):
        at_s += random.expovariate(row.per_s)
        talk_s = random.expovariate(1 / row.service_s)
        patience_s = random.expovariate(1 / row.patience_s) if row.patience_s < inf else inf
        customers.append(Customer(at_s, talk_s, patience_s))
    return customers


def served_by_the_floor(customers: list[Customer], operators: int) -> list[Served]:
    """What became of the callers, in the order in which they came."""
    world = World(Floor(identify_s=0.0))
    pbx = SimulatedPbx(world)
    Staff(world, pbx, QUEUE, operators, constantly(0.0))
    figures = Figures(world, operators)
    arrivals_s = [0.0, *(c.arrives_s for c in customers)]
    between = iter([b - a for a, b in pairwise(arrivals_s)])
    Callers(
        world,
        pbx,
        QUEUE.id,
        between=partial(next, between),
        patience=partial(next, iter([c.patience_s for c in customers])),
        talk=partial(next, iter([c.talk_s for c in customers])),
        limit=len(customers),
    )
    world.run()
    assert figures.calls == len(customers)
    in_order = sorted(figures.waits_s, key=_number)
    return [
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
def test_the_floor_serves_each_caller_as_the_queue_does(row: Row) -> None:
    customers = customers_of(row, CALLS)
    ours = served_by_the_floor(customers, row.operators)
    theirs = first_come_first_served(customers, row.operators)
    other = [
        (customer, one, same)
        for customer, one, same in zip(customers, ours, theirs, strict=True)
        if one.answered != same.answered
        or abs(one.wait_s - same.wait_s) > ROUNDED_S
        or abs(one.talk_s - same.talk_s) > ROUNDED_S
    ]
    assert not other, other[:5]


@rows
def test_the_queue_lies_within_four_standard_errors_of_the_exact_values(row: Row) -> None:
    served = first_come_first_served(customers_of(row, CALLS_OF_THE_QUEUE), row.operators)
    size = CALLS_OF_THE_QUEUE // BATCHES
    batches = [figures_of(row, served[i : i + size]) for i in range(0, CALLS_OF_THE_QUEUE, size)]
    for name, value in exact(row).items():
        means = [batch[name] for batch in batches]
        mean = sum(means) / BATCHES
        error = sqrt(sum((m - mean) ** 2 for m in means) / (BATCHES - 1) / BATCHES)
        assert abs(mean - value) <= 4 * error, (name, mean, value, error)
