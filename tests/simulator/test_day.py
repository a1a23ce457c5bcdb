"""A day around the real floor: it agrees with the light centre, and with arithmetic."""

from functools import partial
from math import inf
from operator import attrgetter
from random import Random
from statistics import fmean

import pytest

from app.domain.calls import OfferOutcome
from app.domain.campaigns import AttemptOutcome, AttemptState, DialMode
from app.domain.operators import Presence, RoutingState
from app.floor.events import Event
from app.floor.facts import OfferEnded, OperatorChanged, StepResult
from app.simulator.campaign_people import UsualLeads, log_normal, steady
from app.simulator.day import Day, Inbound, LivedDay, Outbound
from app.simulator.dialing import DialingCentre, Tally
from app.simulator.pacers import FloorPacer
from app.simulator.people import constantly, exponential
from app.simulator.promises import check
from tests.simulator.erlang import erlang_c

at_once = partial(Day, pbx_s=0.0, pick_s=0.0, auto_answer_s=0.0)


def lived(day: Day, seed: int = 0) -> LivedDay:
    one = LivedDay(day, seed)
    one.run()
    return one


def light(mode: DialMode, operators: int, seed: int, hours: float) -> Tally:
    """The same people in the light centre."""
    leads, talk, wrap_up = (Random(f"{seed} {what}") for what in ("leads", "talk", "wrap-up"))
    return DialingCentre(
        UsualLeads(leads, steady(0.25)),
        FloorPacer(mode),
        operators,
        talk=log_normal(talk, 100.0, 1.1),
        wrap_up=log_normal(wrap_up, 20.0, 0.6),
    ).run(hours * 3600.0)


@pytest.mark.parametrize("seed", range(2))
def test_progressive_comes_to_what_it_comes_to_in_the_light_centre(seed: int) -> None:
    day = at_once(6, Outbound(mode=DialMode.PROGRESSIVE), hours=3, warm_up_s=1800.0)
    whole, tally = lived(day, seed).figures.whole, light(DialMode.PROGRESSIVE, 6, seed, 3)
    assert whole.utilisation == pytest.approx(tally.utilisation, abs=0.005)
    assert len(whole.connects_s) == pytest.approx(tally.answered, rel=0.02)
    assert whole.abandoned == tally.abandoned == 0


def test_predictive_comes_to_what_it_comes_to_in_the_light_centre() -> None:
    day = at_once(6, hours=3, warm_up_s=1800.0)
    wholes = [lived(day, seed).figures.whole for seed in range(2)]
    tallies = [light(DialMode.PREDICTIVE, 6, seed, 3) for seed in range(2)]
    ours, theirs = fmean(w.utilisation for w in wholes), fmean(t.utilisation for t in tallies)
    assert ours == pytest.approx(theirs, abs=0.012)
    ours, theirs = fmean(w.abandoned_share for w in wholes), fmean(t.abandoned_share for t in tallies)
    assert ours == pytest.approx(theirs, abs=0.006)
    assert max(whole.abandoned_share for whole in wholes) <= 0.03


def test_preview_keeps_operators_as_busy_as_arithmetic_says_and_abandons_nobody() -> None:
    day = Day(10, Outbound(mode=DialMode.PREVIEW), hours=8)
    wholes = [lived(day, seed).figures.whole for seed in range(2)]
    unanswered_s = 0.65 * 25 + 0.2 * 3 + 0.15 * 14
    handling_s = 0.25 * (100 + 20)
    expected = handling_s / (8 + 0.25 * 11 + 0.75 * unanswered_s + handling_s)
    assert fmean(whole.utilisation for whole in wholes) == pytest.approx(expected, abs=0.02)
    assert sum(whole.abandoned for whole in wholes) == 0


def test_a_day_of_callers_is_what_erlang_says() -> None:
    day = Day(
        14,
        outbound=None,
        inbound=Inbound(
            (200.0,), talk=lambda random: exponential(random, 180.0), patience=lambda _: constantly(inf)
        ),
        hours=40,
        wrap_up=lambda _: constantly(0.0),
        pick_up=lambda _: constantly(0.0),
        pbx_s=0.0,
    )
    whole = lived(day).figures.whole
    expected = erlang_c(200.0 / 3600.0, 180.0, 14)
    assert whole.utilisation == pytest.approx(expected.occupancy, abs=0.015)
    assert whole.answered_within(20.0) == pytest.approx(expected.within_target, abs=0.03)
    assert whole.lost_share == 0.0


def test_the_same_seed_gives_the_same_day_and_another_another() -> None:
    day = Day(4, inbound=Inbound((30.0, 10.0)), hours=0.7, miss_rate=0.1, work_s=1200.0)
    one, same, other = (lived(day, seed).figures for seed in (3, 3, 4))
    assert one.whole == same.whole
    assert one.parts == same.parts
    assert one.whole != other.whole


def test_the_parts_are_the_whole() -> None:
    figures = lived(Day(4, inbound=Inbound((30.0,)), hours=2)).figures
    for what in map(attrgetter, ("working_s", "on_duty_s", "dials", "inbound", "abandoned")):
        assert sum(map(what, figures.parts)) == pytest.approx(what(figures.whole))
    assert figures.whole.on_duty_s == pytest.approx(4 * 2 * 3600.0)


def test_a_snapshot_in_the_middle_of_talks_takes_no_operator_off_the_floor() -> None:
    one = LivedDay(Day(6, Outbound(mode=DialMode.PROGRESSIVE), hours=1), 0)
    one.world.after(900.0, lambda: one.world.tell(one.pbx.snapshot()))
    one.run()
    idle = [who for who in one.floor.operators.values() if who.routing is RoutingState.IDLE]
    assert all(who.offerable or who.settings.id in one.floor.kept for who in idle)
    whole = lived(one.day).figures.whole
    assert one.figures.whole.utilisation == pytest.approx(whole.utilisation, abs=0.05)


def test_a_trunk_is_never_over_its_limits() -> None:
    one = LivedDay(Day(6, Outbound(mode=DialMode.RATIO, lines=4.0), hours=1, channels=7), 0)
    most = 0

    def heard(_: Event, outcome: StepResult) -> None:
        nonlocal most
        attempts = one.floor.attempts.values()
        most = max(most, sum(attempt.state is not AttemptState.ASKED for attempt in attempts))

    one.world.listeners.append(heard)
    one.run()
    assert most == 7


def test_operators_take_breaks_and_miss_calls() -> None:
    day = Day(3, outbound=None, inbound=Inbound((60.0,)), hours=4, miss_rate=0.2, work_s=3600.0)
    one = LivedDay(day, 1)
    breaks, missed, offers = 0, 0, 0

    def heard(_: Event, outcome: StepResult) -> None:
        nonlocal breaks, missed, offers
        for fact in outcome.facts:
            breaks += (
                isinstance(fact, OperatorChanged)
                and fact.cause == "operator"
                and fact.presence is Presence.ON_BREAK
            )
            if isinstance(fact, OfferEnded):
                offers += 1
                missed += fact.outcome is OfferOutcome.TIMED_OUT
        check(one.floor, one.world.now_s)

    one.world.listeners.append(heard)
    whole = one.run().whole
    assert 6 <= breaks <= 18
    assert missed / offers == pytest.approx(0.2, abs=0.07)
    assert whole.on_duty_s < 3 * 4 * 3600.0 - 6 * 600.0


def test_customers_end_as_they_should_and_no_more_than_there_are() -> None:
    whole = lived(Day(5, Outbound(mode=DialMode.PROGRESSIVE, most=400), hours=4)).figures.whole
    assert whole.dials == 400
    shares = {outcome: count / 400 for outcome, count in whole.outcomes.items()}
    assert shares[AttemptOutcome.ANSWERED] == pytest.approx(0.25, abs=0.07)
    assert shares[AttemptOutcome.MACHINE] == pytest.approx(0.75 * 0.15, abs=0.05)
    assert shares[AttemptOutcome.BUSY] == pytest.approx(0.75 * 0.20, abs=0.05)
    assert AttemptOutcome.UNKNOWN not in shares
