"""Events that come twice, late or in the wrong order, or that are about unknown channels."""

from copy import deepcopy

import pytest

from app.domain.calls import CallState, OfferOutcome
from app.domain.ids import CallId, ChannelId, ContactId, OfferId, OperatorId, QueueId
from app.domain.operators import RoutingState
from app.floor.commands import OfferCall, ReturnToHold
from app.floor.events import (
    BlindTransferred,
    CallEntered,
    CallerIdentified,
    ChannelHeld,
    ChannelHungUp,
    ChannelResumed,
    ClockTicked,
    CommandLost,
    CommandRefused,
    ContactPicked,
    Event,
    HangupRequested,
    LegAnswered,
    LegDialed,
    LinkLost,
    MusicBegan,
    MusicEnded,
    OfferReturned,
)
from app.floor.facts import CallAnswered, CallArrived, CallEnded, CallQueued, CallTransferred, FaultSeen
from app.simulator import transfers
from app.simulator.promises import check
from tests.floor.story import Story

NOBODY, LEG = ChannelId("nobody"), ChannelId("leg")
ORDER = OfferCall(
    CallId("nobody"),
    OfferId(9),
    channel=NOBODY,
    operator=OperatorId(1),
    endpoint="op1",
    ring_s=20,
    auto_answer=False,
    caller_name="",
)

UNKNOWN: list[Event] = [
    LegDialed(NOBODY, LEG, "op1"),
    LegAnswered(NOBODY, LEG, "op1"),
    OfferReturned(NOBODY, OfferId(1), OfferOutcome.TIMED_OUT, 19),
    ChannelHeld(NOBODY),
    ChannelResumed(NOBODY),
    MusicBegan(NOBODY),
    MusicEnded(NOBODY),
    HangupRequested(NOBODY),
    ChannelHungUp(NOBODY, 16),
    BlindTransferred(NOBODY, LEG, "6001"),
    CallerIdentified(CallId("nobody"), "somebody"),
    CommandRefused(ORDER, "no such channel"),
    CommandRefused(ReturnToHold(CallId("nobody"), NOBODY), "no"),
    ClockTicked(),
]


@pytest.mark.parametrize("event", UNKNOWN, ids=lambda e: type(e).__name__)
def test_of_a_channel_nobody_knows(event: Event) -> None:
    s = Story()
    s.queue()
    s.operator(1)
    talk, waiting = s.talk(1), s.call()
    before = deepcopy(s.floor)
    outcome = s.raw(event)
    assert (outcome.commands, outcome.facts, outcome.refusal) == ([], [], None)
    assert s.floor == before
    assert (s.talking(talk), s.at(waiting).state) == (1, CallState.WAITING)


def test_a_contact_picked_for_a_call_that_is_over_is_refused() -> None:
    s = Story()
    assert s.refused(ContactPicked(CallId("gone"), ContactId(1), "Mari")) == "the call is over"


def test_a_lost_order_for_nobody_is_looked_into() -> None:
    s = Story()
    assert [type(c).__name__ for c in s.raw(CommandLost(ORDER)).commands] == ["TakeSnapshot"]


def test_every_event_of_a_call_told_twice_counts_once() -> None:
    s = Story()
    s.queue()
    s.queue("help")
    s.operator(1)
    s.operator(2, "help")

    def twice(event: Event) -> None:
        s.world.tell(event)
        if not isinstance(event, CallEntered) or not s.told(CallTransferred):
            s.world.tell(event)  # a queue entered again after a talk is a wish of its own

    s.pbx.say = twice
    line = s.call(number="+3725")
    s.wait(2)
    s.answer(line)
    s.wait(10)
    transfers.hold(s.pbx, line)
    s.wait(5)
    transfers.resume(s.pbx, line)
    s.wait(5)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert (record.waited_s, record.rang_s, record.talked_s, record.held_s) == (2, 2, 20, 5)
    assert len(record.legs) == 1
    for kind in (CallArrived, CallQueued, CallAnswered, CallEnded):
        assert len(s.told(kind)) == 1, kind
    assert s.told(FaultSeen) == []
    assert s.op(1).offerable
    check(s.floor, s.world.now_s)


def test_an_end_told_before_the_answer_is_the_end() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    leg = line.leg
    assert leg is not None
    s.tell(ChannelHungUp(line.channel, 16))
    for event in (LegAnswered(line.channel, leg, "op1"), ChannelHungUp(leg, 16), ChannelHungUp(leg, 16)):
        assert s.raw(event).facts == []
    assert (s.op(1).call, s.op(1).routing) == (None, RoutingState.IDLE)
    assert s.floor.by_channel == {}


def test_an_answer_told_before_the_ringing() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.world.obey = lambda _: None
    line = s.call()
    s.tell(LegAnswered(line.channel, LEG, "op1"))
    s.tell(LegDialed(line.channel, LEG, "op1"))
    assert s.talking(line) == 1
    assert s.op(1).routing is RoutingState.TALKING
    assert len(s.at(line).legs) == 1


def test_an_answer_told_after_the_floor_took_the_caller_back_is_believed() -> None:
    """The leg was known, so its answer is a talk; what rings elsewhere for the caller is given up."""
    s = Story()
    s.queue(miss_limit=0)
    s.operator(1)
    s.wait(1)
    s.operator(2)
    line = s.call()
    leg = line.leg
    assert leg is not None
    s.world.obey = lambda _: None
    s.tell(OfferReturned(line.channel, OfferId(1), OfferOutcome.TIMED_OUT, 19))
    assert s.ringing(line) == 2
    s.tell(LegAnswered(line.channel, LEG, "op1"))
    assert s.talking(line) == 1
    assert s.ringing(line) is None
    assert s.op(2).offerable
    check(s.floor, s.world.now_s)


def test_the_operators_channel_ends_before_or_after_the_callers() -> None:
    for caller_first in (True, False):
        s = Story()
        s.queue(wrap_up_s=10)
        s.operator(1)
        line = s.talk(1)
        assert line.leg is not None
        ends = [ChannelHungUp(line.channel, 16), ChannelHungUp(line.leg, 16)]
        for event in ends if caller_first else reversed(ends):
            s.tell(event)
        assert s.record(line).talked_s == 0
        assert s.op(1).routing is RoutingState.WRAP_UP
        assert s.causes(1).count("call_ended") == 1


def test_resumed_without_hold_and_held_twice() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    transfers.resume(s.pbx, line)
    transfers.hold(s.pbx, line)
    s.wait(3)
    transfers.hold(s.pbx, line)
    s.wait(3)
    transfers.resume(s.pbx, line)
    transfers.resume(s.pbx, line)
    s.pbx.hang_up(line)
    assert s.record(line).held_s == 6


@pytest.mark.parametrize("lost", [ChannelHeld, ChannelResumed, MusicBegan, MusicEnded])
def test_a_hold_of_which_one_event_is_lost(lost: type[Event]) -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    say = s.pbx.say
    s.pbx.say = lambda event: None if isinstance(event, lost) else say(event)
    transfers.hold(s.pbx, line)
    assert (s.at(line).state, s.op(1).routing) == (CallState.ON_HOLD, RoutingState.ON_HOLD)
    s.wait(3)
    transfers.resume(s.pbx, line)
    assert (s.at(line).state, s.op(1).routing) == (CallState.TALKING, RoutingState.TALKING)
    s.pbx.hang_up(line)
    assert s.record(line).held_s == 3


def test_music_is_no_hold_to_one_who_waits() -> None:
    s = Story()
    s.queue()
    line = s.call()
    assert s.raw(MusicBegan(line.channel)).facts == []
    assert s.raw(MusicEnded(line.channel)).facts == []
    assert s.at(line).state is CallState.WAITING


def test_the_customer_who_holds_is_still_talking_to_us() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    assert s.raw(ChannelHeld(line.channel)).facts == []
    assert s.at(line).state is CallState.TALKING


def test_a_caller_told_to_have_entered_again_keeps_place_and_offer() -> None:
    s = Story()
    s.queue()
    line = s.call()
    s.wait(5)
    entered = CallEntered(
        line.channel, "", caller_number="", caller_name="", dialed="", queue=QueueId("sales")
    )
    assert s.raw(entered).facts == []
    s.operator(1)
    assert s.raw(entered).facts == []
    assert s.ringing(line) == 1
    assert s.at(line).waiting_since.mono_s == 0


def test_a_caller_back_on_hold_out_of_a_talk_is_a_fault_and_is_looked_into() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    s.tell(OfferReturned(line.channel, OfferId(77), OfferOutcome.FAILED, 0))
    assert [f.what for f in s.told(FaultSeen)] == ["returned_to_hold"]
    assert s.talking(line) == 1  # the PBX still has them joined


def test_an_answer_on_a_leg_that_ended_is_a_fault() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.operator(2)
    line = s.talk(1)
    leg = line.leg
    assert leg is not None
    transfers.blind_to_phone(s.pbx, line, "op2")
    s.tell(LegAnswered(line.channel, leg, "op1"))
    assert [f.what for f in s.told(FaultSeen)] == ["answer_without_leg"]
    s.answer(line)
    assert s.talking(line) == 2


def test_a_link_lost_twice_is_lost() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    for _ in range(2):
        s.tell(LinkLost("cut"))
    assert not s.op(1).offerable
    assert s.floor.queues[QueueId("sales")].idle_operators == 0
    s.tell(s.pbx.snapshot())
    check(s.floor, s.world.now_s)


def test_the_clock_may_tick_for_nothing() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    s.pbx.hang_up(s.talk(1))
    for _ in range(3):
        s.wait(3)
        assert s.raw(ClockTicked()).facts == []
    s.wait(1)
    assert s.op(1).offerable


def test_a_caller_told_late_to_have_entered_has_not_come_back() -> None:
    s = Story()
    s.queue()
    line = s.call()
    entered = s.events[-1]
    assert isinstance(entered, CallEntered)
    s.pbx.hang_up(line)
    assert s.raw(entered).facts == []
    assert s.floor.calls == {}
    assert len(s.told(CallEnded)) == 1


def test_the_second_contact_of_a_phone_that_talks_may_stop_ringing() -> None:
    """A transfer rings both contacts of a phone; one is picked up, and the other's end is not the talk's."""
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    s.operator(2)
    line = s.talk(1)
    transfers.blind_to_phone(s.pbx, line, "op2")
    s.tell(LegDialed(line.channel, LEG, "op2"))
    s.answer(line)
    s.tell(ChannelHungUp(LEG, 26))
    assert (s.talking(line), s.op(2).routing) == (2, RoutingState.TALKING)
    check(s.floor, s.world.now_s)
    s.pbx.hang_up_leg(line)
    assert s.op(2).routing is RoutingState.WRAP_UP


def test_the_end_of_a_call_with_two_legs_at_one_phone_brings_one_wrap_up() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    line = s.talk(1)
    s.tell(LegDialed(line.channel, LEG, "op1"))
    s.tell(ChannelHungUp(line.channel, 16))
    assert s.op(1).routing is RoutingState.WRAP_UP
    assert s.causes(1).count("call_ended") == 1


def test_a_transfer_told_late_leaves_the_next_offer_alone() -> None:
    s = Story()
    s.queue()
    s.queue("help")
    s.operator(1)
    s.operator(2, "help")
    line = s.talk(1)
    late: list[Event] = []
    s.pbx.say = lambda event: late.append(event) if isinstance(event, BlindTransferred) else s.tell(event)
    transfers.blind_to_queue(s.pbx, line, QueueId("help"))
    assert s.ringing(line) == 2
    s.tell(*late)
    assert s.ringing(line) == 2


def test_a_phone_that_rings_on_though_another_was_told_to_have_answered_is_believed() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.wait(1)
    s.operator(2)
    line = s.call()
    s.tell(LegAnswered(line.channel, LEG, "op2"))
    assert s.talking(line) == 2
    s.tell(s.pbx.snapshot())
    assert (s.op(1).routing, s.op(2).call) == (RoutingState.RINGING, None)
    check(s.floor, s.world.now_s)
