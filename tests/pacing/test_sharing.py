"""How many operators a campaign leaves for callers."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pacing.sharing import (
    PICK_UP_S,
    PRICED_AT,
    Share,
    cover_at,
    cover_for_callers,
    left_of,
    long_run,
    price_of,
)


@dataclass(frozen=True)
class Seen:
    """What simulated days with every operator kept came to (bench blending, callers' weight 0)."""

    operators: int
    callers_an_hour: float
    reached_an_hour: float
    late: float
    """Share of callers beyond the target because of the campaign, and without it."""


SEEN = (
    Seen(4, 20, 59.6, 0.35),
    Seen(6, 40, 75.3, 0.25),
    Seen(10, 40, 151.0, 0.07),
    Seen(10, 80, 101.7, 0.15),
)


def share(operators: int, callers_an_hour: float, weight: float = 0.8, **other: float) -> Share:
    return Share(
        operators,
        callers_an_hour / 3600,
        caller_s=200.0,
        target_s=other.get("target_s", 20.0),
        answer_rate=0.25,
        dial_s=17.0,
        handling_s=120.0,
        weight=weight,
    )


@pytest.mark.parametrize("seen", SEEN)
def test_the_long_run_is_about_what_days_came_to(seen: Seen) -> None:
    reached, late = long_run(share(seen.operators, seen.callers_an_hour), 0)
    assert reached * 3600 == pytest.approx(seen.reached_an_hour, rel=0.12)
    assert late * 3600 / seen.callers_an_hour == pytest.approx(seen.late, abs=0.07)


@pytest.mark.parametrize("operators", [100, 500, 2000])
def test_a_centre_of_any_size_is_reckoned(operators: int) -> None:
    """With many operators chance evens out: as many are free as the callers and their own lines leave."""
    centre = share(operators, 12.0 * operators)
    line_per_s = centre.answer_rate / centre.dial_s
    in_talk = centre.callers_per_s * (centre.caller_s + PICK_UP_S)
    free = (operators - in_talk) / (1.0 + line_per_s * centre.handling_s)
    reached, late = long_run(centre, 0)
    assert reached == pytest.approx(line_per_s * free, rel=0.05)
    assert late < 0.1 * centre.callers_per_s
    assert cover_for_callers(centre) < 4.0


def test_a_silent_queue_has_nobody_left_for_it() -> None:
    for operators in (1, 2, 4, 20):
        assert cover_for_callers(share(operators, 0.0)) == 0
        assert cover_for_callers(share(operators, 0.5)) == 0


@pytest.mark.parametrize(("operators", "callers"), [(10, 20), (10, 40), (20, 20), (20, 40), (20, 80)])
def test_nobody_is_left_where_callers_find_somebody_anyway(operators: int, callers: int) -> None:
    assert cover_for_callers(share(operators, callers)) == 0


@pytest.mark.parametrize("weight", [0.5, 0.8, 1.0])
def test_one_operator_alone_is_never_left(weight: float) -> None:
    for callers in (1, 20, 200):
        assert cover_for_callers(share(1, callers, weight)) == 0


@given(st.integers(1, 20), st.floats(0, 200), st.floats(0, 1), st.floats(0, 1))
def test_the_more_a_caller_counts_the_more_are_left(
    operators: int, callers: float, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    few, many = (cover_for_callers(share(operators, callers, weight)) for weight in (less, more))
    assert 0 <= few <= many <= operators // 2


@pytest.mark.parametrize(("operators", "callers"), [(4, 20), (6, 40), (6, 80), (10, 120)])
def test_the_setting_moves_smoothly(operators: int, callers: int) -> None:
    weights = [price / (1.0 + price) for price in (0.5 * 1.05**n for n in range(90))]
    covers = [cover_for_callers(share(operators, callers, weight)) for weight in weights]
    assert covers[0] == 0.0
    assert covers[-1] >= 1.0
    assert max(after - before for before, after in pairwise(covers)) < 0.3


@pytest.mark.parametrize("weight", [0.7, 0.75, 0.8])
def test_one_operator_more_costs_as_much_as_it_is_worth(weight: float) -> None:
    centre = share(4, 20, weight)
    cover = cover_for_callers(centre)
    assert 0.0 < cover < 1.0
    (reached, late), (fewer, spared) = long_run(centre, 0), long_run(centre, 1)
    _, alone = long_run(centre, 4)
    because = (late + cover * (spared - late) - alone) / centre.callers_per_s
    worth = price_of(weight) * because / PRICED_AT
    assert (reached - fewer) / (late - spared) == pytest.approx(worth, rel=1e-6)


@pytest.mark.parametrize(("cover", "part"), [(0.0, 0.0), (0.25, 0.25), (1.0, 0.0), (2.6, 0.6)])
def test_a_part_of_an_operator_is_one_for_a_part_of_the_time(cover: float, part: float) -> None:
    there = [cover_at(cover, float(second)) for second in range(3600)]
    assert set(there) <= {int(cover), int(cover) + 1}
    assert sum(there) / len(there) == pytest.approx(int(cover) + part, abs=0.01)


def test_a_longer_target_needs_fewer() -> None:
    covers = [cover_for_callers(share(10, 100, 0.95, target_s=target_s)) for target_s in (10.0, 60.0, 300.0)]
    assert covers == sorted(covers, reverse=True)
    assert covers[0] > covers[-1]


@pytest.mark.parametrize(
    ("idle", "kept", "cover", "left"),
    [
        (3, 0, 0, 0),
        (1, 0, 1, 1),
        (2, 0, 1, 0),
        (1, 1, 1, 0),
        (2, 0, 2, 2),
        (3, 0, 2, 0),
        (0, 0, 5, 0),
        (1, 5, 9, 1),
    ],
)
def test_who_is_kept_counts_for_callers_as_far_as_the_dial_comes_to_nothing(
    idle: int, kept: int, cover: int, left: int
) -> None:
    assert left_of(idle, kept, cover, 0.25) == left
