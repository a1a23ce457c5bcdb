"""Campaigns beside callers on simulated days, from their first minute: docs/bench.md has the long table."""

import pytest

from app.domain.campaigns import AttemptOutcome, DialMode
from app.simulator.day import Day, Inbound, LivedDay, Outbound
from app.simulator.day_figures import Part, together
from bench.blending import DEMO, NOBODY, Lived, live

LIMIT = 0.03


def lived(
    operators: int, callers: int, mode: str, weight: float = -1.0, seeds: int = 2, hours: float = 1.0
) -> Part:
    """Some days as one."""
    return together(live(Lived(operators, callers, mode, weight, seed, hours)).whole for seed in range(seeds))


@pytest.mark.parametrize(("operators", "callers"), [(4, 20), (6, 40), (6, 80)])
def test_progressive_abandons_nobody(operators: int, callers: int) -> None:
    whole = lived(operators, callers, DialMode.PROGRESSIVE)
    assert whole.abandoned == 0
    assert len(whole.connects_s) > 20


@pytest.mark.parametrize("mode", [DialMode.RATIO, DialMode.PREDICTIVE])
def test_no_first_half_hour_is_over_the_limit(mode: DialMode) -> None:
    for seed in range(6):
        first = live(Lived(6, 40, mode, -1.0, seed, 0.5)).whole
        assert first.abandoned_share <= LIMIT


@pytest.mark.parametrize("mode", [DialMode.PROGRESSIVE, DialMode.RATIO, DialMode.PREDICTIVE])
def test_a_fresh_demo_reaches_customers_and_lets_none_go(mode: DialMode) -> None:
    whole = lived(DEMO, 0, mode, 0.5, seeds=4, hours=25 / 1080)
    assert whole.abandoned == 0
    assert whole.outcomes[AttemptOutcome.ANSWERED] >= 4 * 8
    assert whole.answered_within(20.0) == 1.0


def test_the_setting_moves_along_the_curve() -> None:
    campaign, both, callers = (lived(6, 40, DialMode.PROGRESSIVE, weight) for weight in (0.0, 0.8, 1.0))
    reached = [len(one.connects_s) for one in (campaign, both, callers)]
    in_time = [one.answered_within(20.0) for one in (campaign, both, callers)]
    assert reached == sorted(reached, reverse=True)
    assert in_time[0] < in_time[2] - 0.05
    alone = lived(6, 40, NOBODY).answered_within(20.0)
    assert in_time[2] >= alone - 0.08


def test_a_campaign_beside_a_silent_queue_dials_at_once_and_goes_on() -> None:
    figures = LivedDay(Day(1, Outbound(DialMode.PROGRESSIVE), inbound=Inbound((0.0,)), hours=0.5), 3).run()
    assert figures.whole.dials > 40
    assert figures.whole.abandoned == 0
