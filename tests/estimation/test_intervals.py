"""Figures and their intervals: known values, bounds, and how often they hold what is true."""

from itertools import pairwise
from math import comb, isclose
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.estimation.betas import beta_below, beta_quantile, t_quantile
from app.estimation.comparison import Sample, compare, difference, holm, prior
from app.estimation.means import Bounds, mean
from app.estimation.nps import nps, nps_interval
from app.estimation.shares import share_interval

from .coverage import coverages

COUNTS = st.lists(st.integers(0, 8), min_size=5, max_size=5).filter(any)


@pytest.mark.parametrize(("freedom", "known"), [(1, 12.706), (9, 2.262), (29, 2.045), (99, 1.984)])
def test_student_s_t_is_that_of_the_tables(freedom: int, known: float) -> None:
    assert isclose(t_quantile(0.975, freedom), known, abs_tol=5e-4)


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.01, 0.99))
def test_the_beta_distribution_is_a_sum_of_binomial_chances(a: int, b: int, x: float) -> None:
    n = a + b - 1
    summed = sum(comb(n, count) * x**count * (1 - x) ** (n - count) for count in range(a, n + 1))
    assert isclose(beta_below(x, a, b), summed, rel_tol=1e-9, abs_tol=1e-12)
    assert isclose(beta_below(beta_quantile(0.3, a, b), a, b), 0.3, abs_tol=1e-6)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_intervals_hold_their_figure_and_stay_within_bounds(p: int, passive: int, d: int) -> None:
    of = p + passive + d
    low, high = nps_interval(p, d, of)
    assert -1 <= low < high <= 1
    if of:
        assert low - 1e-9 <= nps(p, d, of) * of / (of + 3) <= high + 1e-9
        low, high = share_interval(p, of)
        assert 0 <= low <= p / of <= high <= 1


@given(COUNTS)
@example([6, 5, 8, 6, 6])
def test_a_mean_s_interval_has_width_and_stays_on_the_scale(counts: list[int]) -> None:
    given_ = {float(place + 1): count for place, count in enumerate(counts) if count}
    found = mean(given_, Bounds(1, 5))
    assert found.interval is not None
    low, high = found.interval
    assert 1 <= low < high <= 5
    assert low <= found.value <= high
    assert found == mean(dict(reversed(given_.items())), Bounds(1, 5))  # no chance in it


def test_the_bootstrap_is_that_of_many_drawn_samples() -> None:
    answers = [3.0, 4.5, 7.25, 1.0, 9.75, 4.0, 4.0, 2.5, 8.0, 6.0, 5.5, 3.5]
    found = mean({answer: answers.count(answer) for answer in answers})
    assert (found.method, found.interval is not None) == ("bootstrap", True)
    chance = Random(1)
    drawn = sorted(sum(chance.choices(answers, k=12)) / 12 for _ in range(20_000))
    assert found.interval is not None
    below = sum(one < found.interval.low for one in drawn) / 20_000
    above = sum(one > found.interval.high for one in drawn) / 20_000
    assert 0.005 < below < 0.02  # widened to the tails of Student's t with 11 degrees of freedom: 0.0108
    assert 0.005 < above < 0.02


@pytest.mark.parametrize("counts", [{3.0: 1}, {3.0: 40}])
def test_of_answers_that_are_all_alike_without_bounds_nothing_is_known(counts: dict[float, int]) -> None:
    assert mean(counts).interval is None


def test_95_intervals_of_100_hold_what_is_true() -> None:
    by_figure: dict[tuple[str, int], list[float]] = {}
    for one in coverages((10, 100), 200, seed=3):
        by_figure.setdefault((one.figure, one.size), []).append(one.share)
    for (figure, size), shares in by_figure.items():
        assert 0.92 < sum(shares) / len(shares) < 0.98, (figure, size, shares)


def test_few_answers_are_drawn_to_the_share_of_all() -> None:
    samples = [Sample(2, 2), Sample(0, 2), Sample(45, 60), Sample(30, 60), Sample(40, 60)]
    found = compare(samples)
    of_all = sum(one.good for one in samples) / sum(one.of for one in samples)
    for sample, one in zip(samples, found, strict=True):
        raw = sample.good / sample.of
        assert min(raw, of_all) - 0.01 <= one.share <= max(raw, of_all) + 0.01
        assert one.interval.low < one.share < one.interval.high
    few, many = found[0], found[2]
    assert abs(few.share - of_all) < abs(1 - of_all) * 0.6
    assert many.interval.high - many.interval.low < few.interval.high - few.interval.low
    assert not any(one.differs for one in found[:2])


def test_alike_operators_are_not_told_apart_and_different_ones_are() -> None:
    chance = Random(7)
    told = 0
    for _ in range(100):
        samples = [Sample(sum(chance.random() < 0.7 for _ in range(40)), 40) for _ in range(8)]
        told += any(one.differs for one in compare(samples))
    assert told <= 12  # one difference too many in twenty comparisons, for all eight at once
    worse = [Sample(28, 40)] * 7 + [Sample(10, 40)]
    assert [one.differs for one in compare(worse)] == [False] * 7 + [True]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_a_comparison_is_always_sound(said: list[tuple[int, int]]) -> None:
    samples = [Sample(min(pair), max(pair)) for pair in said]
    good, bad = prior(samples)
    assert good > 0
    assert bad > 0
    for one in compare(samples):
        assert 0 <= one.interval.low <= one.share <= one.interval.high <= 1
        assert 0 <= one.p <= 1


def test_fisher_s_test_is_that_of_all_tables() -> None:
    for count in range(6):
        one, other = Sample(count, 9), Sample(5 - count, 7)
        chances = [comb(9, k) * comb(7, 5 - k) / comb(16, 5) for k in range(6)]
        exact = sum(chance for chance in chances if chance <= chances[count] * (1 + 1e-9))
        assert isclose(difference(one, other), exact, rel_tol=1e-9)


@given(st.lists(st.floats(0, 1), max_size=10))
def test_holm_keeps_the_order_and_never_says_less_than_one_test(chances: list[float]) -> None:
    found = holm(chances)
    assert all(one >= chance for one, chance in zip(found, chances, strict=True))
    assert all(
        one <= two
        for one, two in pairwise(
            found[place] for place in sorted(range(len(chances)), key=chances.__getitem__)
        )
    )
