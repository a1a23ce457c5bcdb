"""Operators of campaigns and of callers: callers first when they have waited too long."""

import pytest

from app.domain.calls import CallState, Rule
from app.domain.campaigns import DialMode
from app.floor.commands import PlaceCall
from app.floor.events import Event, TrunkSet
from app.floor.facts import StepResult
from app.pacing.calls_to_place import Bound
from app.simulator.day import Day, Inbound, LivedDay
from app.simulator.day import Outbound as Dialled
from tests.floor.outbound import Outbound
from tests.floor.test_campaign_pacing import decided


def blended(operators: int, mode: DialMode = DialMode.PREDICTIVE, **past: int) -> Outbound:
    """Each operator also serves those who call in, within 20 s."""
    s = Outbound(operators=operators, mode=mode, running=False)
    s.queue("help", target_s=20.0)
    for id_ in range(1, operators + 1):
        s.operator(id_, "sales", "help")
    s.tell(TrunkSet("trunk", 500, 500.0))
    s.recall(**past, talk_s=20.0, rate=0.05)
    s.wait(1)
    return s


def test_once_a_caller_has_waited_half_the_target_nothing_is_risked_and_idle_operators_are_kept() -> None:
    s = blended(20, answered=2000)
    s.operator(1, "sales", "help", skills=["lt"])
    first, second = s.call("help", skills=["lt"]), s.call("help", skills=["lt"])
    s.answer(first)
    s.campaign(mode=DialMode.PREDICTIVE)
    s.wait(9)
    ringing = len(s.placed)
    assert ringing > 19
    assert not s.floor.kept
    s.wait(2)
    for place in range(ringing):
        s.ends(place, 17)
    s.wait(5)
    assert decided(s).decision.bound is Bound.INBOUND
    assert len(s.placed) == ringing + 19  # nobody of them can take the caller
    assert len(s.floor.kept) == 19
    s.pbx.hang_up(first)
    assert s.ringing(second) == 1
    for place in range(ringing, ringing + 19):
        s.ends(place, 17)
    s.wait(1)
    assert len(s.placed) > ringing + 2 * 19


def test_a_live_answer_still_comes_before_callers_it_cannot_wait() -> None:
    s = blended(1, DialMode.PROGRESSIVE)
    s.campaign(mode=DialMode.PROGRESSIVE)
    caller = s.call("help")
    assert s.ringing(caller) is None  # the operator is kept for the dial
    answered = s.answers()
    assert s.ringing(answered) == 1
    assert (s.reason(answered).rule, s.reason(answered).kept_operators) == (Rule.KEPT, 1)
    s.answer(answered)
    s.pbx.hang_up(answered)
    assert s.ringing(caller) == 1


@pytest.mark.parametrize("mode", [DialMode.PROGRESSIVE, DialMode.PREDICTIVE])
def test_over_a_busy_day_nothing_is_dialled_while_a_caller_waits_too_long(mode: DialMode) -> None:
    lived = LivedDay(Day(5, Dialled(mode=mode), inbound=Inbound((70.0,)), hours=3), 3)
    floor, world = lived.floor, lived.world
    placed, at_risk = [0], [0]

    def judge(_: Event, outcome: StepResult) -> None:
        asked = sum(isinstance(command, PlaceCall) for command in outcome.commands)
        longest_s = max(
            (
                world.now_s - call.waiting_since.mono_s
                for call in floor.calls.values()
                if call.state is CallState.WAITING and call.campaign is None
            ),
            default=0.0,
        )
        placed[0] += asked
        at_risk[0] += longest_s >= 10.0
        assert not asked or longest_s < 10.0

    world.listeners.append(judge)
    lived.run()
    assert placed[0] > 50
    assert at_risk[0] > 50
