"""What a campaign learns, and how soon."""

from math import isclose
from random import Random

import pytest

from app.pacing.answer_rate import AnswerRate, rate_of
from app.pacing.handling_times import TALK_AGE_S, HandlingTimes
from app.pacing.ring_times import RingTimes, quantile
from app.pacing.risk import LEAST_RISK, MOST_RISK, AbandonmentRecord, Risk
from app.pacing.statistics import PARTS


def told(rate: AnswerRate, random: Random, answered: float, dials: int, at_s: float, every_s: float) -> float:
    for _ in range(dials):
        at_s += every_s
        rate.learn(answered=random.random() < answered, attempt=1, hour=9, now_s=at_s)
    return at_s


@pytest.mark.parametrize("truth", [0.05, 0.1, 0.25, 0.4, 0.7])
def test_the_answer_rate_is_found(truth: float) -> None:
    rate = AnswerRate()
    told(rate, Random(1), truth, 1_000, 0.0, 1.0)
    spread = truth * (1 - truth) * rate.variance**0.5
    assert abs(rate.rates()[0] - truth) < 3 * spread
    assert spread < 0.06


def test_a_rate_that_halves_is_followed_within_minutes() -> None:
    rate, random = AnswerRate(), Random(2)
    at_s = told(rate, random, 0.4, 3_000, 0.0, 0.5)
    assert abs(rate.rates()[0] - 0.4) < 0.08
    told(rate, random, 0.2, 1_200, at_s, 0.5)
    assert abs(rate.rates()[0] - 0.2) < 0.06


def test_what_is_not_seen_for_long_is_held_less_firmly() -> None:
    rate = AnswerRate()
    at_s = told(rate, Random(1), 0.25, 500, 0.0, 1.0)
    soon, later = rate.variance_at(at_s), rate.variance_at(at_s + 3_600)
    assert soon < later <= rate.variance_at(at_s + 1e9) == 1.0


def test_later_attempts_have_their_own_rate() -> None:
    rate, random = AnswerRate(), Random(4)
    for n in range(4_000):
        attempt, truth = (1, 0.4) if n % 2 else (3, 0.1)
        rate.learn(answered=random.random() < truth, attempt=attempt, hour=9, now_s=float(n))
    first, second, third, *_ = rate.rates()
    assert abs(first - 0.4) < 0.1
    assert second == first  # not seen: like the first
    assert abs(third - 0.1) < 0.06


def test_an_hour_that_is_known_shifts_the_rate_at_once() -> None:
    rate, random = AnswerRate(), Random(5)
    for n in range(6_000):
        hour, truth = (9, 0.2) if n // 1_000 % 2 == 0 else (18, 0.5)
        rate.learn(answered=random.random() < truth, attempt=1, hour=hour, now_s=n * 3.6)
    assert rate.hour == 18
    rate.learn(answered=False, attempt=1, hour=9, now_s=21_601.0)
    assert rate.rates()[0] < 0.3


def test_rates_stay_rates() -> None:
    rate = AnswerRate()
    told(rate, Random(1), 0.0, 5_000, 0.0, 1.0)
    assert 0.0 < rate.rates()[0] < 0.01
    told(rate, Random(1), 1.0, 5_000, 5_000.0, 1.0)
    assert 0.97 < rate.rates()[0] < 1.0
    assert rate_of(0.0) == 0.5


def test_ring_times_are_learned() -> None:
    times, random = RingTimes(25, PARTS), Random(1)
    for _ in range(2_000):
        times.learn(answered=True, rang_s=random.uniform(4, 8))
        times.learn(answered=False, rang_s=25.0)
    known = times.known()
    assert all(3.5 <= answer_s <= 8.5 for answer_s in known.answers_s)
    assert list(known.answers_s) == sorted(known.answers_s)
    assert 5.5 < known.mean_answer_s < 6.5
    assert known.unheard[9] < 0.02
    assert known.unanswered[24] > 0.95
    assert sum(known.soon[6]) > 0


def test_quantiles() -> None:
    assert quantile([1.0, 0.5, 0.0], 0.25) == 0.5
    assert quantile([1.0, 0.5, 0.0], 1.0) == 2.0
    assert quantile([1.0, 1.0, 0.0], 0.5) == 1.5


def test_handling_times_are_learned() -> None:
    times, random = HandlingTimes(), Random(1)
    for _ in range(1_000):
        times.talked(random.lognormvariate(4.0, 0.5))
        times.wrapped_up(random.lognormvariate(3.0, 0.3))
    assert isclose(times.talk.mean, 4.0, abs_tol=0.1)
    assert isclose(times.talk.variance**0.5, 0.5, abs_tol=0.08)
    known = times.known((5.0, 15.0, 30.0))
    for age_s in range(400):
        for busy in (known.of_talk(age_s), known.of_wrap_up(age_s)):
            assert 1.0 >= busy[0] >= busy[1] >= busy[2] >= 0.0


def test_what_is_known_of_handling_times_stays_until_enough_is_new() -> None:
    """Whatever age is asked for first, all ages are told from the same durations."""
    times = HandlingTimes()
    known, other = times.known((10.0,)), HandlingTimes().known((10.0,))
    before = known.of_talk(60.0), known.of_wrap_up(4.0)
    times.talked(4_000.0)
    times.wrapped_up(400.0)
    assert (other.of_talk(60.0), other.of_wrap_up(4.0)) == before
    assert known.of_talk(120.0) == other.of_talk(120.0)
    assert known.of_wrap_up(8.0) == other.of_wrap_up(8.0)
    assert times.known((10.0,)).of_talk(120.0) > known.of_talk(120.0)


def test_when_an_operator_is_free_is_told_as_the_draws_tell_it() -> None:
    times, random = HandlingTimes(), Random(1)
    days = [(random.lognormvariate(4.2, 0.9), random.lognormvariate(2.8, 0.5)) for _ in range(40_000)]
    for talk_s, wrap_up_s in days[:3_000]:
        times.talked(talk_s)
        times.wrapped_up(wrap_up_s)
    within_s = (10.0, 20.0, 30.0)
    known = times.known(within_s)
    for age_s in (0.0, 40.0, 120.0):
        middle_s = age_s + TALK_AGE_S / 2
        going = [(talk_s, wrap_up_s) for talk_s, wrap_up_s in days if talk_s > middle_s]
        for n, end_s in enumerate(within_s):
            busy = sum(talk_s + wrap_up_s > middle_s + end_s for talk_s, wrap_up_s in going) / len(going)
            assert abs(known.of_talk(age_s)[n] - busy) < 0.02


def test_the_accepted_risk_grows_with_what_is_spare() -> None:
    risk = Risk()
    risks = [risk.accepted(AbandonmentRecord(1_000 - n, n, 0.03)) for n in range(40)]
    assert risks == sorted(risks, reverse=True)
    assert risks[30:] == [0.0] * 10
    assert all(LEAST_RISK <= one <= MOST_RISK for one in risks[:29])


def test_the_usual_risk_finds_its_place() -> None:
    risk = Risk()
    before = risk.usual
    for _ in range(500):
        risk.learn(AbandonmentRecord(1_000, 0, 0.03))
    assert risk.usual > before
    for _ in range(2_000):
        risk.learn(AbandonmentRecord(970, 30, 0.03))
    assert risk.usual < before
