"""Callers come back from the PBX's own queue: it lets them go, and nothing is offered until it has."""

from app.domain.calls import CallState
from app.domain.ids import ChannelId
from app.domain.operators import RoutingState
from app.floor.calls.waiting import SPARED_S
from app.floor.commands import OfferCall, TakeBack
from app.floor.events import CallerTakenBack, ChannelHungUp, CommandRefused, LegAnswered, LegDialed
from app.simulator.lines import FALLBACK, HOLD, Line
from app.simulator.promises import check
from tests.floor.deaf import cut
from tests.floor.story import Story, phone


def fallen_back(*, callers: int = 2, operators: int = 2) -> tuple[Story, list[Line]]:
    """The service is back at a PBX whose own queue has these callers; the PBX has still to obey."""
    s = Story()
    s.queue(wrap_up_s=10)
    for number in range(1, operators + 1):
        s.operator(number)
    cut(s)
    lines = [s.call() for _ in range(callers)]
    for line in lines:
        line.where = FALLBACK
    s.pbx.say = s.world.tell
    return s, lines


def test_nothing_is_offered_until_all_are_back() -> None:
    s, (one, other) = fallen_back()
    s.tell(s.pbx.snapshot())
    assert {order.channel for order in s.ordered(TakeBack)} == {one.channel, other.channel}
    assert not any(s.op(number).offerable for number in (1, 2))
    s.tell(CallerTakenBack(one.channel))
    assert s.ordered(OfferCall) == []
    s.tell(CallerTakenBack(other.channel))
    assert {order.channel for order in s.ordered(OfferCall)} == {one.channel, other.channel}
    check(s.floor, s.world.now_s)


def test_whom_the_pbx_connects_meanwhile_is_not_waited_for() -> None:
    s, (one, other) = fallen_back()
    s.tell(s.pbx.snapshot())
    s.tell(LegDialed(one.channel, ChannelId("leg"), phone(1)))
    s.tell(LegAnswered(one.channel, ChannelId("leg"), phone(1)))
    s.tell(CallerTakenBack(other.channel))
    (offer,) = s.ordered(OfferCall)
    assert (offer.channel, offer.endpoint) == (other.channel, phone(2))
    assert s.op(1).routing is RoutingState.TALKING


def test_who_hangs_up_meanwhile_is_not_waited_for() -> None:
    s, (one, other) = fallen_back()
    s.tell(s.pbx.snapshot())
    s.tell(CallerTakenBack(one.channel))
    s.tell(ChannelHungUp(other.channel, 16))
    assert [order.channel for order in s.ordered(OfferCall)] == [one.channel]


def test_a_pbx_that_does_not_let_them_go_in_time_is_not_waited_for() -> None:
    s, (one, other) = fallen_back()
    s.tell(s.pbx.snapshot())
    s.wait(SPARED_S)
    assert {order.channel for order in s.ordered(OfferCall)} == {one.channel, other.channel}


def test_a_pbx_that_refuses_has_them_moved_at_once() -> None:
    s, (one, other) = fallen_back()
    s.tell(s.pbx.snapshot())
    for order in s.ordered(TakeBack):
        s.tell(CommandRefused(order, "no such action"))
    assert {order.channel for order in s.ordered(OfferCall)} == {one.channel, other.channel}


def test_a_phone_that_rings_for_one_may_ring_to_its_end() -> None:
    s, (one,) = fallen_back(callers=1)
    s.pbx.ring(one, phone(1), 20)
    s.tell(s.pbx.snapshot())
    assert len(s.ordered(TakeBack)) == 1
    assert s.op(2).offerable
    s.wait(2 * SPARED_S)
    assert s.at(one).state is CallState.WAITING
    assert s.ordered(OfferCall) == []
    s.tell(s.pbx.snapshot())
    assert len(s.ordered(TakeBack)) == 1
    s.tell(ChannelHungUp(one.leg or ChannelId(""), 19))
    s.tell(CallerTakenBack(one.channel))
    assert [order.endpoint for order in s.ordered(OfferCall)] == [phone(2)]


def test_one_whose_return_was_not_heard_is_seen_to_be_back() -> None:
    s, lines = fallen_back()
    s.tell(s.pbx.snapshot())
    for line in lines:
        line.where = HOLD
    s.tell(s.pbx.snapshot())
    assert {order.channel for order in s.ordered(OfferCall)} == {line.channel for line in lines}
