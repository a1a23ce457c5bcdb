"""A call passed on without a transfer: picked up, parked, reached through a Local channel, taken over."""

import pytest

from app.domain.calls import CallState, OfferOutcome
from app.domain.ids import ChannelId, OperatorId
from app.domain.operators import Presence, RoutingState
from app.floor.events import (
    AttendedTransferred,
    BlindTransferred,
    ChannelHungUp,
    ChannelReplaced,
    Event,
    LegAnswered,
    LegDialed,
    LinkLost,
    LocalBridged,
    MusicBegan,
)
from app.floor.events import CallParked as CallHasBeenParked
from app.floor.facts import CallAnswered, CallEnded, CallParked, FaultSeen, OfferEnded
from app.simulator import transfers
from app.simulator.lines import CONNECT, Line
from app.simulator.promises import check
from tests.floor.story import Story, call_id
from tests.floor.test_transfers import two_operators


def test_a_colleague_picks_up_the_phone_that_rings() -> None:
    s = two_operators(wrap_up_s=10)
    line = s.call()
    s.wait(3)
    transfers.pick_up(s.pbx, line, "op2")
    (ended,) = s.told(OfferEnded)
    assert (ended.operator, ended.outcome, ended.cause) == (1, OfferOutcome.CANCELLED, "picked_up")
    assert (s.op(1).routing, s.op(1).misses, s.op(1).offerable) == (RoutingState.IDLE, 0, True)
    assert (s.op(2).routing, s.talking(line)) == (RoutingState.TALKING, 2)
    assert [f.cause for f in s.told(CallAnswered)] == ["pickup"]
    s.wait(7)
    s.pbx.hang_up_leg(line)
    record = s.record(line)
    assert [(leg.operator, leg.outcome, leg.talked_s) for leg in record.legs] == [
        (1, OfferOutcome.CANCELLED, 0),
        (2, None, 7),
    ]
    assert (record.operator, record.waited_s, record.talked_s) == (2, 3, 7)
    assert s.op(2).routing is RoutingState.WRAP_UP
    assert s.floor.by_channel == {}


def test_parked_and_taken_off() -> None:
    s = two_operators(wrap_up_s=10)
    line = s.talk(1)
    s.wait(5)
    transfers.park(s.pbx, line, "703")
    assert s.told(CallParked) == [CallParked(call_id(line), OperatorId(1), "703")]
    assert (s.at(line).state, s.at(line).place) == (CallState.PARKED, "703")
    assert (s.op(1).routing, s.op(2).offerable) == (RoutingState.WRAP_UP, True)
    s.wait(20)
    transfers.retrieve(s.pbx, line, "op2")
    assert (s.talking(line), s.op(2).routing) == (2, RoutingState.TALKING)
    s.wait(7)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert [(leg.operator, leg.talked_s) for leg in record.legs] == [(1, 5), (2, 7)]
    assert (record.waited_s, record.talked_s, record.duration_s) == (0, 12, 32)
    assert s.floor.by_channel == {}


def test_told_to_be_parked_before_told_to_be_transferred() -> None:
    s = two_operators()
    line = s.talk(1)
    assert line.leg is not None
    s.tell(CallHasBeenParked(line.channel, "701"))
    s.tell(BlindTransferred(line.leg, line.channel, "700"))
    assert s.at(line).state is CallState.PARKED


def test_a_parked_caller_is_left_where_they_are_by_a_snapshot() -> None:
    s = two_operators()
    line = s.talk(1)
    transfers.park(s.pbx, line)
    s.tell(s.pbx.snapshot())
    assert s.at(line).state is CallState.PARKED
    assert not s.told(FaultSeen)


def test_parked_and_forgotten() -> None:
    """The phone rings that parked the caller; unanswered, the queue has them."""
    s = two_operators()
    line = s.talk(1)
    transfers.park(s.pbx, line)
    s.wait(60)
    assert (s.op(1).routing, s.at(line).state) == (RoutingState.RINGING, CallState.TRANSFERRED)
    s.wait(19)
    s.on_break(1)
    s.wait(2)
    assert s.ringing(line) == 2


def test_the_customer_gives_up_while_parked() -> None:
    s = two_operators()
    line = s.talk(1)
    s.wait(5)
    transfers.park(s.pbx, line)
    s.wait(10)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert (record.talked_s, record.duration_s, record.ended_by) == (5, 15, "caller")
    s.wait(60)
    assert s.op(1).offerable


def test_through_a_local_channel_that_is_optimised_away() -> None:
    s = two_operators(wrap_up_s=10)
    line = s.talk(1)
    s.wait(5)
    transfers.blind_through_local(s.pbx, line, "op2")
    assert (s.op(1).routing, s.op(2).routing) == (RoutingState.WRAP_UP, RoutingState.RINGING)
    s.wait(3)
    s.answer(line)
    s.wait(1)
    transfers.optimise(s.pbx, line)
    assert s.talking(line) == 2
    s.wait(6)
    s.pbx.hang_up_leg(line)
    record = s.record(line)
    assert [(leg.operator, leg.rang_s, leg.talked_s) for leg in record.legs] == [(1, 0, 5), (2, 3, 7)]
    assert record.operator == 2
    assert (s.floor.by_channel, s.floor.locals) == ({}, {})


def test_through_a_local_channel_that_stays() -> None:
    s = two_operators()
    line = s.talk(1)
    transfers.blind_through_local(s.pbx, line, "op2")
    s.answer(line)
    s.tell(s.pbx.snapshot())
    assert not s.told(FaultSeen)
    s.wait(6)
    s.pbx.hang_up(line)
    assert [(leg.operator, leg.talked_s) for leg in s.record(line).legs] == [(1, 0), (2, 6)]
    assert (s.floor.by_channel, s.floor.locals) == ({}, {})


def test_a_menu_behind_a_local_channel_talks_until_it_reaches_a_phone() -> None:
    s = two_operators()
    line = s.talk(1)
    s.wait(5)
    transfers.blind_outside(s.pbx, line, "300")
    near, far, leg = ChannelId("near"), ChannelId("far"), ChannelId("phone")
    s.tell(LocalBridged(near, far))
    s.tell(LegDialed(line.channel, near, ""))
    s.tell(LegAnswered(line.channel, near, ""))
    s.wait(4)
    s.tell(LegDialed(far, leg, "op2"))
    s.wait(3)
    s.tell(LegAnswered(far, leg, "op2"))
    s.wait(2)
    for channel in (leg, far, near):
        s.tell(ChannelHungUp(channel, 16))
    s.pbx.hang_up(line)
    legs = [(leg.operator, leg.talked_s) for leg in s.record(line).legs if leg.answered_at]
    assert legs == [(1, 5), (None, 7), (2, 2)]


def test_a_talk_behind_a_local_channel_is_adopted_as_it_is() -> None:
    """A new service must not tear it apart for a better operator."""
    s = two_operators()
    line = s.talk(1)
    transfers.blind_through_local(s.pbx, line, "op2")
    s.answer(line)
    other = two_operators()
    other.tell(s.pbx.snapshot())
    assert other.talking(line) == 2


def test_a_parked_caller_is_adopted_as_parked_not_as_waiting() -> None:
    s = two_operators()
    line = s.talk(1)
    transfers.park(s.pbx, line)
    other = two_operators()
    other.tell(s.pbx.snapshot())
    assert other.at(line).state is CallState.TRANSFERRED
    assert other.op(1).offerable


def test_a_colleague_takes_the_talk_over() -> None:
    s = two_operators(wrap_up_s=10)
    line = s.talk(1)
    s.wait(5)
    transfers.take_over(s.pbx, line, "op2")
    assert (s.op(1).routing, s.op(2).routing) == (RoutingState.WRAP_UP, RoutingState.TALKING)
    s.wait(7)
    s.pbx.hang_up_leg(line)
    assert [(leg.operator, leg.talked_s) for leg in s.record(line).legs] == [(1, 5), (2, 7)]
    assert (s.floor.by_channel, s.floor.replaced) == ({}, {})


def test_another_channel_takes_the_callers_place() -> None:
    s = two_operators()
    line = s.talk(1)
    id_ = call_id(line)
    s.wait(5)
    transfers.replace_caller(s.pbx, line)
    assert s.floor.calls[id_].channel == line.channel
    s.wait(7)
    s.pbx.hang_up(line)
    (record,) = [fact.record for fact in s.told(CallEnded)]
    assert (record.call, record.talked_s, record.duration_s) == (id_, 12, 12)
    assert (s.floor.by_channel, s.floor.replaced) == ({}, {})


def test_another_channel_waits_on_in_the_callers_place() -> None:
    s = two_operators()
    line = s.call()
    id_ = call_id(line)
    s.wait(2)
    transfers.replace_caller(s.pbx, line)
    assert s.floor.calls[id_].channel == line.channel
    assert s.floor.calls[id_].state is CallState.RINGING
    s.answer(line)
    s.wait(7)
    s.pbx.hang_up(line)
    (record,) = [fact.record for fact in s.told(CallEnded)]
    assert (record.call, record.waited_s, record.talked_s, record.unheard) == (id_, 2, 7, False)
    assert (s.floor.by_channel, s.floor.replaced) == ({}, {})


@pytest.mark.parametrize("unheard", [(ChannelHungUp,), (ChannelHungUp, MusicBegan)])
def test_another_channel_is_found_waiting_in_the_callers_place(unheard: tuple[type[Event]]) -> None:
    s = two_operators()
    line = s.call()
    id_ = call_id(line)
    say, s.pbx.say = s.pbx.say, lambda event: None if isinstance(event, unheard) else say(event)
    transfers.replace_caller(s.pbx, line)
    s.pbx.say = say
    s.tell(s.pbx.snapshot())
    assert list(s.floor.calls) == [id_]
    assert s.floor.calls[id_].channel == line.channel


def test_a_talk_that_went_on_untold_counts_from_where_the_last_one_ended() -> None:
    s = two_operators()
    line = s.talk(1)
    s.wait(5)
    say, s.pbx.say = s.pbx.say, lambda event: say(event) if isinstance(event, ChannelHungUp) else None
    transfers.take_over(s.pbx, line, "op2")
    s.pbx.say = say
    assert s.at(line).state is CallState.LEAVING
    _found_talking(s, line)


def test_an_attended_transfer_that_names_no_target() -> None:
    """So the PBX tells of one over AMI whose third was asked through a Local channel, one time in ten."""
    s = two_operators()
    line = s.talk(1)
    assert line.leg is not None
    s.wait(5)
    s.tell(
        AttendedTransferred(
            line.leg, line.leg, transferee=line.channel, target=ChannelId(""), target_endpoint=""
        )
    )
    say, s.pbx.say = s.pbx.say, lambda event: say(event) if isinstance(event, ChannelHungUp) else None
    transfers.take_over(s.pbx, line, "op2")
    s.pbx.say = say
    _found_talking(s, line)


def _found_talking(s: Story, line: Line) -> None:
    """Operator 2 talks with a caller whose first talk ended after 5 s, and nothing was told of it."""
    s.wait(1)  # the PBX is asked
    assert s.talking(line) == 2
    s.wait(6)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert [(leg.operator, leg.talked_s) for leg in record.legs] == [(1, 5), (2, 7)]
    assert not record.unheard
    assert not s.told(FaultSeen)


@pytest.mark.parametrize("caller_moves", [True, False])
def test_a_caller_who_comes_through_a_local_channel(caller_moves: bool) -> None:
    """The PBX takes it out of the talk by moving either party; the caller's far half hangs up."""
    s = two_operators()
    line = s.call()
    outside, near = ChannelId("outside"), ChannelId("near")
    s.tell(LocalBridged(near, line.channel))
    s.tell(LegDialed(outside, near, ""))
    s.answer(line)
    assert line.leg is not None
    if caller_moves:
        s.tell(ChannelReplaced(line.channel, outside, "PJSIP/trunk-1", "trunk"))
    else:
        s.tell(ChannelReplaced(near, line.leg, "PJSIP/op1-1", "op1"))
    s.tell(ChannelHungUp(line.channel, 16))
    s.tell(ChannelHungUp(near, 16))
    assert s.talking(line) == 1
    s.wait(7)
    s.tell(ChannelHungUp(line.leg, 16))
    s.tell(ChannelHungUp(outside, 16))
    record = s.record(line)
    assert (record.talked_s, record.duration_s) == (7, 7)
    assert (s.floor.by_channel, s.floor.locals, s.floor.replaced) == ({}, {}, {})


@pytest.mark.parametrize("unheard", [LocalBridged, LegDialed])
@pytest.mark.parametrize("looked", ["while it rings", "after the answer"])
def test_a_phone_reached_through_a_local_channel_that_was_not_told_of(
    unheard: type[Event], looked: str
) -> None:
    s = two_operators()
    line = s.talk(1)
    s.pbx.say = lambda event: None if isinstance(event, unheard) else s.tell(event)
    transfers.blind_through_local(s.pbx, line, "op2")
    s.wait(3)
    if looked == "while it rings":
        s.tell(s.pbx.snapshot())
        assert s.op(2).routing is RoutingState.RINGING
    s.answer(line)
    if looked == "after the answer":
        s.tell(s.pbx.snapshot())
    assert (s.talking(line), s.op(2).routing) == (2, RoutingState.TALKING)
    transfers.optimise(s.pbx, line)
    s.wait(5)
    s.pbx.hang_up(line)
    assert s.record(line).operator == 2
    assert s.floor.by_channel == {}


def test_a_caller_parked_unheard_is_somewhere_else_and_not_leaving() -> None:
    s = two_operators()
    line = s.talk(1)
    s.pbx.say = lambda event: s.tell(event) if isinstance(event, ChannelHungUp) else None
    transfers.park(s.pbx, line)
    s.wait(3)
    s.tell(s.pbx.snapshot())
    assert s.at(line).state is CallState.TRANSFERRED


def test_a_caller_answered_and_parked_unheard_is_not_torn_from_there() -> None:
    s = two_operators()
    s.presence(1, Presence.ON_BREAK)
    s.presence(2, Presence.ON_BREAK)
    line = s.call()
    s.tell(LinkLost("cut"))
    s.pbx.say = lambda _: None
    line.where = CONNECT
    s.pbx.ring(line, "op1", 20)
    s.answer(line)
    transfers.park(s.pbx, line)
    s.wait(3)
    s.tell(s.pbx.snapshot())
    assert s.at(line).state is CallState.TRANSFERRED
    s.presence(2, Presence.AVAILABLE)
    assert s.op(2).offerable


def test_a_caller_sent_outside_unheard_is_no_longer_offered() -> None:
    """Neither the answer of the offer was heard nor the transfer."""
    s = two_operators()
    line = s.call()
    s.wait(5)
    s.pbx.say = lambda event: s.tell(event) if isinstance(event, ChannelHungUp | LegDialed) else None
    s.answer(line)
    s.wait(5)
    transfers.blind_outside(s.pbx, line, "+3726")
    s.wait(3)
    s.tell(s.pbx.snapshot())
    assert s.at(line).state is CallState.TRANSFERRED
    assert s.op(1).routing is RoutingState.IDLE
    check(s.floor, s.world.now_s)
