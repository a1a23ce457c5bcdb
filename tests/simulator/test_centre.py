"""A simulated centre: the same seed gives the same day, and each figure is what its name says."""

from functools import partial
from math import inf
from random import Random

import pytest

from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.floor.floor import Floor
from app.simulator.figures import Figures
from app.simulator.pbx import SimulatedPbx
from app.simulator.people import Callers, Draw, Staff, constantly, exponential
from app.simulator.world import World

QUEUE = QueueSettings(QueueId("q"), "q", wrap_up_s=0.0, ring_s=60, miss_limit=0)


def centre(
    *,
    operators: int,
    between: Draw,
    talk: Draw,
    calls: int,
    patience: Draw | None = None,
    answer: Draw | None = None,
    delay_s: float = 0.0,
) -> Figures:
    world = World(Floor(identify_s=0.0))
    pbx = SimulatedPbx(world, delay_s=delay_s)
    Staff(world, pbx, QUEUE, operators, answer or constantly(0.0))
    figures = Figures(world, operators)
    patience = patience or constantly(inf)
    Callers(world, pbx, QUEUE.id, between=between, patience=patience, talk=talk, limit=calls)
    world.run()
    return figures


def random_day(seed: int) -> Figures:
    random = Random(seed)
    draw = partial(exponential, random)
    return centre(
        operators=5, between=draw(30.0), talk=draw(140.0), patience=draw(60.0), answer=draw(4.0), calls=500
    )


def test_the_same_seed_gives_the_same_day() -> None:
    one, same, other = random_day(1), random_day(1), random_day(2)
    assert one.calls == 500
    assert 0 < one.abandonment < 1
    assert (one.waits_s, one.talks_s, one.abandoned) == (same.waits_s, same.talks_s, same.abandoned)
    assert one.waits_s != other.waits_s


def test_figures_of_a_day_that_can_be_told_by_hand() -> None:
    """Every 10 s somebody calls and talks 15 s with the one operator: waits of 0, 5, 10 and 15 s."""
    figures = centre(operators=1, between=constantly(10.0), talk=constantly(15.0), calls=4)
    assert list(figures.waits_s.values()) == pytest.approx([0, 5, 10, 15])
    assert figures.mean_wait_s == pytest.approx(7.5)
    assert figures.waited == 0.75
    assert figures.answered_within(10.0) == 0.75
    assert figures.abandonment == 0
    assert figures.duration_s == pytest.approx(60)
    assert figures.occupancy == pytest.approx(1)
    assert figures.queue_length == pytest.approx(0.5)


def test_callers_who_lose_patience_are_not_answered() -> None:
    figures = centre(
        operators=1, between=constantly(10.0), talk=constantly(35.0), patience=constantly(6.0), calls=4
    )
    # The first talks from 10 to 45 s. Two come meanwhile and give up; the fourth, who came at 40 s, is in time.
    assert sorted(figures.waits_s.values()) == pytest.approx([0, 5, 6, 6])
    assert figures.abandonment == 0.5
    assert figures.answered_within(100.0) == 0.5


def test_slow_phones_and_a_slow_pbx_are_part_of_the_wait() -> None:
    figures = centre(
        operators=1,
        between=constantly(100.0),
        talk=constantly(10.0),
        answer=constantly(3.0),
        delay_s=0.5,
        calls=3,
    )
    assert list(figures.waits_s.values()) == pytest.approx([3.5] * 3)
    assert figures.waited == 1
