"""Transfers from the phone, blind and attended, to operators, queues and outside."""

import pytest

from app.domain.calls import CallOutcome, CallState, OfferOutcome, TransferKind
from app.domain.ids import ChannelId, OperatorId, QueueId
from app.domain.operators import RoutingState
from app.floor.calls.waiting import SPARED_S
from app.floor.commands import OfferCall, ReturnToHold, TransferCall
from app.floor.errors import NotInTalk
from app.floor.events import (
    AttendedTransferred,
    CallEntered,
    CallerTakenBack,
    ChannelHungUp,
    DeviceChanged,
    HangupRequested,
    LegAnswered,
    LegDialed,
    TransferAsked,
)
from app.floor.facts import CallQueued, CallTransferred, FaultSeen, OfferEnded
from app.simulator import transfers
from app.simulator.lines import Line
from tests.floor.story import Story, call_id


def two_operators(wrap_up_s: float = 0.0) -> Story:
    s = Story()
    s.queue(wrap_up_s=wrap_up_s)
    s.operator(1)
    s.wait(1)
    s.operator(2, ("sales", 9))
    return s


def test_blind_to_a_colleague() -> None:
    s = two_operators(wrap_up_s=10)
    line = s.talk(1)
    s.wait(5)
    transfers.blind_to_phone(s.pbx, line, "op2")
    assert s.told(CallTransferred) == [
        CallTransferred(call_id(line), TransferKind.BLIND, OperatorId(1), None, "op2")
    ]
    assert s.op(1).routing is RoutingState.WRAP_UP
    assert s.op(2).routing is RoutingState.RINGING
    assert s.ringing(s.call()) is None
    s.wait(3)
    s.answer(line)
    assert s.talking(line) == 2
    s.wait(7)
    s.pbx.hang_up_leg(line)
    record = s.record(line)
    assert [(leg.operator, leg.rang_s, leg.talked_s) for leg in record.legs] == [(1, 0, 5), (2, 3, 7)]
    assert (record.operator, record.talked_s, record.waited_s) == (2, 12, 0)
    assert s.op(2).routing is RoutingState.WRAP_UP


def test_only_who_talks_with_the_customer_has_them_transferred() -> None:
    s = two_operators()
    line = s.talk(1)
    talking = s.at(line).talking
    assert talking is not None
    assert talking.channel is not None
    assert s.refused(TransferAsked(call_id(line), OperatorId(2), "102")) == str(NotInTalk())
    outcome = s.raw(TransferAsked(call_id(line), OperatorId(1), "102"))
    assert outcome.commands == [TransferCall(call_id(line), talking.channel, "102")]


def test_blind_to_a_colleague_who_does_not_answer_goes_back_to_the_queue() -> None:
    s = two_operators()
    line = s.talk(1)
    transfers.blind_to_phone(s.pbx, line, "op2")
    s.on_break(1)
    s.wait(20)
    assert s.at(line).state is CallState.RINGING
    assert s.ringing(line) == 2
    assert [f.cause for f in s.told(CallQueued)] == ["arrived", "transferred"]


def test_blind_to_a_queue() -> None:
    s = two_operators()
    s.queue("help")
    s.operator(3, "help")
    line = s.talk(1)
    s.wait(30)
    transfers.blind_to_queue(s.pbx, line, QueueId("help"))
    assert s.ringing(line) == 3
    assert s.op(1).offerable
    s.wait(4)
    s.answer(line)
    s.wait(6)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert (record.first_queue, record.queue) == ("sales", "help")
    assert (record.waited_s, record.talked_s, record.duration_s) == (4, 36, 40)
    assert (record.operator, len(record.legs)) == (3, 2)


def test_blind_to_the_outside() -> None:
    s = two_operators()
    line = s.talk(1)
    s.wait(5)
    transfers.blind_outside(s.pbx, line, "+3726")
    assert s.op(1).offerable
    s.wait(5)
    s.answer(line)
    s.wait(10)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert [(leg.operator, leg.endpoint, leg.talked_s) for leg in record.legs] == [
        (1, "op1", 5),
        (None, "trunk", 10),
    ]
    assert record.operator == 1  # who served the customer; the trunk is nobody


@pytest.mark.parametrize("second_first", [False, True])
def test_attended_to_a_colleague_either_way_round(second_first: bool) -> None:
    s = two_operators(wrap_up_s=10)
    line = s.talk(1)
    s.wait(5)
    transfers.hold(s.pbx, line)
    s.wait(5)
    transfers.attended_to_phone(s.pbx, line, "op2", second_first=second_first)
    (fact,) = s.told(CallTransferred)
    assert (fact.kind, fact.from_operator, fact.to_operator, fact.target) == (
        TransferKind.ATTENDED,
        1,
        2,
        "op2",
    )
    assert s.talking(line) == 2
    assert (s.op(1).routing, s.op(2).routing) == (RoutingState.WRAP_UP, RoutingState.TALKING)
    s.wait(20)
    s.pbx.hang_up_leg(line)
    record = s.record(line)
    assert [(leg.operator, leg.talked_s, leg.held_s) for leg in record.legs] == [(1, 10, 5), (2, 20, 0)]
    assert s.floor.by_channel == {}
    s.wait(10)
    assert s.op(1).offerable
    assert s.op(2).offerable


@pytest.mark.parametrize("second_first", [False, True])
def test_attended_to_a_colleague_found_through_a_queue(second_first: bool) -> None:
    """The operator called a queue on a second line, so the colleague is busy with a call of its own."""
    s = two_operators()
    s.queue("help", wrap_up_s=10)
    s.operator(3, "help")
    line = s.talk(1)
    first = line.leg
    assert first is not None
    consult = s.call("help")
    s.answer(consult)
    assert s.op(3).call == call_id(consult)
    target = consult.leg
    assert target is not None
    if second_first:
        event = AttendedTransferred(
            consult.channel,
            first,
            transferee=target,
            target=line.channel,
            target_endpoint="trunk",
            transferee_endpoint="op3",
        )
    else:
        event = AttendedTransferred(
            first,
            consult.channel,
            transferee=line.channel,
            target=target,
            target_endpoint="op3",
            transferee_endpoint="trunk",
        )
    s.tell(event)
    s.tell(ChannelHungUp(first, 16))
    s.tell(ChannelHungUp(consult.channel, 16))
    assert s.talking(line) == 3
    assert (s.op(3).call, s.op(3).routing) == (call_id(line), RoutingState.TALKING)
    assert s.op(1).call is None
    s.wait(5)
    s.tell(ChannelHungUp(target, 16))
    assert s.op(3).routing is RoutingState.IDLE  # wrap-up is the queue's of the call in talk: sales has none


@pytest.mark.parametrize("heard", ["before", "again", "late", "late and again"])
def test_into_a_queue_whose_operator_rings_already(heard: str) -> None:
    """The ringing is for the operator's own call. When it is told for the customer, or late, nothing rings for them."""
    s = two_operators()
    s.queue("help")
    s.operator(3, "help")
    line = s.talk(1)
    assert line.leg is not None
    say = s.pbx.say
    if "late" in heard:
        s.pbx.say = lambda event: None if isinstance(event, LegDialed) else say(event)
    consult = s.call("help")
    assert consult.leg is not None
    ringing = LegDialed(consult.channel, consult.leg, "op3")
    s.pbx.say = lambda _: None  # what the PBX tells in this moment is told below
    nobody = ChannelId("")
    say(
        AttendedTransferred(
            line.leg,
            consult.channel,
            transferee=line.channel,
            target=nobody,
            target_endpoint="",
            transferee_endpoint="",
        )
    )
    if "late" in heard:
        say(ringing)
    if "again" in heard:
        say(LegDialed(line.channel, consult.leg, "op3"))
    assert s.at(consult).leaving is CallOutcome.HANDED_OVER
    assert consult.leg not in [leg.channel for leg in s.at(line).legs]
    assert [leg.channel for leg in s.at(consult).legs] == [consult.leg], "the phone rang, and the log has it"
    assert s.op(3).call in (None, call_id(line))
    assert s.op(3).routing in (RoutingState.IDLE, RoutingState.RESERVED)
    assert len([offer for offer in s.told(OfferEnded) if offer.operator == 3]) == 1
    assert not s.told(FaultSeen)


@pytest.mark.parametrize("rings", [True, False])
def test_the_pbx_moves_a_customer_into_a_waiting_lines_place_before_the_floor_does(*, rings: bool) -> None:
    """Until the operator's line has ended, the PBX is about to move the customer, and loses any other move."""
    s, line, consult = _joined_to_the_music(rings=rings)
    if not rings:
        s.operator(3, "help")
    assert s.moves == []
    assert s.at(line).waiting_since.mono_s == s.world.now_s, "the wait counts from the transfer"
    s.pbx.hang_up(consult)
    assert s.moves == [(ReturnToHold, line.channel), (OfferCall, line.channel)]
    s.answer(line)
    assert s.talking(line) == 3
    assert s.told(FaultSeen) == []


def test_a_customer_in_a_waiting_lines_place_is_offered_though_its_end_is_not_heard() -> None:
    s, line, _ = _joined_to_the_music(rings=False)
    s.operator(3, "help")
    s.wait(SPARED_S)
    assert s.moves == [(OfferCall, line.channel)]


def test_a_phone_that_rang_for_the_operators_line_never_rang_for_the_customer() -> None:
    """Its ringing may be told last of all, and for the channel that has the customer now."""
    s, line, consult = _joined_to_the_music(rings=True, told=False)
    assert consult.leg is not None
    s.world.obey = lambda _: None  # the caller is not on hold yet
    s.tell(HangupRequested(consult.channel))
    s.tell(ChannelHungUp(consult.channel, 16))
    s.tell(LegDialed(line.channel, consult.leg, "op3"))
    assert [leg.operator for leg in s.at(line).legs] == [1]
    assert s.record(consult).unheard, "the log knows how long it rang"
    s.tell(CallerTakenBack(line.channel))
    assert s.ringing(line) == 3
    s.tell(LegDialed(line.channel, ChannelId("anew"), "op3"))
    s.tell(LegAnswered(line.channel, ChannelId("anew"), "op3"))
    assert s.talking(line) == 3
    assert s.told(FaultSeen) == []


def test_a_customer_who_hangs_up_while_the_pbx_moves_them_is_not_moved() -> None:
    s, line, consult = _joined_to_the_music(rings=True)
    s.pbx.hang_up(line)
    s.pbx.hang_up(consult)
    assert s.moves == []
    assert s.record(line).outcome is CallOutcome.ANSWERED


def _joined_to_the_music(*, rings: bool, told: bool = True) -> tuple[Story, Line, Line]:
    """Operator 1 has joined a customer to a line of their own that waits in another queue, and maybe rings operator 3.

    The PBX has told of the transfer, and of the ringing if `told`; it has not moved the customer yet.
    """
    s = two_operators()
    s.queue("help")
    if rings:
        s.operator(3, "help")
    line = s.talk(1)
    assert line.leg is not None
    say = s.pbx.say
    s.pbx.say = lambda event: say(event) if told or not isinstance(event, LegDialed | DeviceChanged) else None
    consult = s.call("help")
    s.pbx.say = say
    s.wait(1)
    s.commands.clear()
    nobody = ChannelId("")
    s.tell(
        AttendedTransferred(
            line.leg, consult.channel, transferee=line.channel, target=nobody, target_endpoint=""
        )
    )
    s.pbx.drop_leg(line)
    return s, line, consult


def test_a_transfer_reaches_a_phone_that_was_just_offered_another_call() -> None:
    s = two_operators()
    line = s.talk(1)
    other = s.call()
    assert s.ringing(other) == 2
    s.operator(3, ("sales", 9))
    s.tell(LegDialed(line.channel, ChannelId("t"), "op2"))
    assert s.ringing(other) == 3
    assert s.op(2).call == call_id(line)
    s.tell(LegAnswered(line.channel, ChannelId("t"), "op2"))
    assert s.talking(line) == 2
    s.answer(other)
    assert s.talking(other) == 3
    s.pbx.hang_up(line)
    transfers.blind_to_phone(s.pbx, other, "op2")
    assert s.op(2).routing is RoutingState.RINGING, "the phone that was stopped from ringing may ring again"
    s.pbx.hang_up(other)
    assert s.leg_outcomes(other) == [OfferOutcome.CANCELLED, OfferOutcome.ACCEPTED, None]


def test_a_transfer_of_nobodys_call_is_no_ones() -> None:
    s = two_operators()
    x, y, z, w = (ChannelId(c) for c in "xyzw")
    outcome = s.raw(AttendedTransferred(x, y, transferee=z, target=w, target_endpoint="op2"))
    assert (outcome.facts, outcome.commands) == ([], [])


def test_a_caller_whose_offer_is_open_enters_another_queue() -> None:
    s = two_operators()
    s.queue("help")
    line = s.call()
    assert s.ringing(line) == 1
    s.tell(CallEntered(line.channel, "", caller_number="", caller_name="", dialed="", queue=QueueId("help")))
    assert s.op(1).call is None
    assert (s.at(line).queue, s.at(line).state) == ("help", CallState.WAITING)
    s.operator(3, "help")
    assert s.ringing(line) == 3


def test_a_caller_in_talk_is_sent_to_a_queue_that_does_not_exist() -> None:
    s = two_operators()
    line = s.talk(1)
    s.wait(5)
    transfers.blind_to_queue(s.pbx, line, QueueId("nowhere"))
    assert s.at(line).state is CallState.LEAVING
    assert s.op(1).offerable
    s.wait(5)
    assert s.record(line).talked_s == 5


def test_a_talk_on_the_second_line_counts_once_the_first_is_over() -> None:
    s = two_operators(wrap_up_s=10)
    first = s.talk(1)
    second = s.call()
    s.answer(second)
    assert s.talking(second) == 2
    s.tell(LegDialed(second.channel, ChannelId("t"), "op1"))
    s.tell(LegAnswered(second.channel, ChannelId("t"), "op1"))
    assert s.op(1).call == call_id(first)
    s.tell(ChannelHungUp(first.channel, 16))
    assert (s.op(1).call, s.op(1).routing) == (call_id(second), RoutingState.TALKING)
    s.tell(ChannelHungUp(second.channel, 16))
    assert (s.op(1).call, s.op(1).routing) == (None, RoutingState.WRAP_UP)
