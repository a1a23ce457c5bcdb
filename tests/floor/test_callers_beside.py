"""Callers beside a campaign: they take operators, too, and the limit is held all the same."""

from math import exp

import pytest

from app.domain.campaigns import DialMode
from app.pacing.arrivals import BELIEF_CALLS, BELIEF_S, Arrivals
from app.pacing.calls_to_place import PacingView, calls_to_place
from app.pacing.risk import AbandonmentRecord
from app.pacing.statistics import CampaignStatistics
from app.simulator.day import Day, Inbound, LivedDay, Outbound


def view(mode: DialMode, idle: int, callers_per_s: float, answered: int = 0) -> PacingView:
    record = AbandonmentRecord(answered, 0, 0.03)
    return PacingView(
        mode,
        idle,
        talking_s=[],
        wrapping_up_s=[],
        dials=[],
        waiting=0,
        lines=1_000,
        record=record,
        statistics=CampaignStatistics(25),
        callers_per_s=callers_per_s,
    )


def test_the_rate_is_what_came_by_the_time_that_passed() -> None:
    arrivals = Arrivals()
    assert arrivals.per_s(0.0) == BELIEF_CALLS / BELIEF_S
    for second in range(0, 36_000, 20):
        arrivals.came(float(second))
    assert arrivals.per_s(36_000.0) == pytest.approx(1 / 20, rel=0.05)
    assert arrivals.per_s(36_000.0 + 5 * 1800.0) == pytest.approx(exp(-5) / 20, rel=0.9)


def test_a_fresh_queue_is_believed_within_a_minute() -> None:
    busy, silent = Arrivals(), Arrivals()
    assert busy.per_s(0.0) < 10 / 3600
    silent.per_s(0.0)
    for place in range(9):  # 0.3 a second, as in the demo
        busy.came(place / 0.3)
    assert 0.15 < busy.per_s(30.0) < 0.3
    assert silent.per_s(60.0) < 1 / 3600


@pytest.mark.parametrize("mode", [DialMode.PROGRESSIVE, DialMode.RATIO, DialMode.PREDICTIVE])
def test_with_nothing_to_spare_an_operator_is_kept_for_each_dial(mode: DialMode) -> None:
    for rate in (0.0, 0.02, 0.1):
        decision = calls_to_place(view(mode, 3, rate), 0.0)
        assert (decision.place, decision.kept) == (3, 3)


@pytest.mark.parametrize("mode", [DialMode.PROGRESSIVE, DialMode.PREDICTIVE])
def test_a_day_with_callers_keeps_the_limit(mode: DialMode) -> None:
    lived = LivedDay(Day(6, Outbound(mode=mode), inbound=Inbound((40.0,)), hours=4), 1)
    figures = lived.run()
    whole = figures.whole
    if mode is DialMode.PROGRESSIVE:
        assert whole.abandoned == 0
    assert figures.parts[0].abandoned_share <= 0.03
    assert len(whole.connects_s) > 200
    assert whole.abandoned_share <= 0.03
    assert lived.figures.highest <= 0.035
