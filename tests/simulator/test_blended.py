"""The bound for campaigns beside callers, against arithmetic of its own."""

import pytest

from app.pacing.sharing import PICK_UP_S, Share, long_run
from app.simulator.blended import Blended, Outcome, most_in_time, most_reached

LINE_PER_S = 0.015


@pytest.mark.parametrize(("operators", "callers"), [(2, 10), (4, 40), (6, 40)])
def test_with_talks_alike_it_is_a_birth_and_death_process(operators: int, callers: int) -> None:
    per_s = callers / 3600
    seen = Blended(operators, per_s, line_per_s=LINE_PER_S, caller_s=120.0, customer_s=120.0)
    reached, late = long_run(
        Share(
            operators,
            per_s,
            caller_s=120.0 - PICK_UP_S,
            target_s=20.0,
            answer_rate=1e-9,
            dial_s=1e-9 / LINE_PER_S,
            handling_s=120.0,
            weight=0.5,
        ),
        0,
    )
    everyone = seen.frontier((0.0,))[0]
    assert everyone.reached == pytest.approx(3600 * reached, rel=0.01)
    nobody = seen.frontier(())[0]
    # who hangs up while the phone rings, or waits, is late here and not there
    assert everyone.in_time - nobody.in_time == pytest.approx(
        (
            long_run(
                Share(
                    operators,
                    per_s,
                    caller_s=116.0,
                    target_s=20.0,
                    answer_rate=1e-9,
                    dial_s=1e-9 / LINE_PER_S,
                    handling_s=120.0,
                    weight=0.5,
                ),
                operators,
            )[1]
            - late
        )
        / per_s,
        abs=0.02,
    )


def test_the_frontier_trades_customers_for_callers() -> None:
    frontier = Blended(6, 40 / 3600, line_per_s=LINE_PER_S).frontier()
    assert frontier == sorted(frontier, reverse=True)
    in_time = [outcome.in_time for outcome in frontier]
    assert in_time == sorted(in_time)
    assert frontier[-1].reached == 0.0
    assert frontier[0].reached > 60.0


def test_no_policy_gives_both_aims_with_six_operators_and_forty_callers() -> None:
    frontier = Blended(
        6, 40 / 3600, line_per_s=0.2
    ).frontier()  # a customer on the line 5 s after one is wanted
    assert most_reached(frontier, frontier[-1].in_time - 0.05) < 69.0


def test_between_two_policies_they_are_mixed() -> None:
    frontier = [Outcome(80.0, 0.7), Outcome(60.0, 0.9), Outcome(0.0, 0.95)]
    assert most_in_time(frontier, 70.0) == pytest.approx(0.8)
    assert most_in_time(frontier, 81.0) is None
    assert most_reached(frontier, 0.8) == pytest.approx(70.0)
    assert most_reached(frontier, 0.6) == 80.0
    assert most_reached(frontier, 0.99) == 0.0


@pytest.mark.parametrize(("operators", "callers"), [(6, 20), (4, 40)])
def test_leaving_so_many_free_passes_no_bound(operators: int, callers: int) -> None:
    seen = Blended(operators, callers / 3600, line_per_s=LINE_PER_S)
    frontier = seen.frontier()
    for left in range(1, operators // 2):
        simple = seen.evaluate(
            [not waiting and operators - busy - more > left for busy, more, waiting in seen.states]
        )
        most = most_in_time(frontier, simple.reached)
        assert most is not None
        assert simple.in_time < most + 0.002
