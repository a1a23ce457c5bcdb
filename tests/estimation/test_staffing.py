"""How many operators are needed: Erlang's formula against an independent one, and days that are lived again."""

from math import inf
from random import Random

import pytest

from app.estimation.erlang import operators_needed, service_level
from app.estimation.staffing import Day, Queue, answered_in_time, need
from tests.simulator.erlang import erlang_a, erlang_c

HALF_HOUR_S = 1800.0
QUEUE = Queue(service_s=200, patience_s=150, target_s=20, level=0.8)


@pytest.mark.parametrize(
    ("per_s", "service_s", "operators", "patience_s"),
    [(0.01, 180, 3, 120), (0.0667, 180, 14, 120), (0.8, 60, 50, 120), (1.0, 200, 180, 300)],
)
def test_the_level_is_erlang_s(per_s: float, service_s: float, operators: int, patience_s: float) -> None:
    """Without a target those who wait not at all are answered; in the end those who do not give up."""
    exact = erlang_a(per_s, service_s, operators, patience_s)
    assert service_level(per_s, service_s, operators, patience_s, 0.0) == pytest.approx(
        1 - exact.waits, abs=1e-4
    )
    late = service_level(per_s, service_s, operators, patience_s, 1e6)
    assert late == pytest.approx(1 - exact.abandonment, abs=1e-4)
    nobody_gives_up = erlang_c(0.0667, 180, 14).within_target
    assert service_level(0.0667, 180, 14, inf, 20.0) == pytest.approx(nobody_gives_up, abs=1e-4)


def test_the_fewest_are_enough_and_one_less_is_not() -> None:
    for per_s in (0.0003, 0.004, 0.05, 0.7, 3.0):
        for patience_s in (60.0, inf):
            some = operators_needed(per_s, 240, patience_s, target_s=20, level=0.9)
            assert service_level(per_s, 240, some, patience_s, 20) >= 0.9
            assert service_level(per_s, 240, some - 1, patience_s, 20) < 0.9


@pytest.mark.parametrize("patience_s", [1.0, 95.0, inf])
def test_thousands_of_operators_are_counted_to_the_end(patience_s: float) -> None:
    """Nobody waits where there are four times as many as are busy; the sum over them is beyond a number's range."""
    assert service_level(10.0, 200, 8000, patience_s, 0.0) == pytest.approx(1.0)
    some = operators_needed(10.0, 200, patience_s, target_s=0.0, level=0.99)
    assert 2000 < some < 2200


def test_days_that_differ_widen_the_interval() -> None:
    alike, unlike = need([50, 50, 50, 50], HALF_HOUR_S, QUEUE), need([20, 80, 35, 65], HALF_HOUR_S, QUEUE)
    assert (alike.calls, alike.operators) == (unlike.calls, unlike.operators)
    assert unlike.calls_between.low < alike.calls_between.low < alike.calls < alike.calls_between.high
    assert unlike.operators_between.high > alike.operators_between.high > alike.operators
    assert need([0, 0], HALF_HOUR_S, QUEUE).operators == 0


def test_a_day_lived_again_comes_to_what_the_formula_says() -> None:
    random = Random(5)
    talks_s = [random.expovariate(1 / 180) for _ in range(500)]
    mean_s = sum(talks_s) / len(talks_s)
    day = Day([60] * 200, talks_s)  # of the same load, as the formula has it
    queue = QUEUE._replace(service_s=mean_s + 20)
    lived = answered_in_time(day, [8] * 200, HALF_HOUR_S, queue, wrap_up_s=20, chance=random.random)
    assert lived == pytest.approx(service_level(60 / HALF_HOUR_S, mean_s + 20, 8, 150, 20), abs=0.03)
    nobody = answered_in_time(day, [0] * 200, HALF_HOUR_S, queue, wrap_up_s=20, chance=random.random)
    late = answered_in_time(day, [*[0] * 199, 8], HALF_HOUR_S, queue, wrap_up_s=20, chance=random.random)
    assert (nobody, late < 0.01) == (0.0, True)
