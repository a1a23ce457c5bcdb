"""Operators of campaigns and of callers: callers first when they have waited too long."""

from app.floor.campaign import DialMode
from app.floor.events import TrunkSet
from app.floor.pacing import Bound
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


def test_nothing_is_dialled_once_a_caller_has_waited_half_the_target() -> None:
    s = blended(20, DialMode.PROGRESSIVE, answered=2000)
    s.operator(1, "sales", "help", skills=["lt"])
    first, second = s.call("help", skills=["lt"]), s.call("help", skills=["lt"])
    s.answer(first)
    s.campaign()
    s.wait(9)
    ringing = len(s.placed)
    assert ringing > 10
    assert decided(s).decision.bound is not Bound.INBOUND
    s.wait(2)
    for place in range(ringing):
        s.ends(place, 17)
    s.wait(20)
    assert decided(s).decision.bound is Bound.INBOUND
    assert len(s.placed) == ringing
    s.pbx.hang_up(first)
    assert s.ringing(second) == 1
    s.wait(1)
    assert decided(s).decision.bound is not Bound.INBOUND
    assert len(s.placed) > ringing


def test_a_live_answer_still_comes_before_callers_it_cannot_wait() -> None:
    s = blended(1, DialMode.PROGRESSIVE)
    s.campaign(mode=DialMode.PROGRESSIVE)
    caller = s.call("help")
    assert s.ringing(caller) == 1
    s.answer(caller)
    answered = s.answers()
    waiting = s.call("help")
    s.pbx.hang_up(caller)
    assert s.ringing(answered) == 1
    assert s.ringing(waiting) is None
