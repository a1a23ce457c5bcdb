"""Calls between colleagues on the floor: by tables."""

import pytest

from app.domain.calls import CallOutcome, Direction, EndedBy
from app.domain.ids import FIRST_NODE, CallId, ChannelId, OperatorId
from app.domain.operators import DeviceState, RoutingState
from app.floor.calls.lost_phones import in_talk
from app.floor.commands import HangUpPhone
from app.floor.events import (
    AttendedTransferred,
    BlindTransferred,
    ChannelHungUp,
    ColleagueCalled,
    ColleagueMissed,
    ColleagueRang,
    HangupRequested,
    LegAnswered,
    LinkLost,
    Missed,
    PhoneDied,
    SeenColleague,
    SnapshotTaken,
    WrapUpEnded,
)
from app.simulator.promises import check
from tests.floor.room import QUEUE, Room, seen


def test_a_call_to_a_colleague_from_its_beginning_to_its_end() -> None:
    room = Room()
    called = room.calls(1, 2)
    assert (room.seen_as(1), room.seen_as(2), room.offerable()) == (
        RoutingState.RINGING,
        RoutingState.IDLE,
        [2, 3],
    )
    leg = room.rings(called, 1.0)
    assert (room.seen_as(2), room.offerable()) == (RoutingState.RINGING, [3])
    room.take(LegAnswered(called.channel, leg, "op2"), 5.0)
    assert (room.seen_as(1), room.seen_as(2)) == (RoutingState.TALKING, RoutingState.TALKING)
    room.hangs_up(leg, 60.0)
    (record,) = room.records()
    assert (record.direction, record.caller_operator, record.operator) == (Direction.INTERNAL, 1, 2)
    assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.OPERATOR)
    assert (record.rang_s, record.talked_s, record.waited_s, record.duration_s) == (5, 60, 0, 66)
    assert (record.queue, record.unheard, record.cost) == ("", False, None)
    assert [(part.operator, part.talked_s) for part in record.legs] == [(2, 60)]
    assert (room.seen_as(1), room.seen_as(2)) == (RoutingState.IDLE, RoutingState.IDLE), "no wrap-up"
    assert room.offerable() == [1, 2, 3]
    assert not room.take(ChannelHungUp(called.channel, 16)).facts
    assert not room.take(called).facts, "told late"
    assert not room.floor.internal.by_channel


@pytest.mark.parametrize(
    ("why", "outcome", "cause"),
    [
        (Missed.BUSY, CallOutcome.BUSY, 17),
        (Missed.NO_ANSWER, CallOutcome.NO_ANSWER, 19),
        (Missed.UNREACHABLE, CallOutcome.FAILED, 20),
        (Missed.FAILED, CallOutcome.FAILED, 0),
    ],
)
@pytest.mark.parametrize("rings", [False, True])
def test_nobody_is_reached(why: Missed, outcome: CallOutcome, cause: int, *, rings: bool) -> None:
    room = Room()
    called = room.calls(1, 2)
    if rings:
        room.take(ChannelHungUp(room.rings(called), 19), 20.0)
        assert not room.records(), "why it stopped ringing is told next"
    room.take(ColleagueMissed(called.call, why))
    room.hangs_up(called.channel, 5.0)
    (record,) = room.records()
    assert (record.outcome, record.cause, record.ended_by) == (outcome, cause, EndedBy.PBX)
    assert (record.operator, record.answered_at, record.talked_s) == (2, None, 0)
    assert (record.duration_s, record.rang_s) == ((20, 20) if rings else (0, 0))
    assert room.offerable() == [1, 2, 3]


def test_who_calls_gives_up() -> None:
    room = Room()
    called = room.calls(1, 2)
    room.rings(called)
    room.hangs_up(called.channel, 7.0)
    (record,) = room.records()
    assert (record.outcome, record.ended_by, record.rang_s) == (CallOutcome.ABANDONED, EndedBy.CALLER, 7)


def test_another_picks_up() -> None:
    room = Room()
    called = room.calls(1, 2)
    room.rings(called)
    picked = room.channel()
    room.take(LegAnswered(called.channel, picked, "op3"), 4.0)
    assert room.offerable() == [2]
    room.hangs_up(picked, 10.0)
    (record,) = room.records()
    assert (record.operator, record.talked_s, record.rang_s) == (3, 10, 4)
    assert [(leg.operator, leg.talked_s) for leg in record.legs] == [(2, 0), (3, 10)]


def test_what_is_told_after_the_end_begins_nothing() -> None:
    room = Room()
    channel = ChannelId("k-9.1")
    room.take(ChannelHungUp(channel, 17))
    event = ColleagueCalled(
        CallId("k-9.1:1"),
        channel,
        channel_name="op1-1",
        caller_number="101",
        caller_name="",
        number="102",
        endpoint="op2",
        line="op1",
    )
    assert not room.take(event).facts
    assert not room.floor.internal.calls


def test_a_stranger_who_reaches_an_operator_is_no_colleague() -> None:
    room = Room()
    event = ColleagueCalled(
        CallId("k-9.1:1"),
        ChannelId("k-9.1"),
        channel_name="trunk-1",
        caller_number="+37255500001",
        caller_name="",
        number="102",
        endpoint="op2",
        line="trunk",
    )
    assert not room.take(event).facts
    assert not room.take(ColleagueRang(event.call, ChannelId("k-9.2"), event)).facts
    assert not room.floor.internal.calls


@pytest.mark.parametrize("second_first", [False, True])
@pytest.mark.parametrize("answered", [False, True])
def test_a_consultation_that_ends_in_a_transfer_has_no_record(*, second_first: bool, answered: bool) -> None:
    room = Room()
    caller, line = room.customer(1)
    called = room.calls(1, 2)
    asked = room.rings(called)
    if answered:
        room.take(LegAnswered(called.channel, asked, "op2"))
    first, second = (called.channel, line) if second_first else (line, called.channel)
    target = asked if answered else ChannelId("")
    joined = AttendedTransferred(
        first, second, transferee=caller, target=target, target_endpoint="op2" if answered else ""
    )
    room.take(joined, 20.0)
    room.take(ChannelHungUp(called.channel, 16))
    room.take(ChannelHungUp(line, 16))
    assert not room.records()
    assert not room.floor.internal.calls
    assert room.seen_as(1) is RoutingState.WRAP_UP, "the customer's call brings one"
    if answered:
        assert room.floor.operators[OperatorId(2)].call == CallId(caller)
    check(room.floor, room.at_s)


def test_a_consultation_that_is_given_up_is_a_call_of_its_own() -> None:
    room = Room()
    caller, _ = room.customer(1)
    called, asked = room.talk(1, 2)
    assert room.floor.operators[OperatorId(1)].routing is RoutingState.TALKING
    room.hangs_up(called.channel, 15.0)
    room.take(ChannelHungUp(asked, 16))
    (record,) = room.records()
    assert (record.caller_operator, record.operator, record.talked_s) == (1, 2, 15)
    assert room.floor.operators[OperatorId(1)].call == CallId(caller)
    assert room.offerable() == [2, 3]


def test_a_call_that_was_there_before_is_no_consultation() -> None:
    room = Room()
    called, asked = room.talk(1, 2)
    caller, line = room.customer(1)
    room.take(
        AttendedTransferred(
            called.channel,
            line,
            transferee=asked,
            target=caller,
            target_endpoint="trunk",
            transferee_endpoint="op2",
        ),
        30.0,
    )
    (record,) = room.records()
    assert (record.outcome, record.ended_by, record.talked_s) == (CallOutcome.ANSWERED, EndedBy.CALLER, 30)
    check(room.floor, room.at_s)


@pytest.mark.parametrize("who", ["caller", "called"])
def test_two_calls_with_colleagues_that_are_joined(who: str) -> None:
    room = Room()
    first, leg = room.talk(1, 2)
    one = 1 if who == "caller" else 2
    line, party = (first.channel, leg) if who == "caller" else (leg, first.channel)
    second, asked = room.talk(one, 3)
    room.take(
        AttendedTransferred(second.channel, line, transferee=asked, target=party, target_endpoint="op3"), 30.0
    )
    for channel in (line, second.channel):
        room.take(ChannelHungUp(channel, 16))
    stays = 2 if who == "caller" else 1
    assert room.offerable() == [one]
    assert {room.seen_as(stays), room.seen_as(3)} == {RoutingState.TALKING}
    room.hangs_up(party, 40.0)
    before, then = room.records()
    assert (before.caller_operator, before.operator, before.talked_s) == (1, 2, 36)
    assert (then.caller_operator, then.operator, then.talked_s) == (one, 3, 70)
    assert then.ended_by is EndedBy.CALLER, "who hung up is in the caller's place"


def test_who_is_sent_on_begins_a_call_of_their_own() -> None:
    room = Room()
    first, leg = room.talk(1, 2)
    room.take(BlindTransferred(first.channel, leg, "103"), 10.0)
    room.take(ChannelHungUp(first.channel, 16))
    second = ColleagueCalled(
        CallId(f"{leg}:1"),
        leg,
        channel_name="op2-2",
        caller_number="102",
        caller_name="",
        number="103",
        endpoint="op3",
        line="op2",
    )
    room.take(second)
    asked = room.rings(second)
    room.take(LegAnswered(leg, asked, "op3"))
    room.hangs_up(asked, 10.0)
    assert [(one.caller_operator, one.operator, one.ended_by) for one in room.records()] == [
        (1, 2, EndedBy.CALLER),
        (2, 3, EndedBy.OPERATOR),
    ]


def test_a_phone_that_dies_in_a_word_with_a_colleague_is_hung_up_and_its_operator_left_alone() -> None:
    room = Room()
    called, leg = room.talk(1, 2)
    assert [one.channel for one in in_talk(room.floor, FIRST_NODE)] == [called.channel, leg]
    outcome = room.take(PhoneDied(leg), 20.0)
    assert outcome.commands == [HangUpPhone(called.call, leg)]
    room.hangs_up(leg)
    (record,) = room.records()
    assert record.talked_s == 20
    assert room.offerable() == [1, 3]


def test_a_wrap_up_goes_on_during_a_word_with_a_colleague_and_after() -> None:
    room = Room()
    caller, _ = room.customer(1)
    room.take(HangupRequested(caller))
    room.take(ChannelHungUp(caller, 16))
    called, _ = room.talk(1, 2)
    assert room.seen_as(1) is RoutingState.WRAP_UP
    room.hangs_up(called.channel, 3.0)
    assert room.seen_as(1) is RoutingState.WRAP_UP
    called, _ = room.talk(1, 2)
    room.take(WrapUpEnded(OperatorId(1)))
    assert (room.seen_as(1), room.offerable()) == (RoutingState.TALKING, [3])


@pytest.mark.parametrize("bridge", ["", "b1"])
def test_a_call_that_was_not_heard_is_found_and_ends(bridge: str) -> None:
    room = Room()
    told = SeenColleague(CallId("k-9.1:1"), "102", "op1-00000001", "op1", "op2")
    near, leg = ChannelId("k-9.1"), ChannelId("k-9.2")
    there = seen(near, "op1", bridge, told), seen(leg, "op2", bridge, told)
    in_use = {"op1": DeviceState.IN_USE, "op2": DeviceState.IN_USE, "op3": DeviceState.REGISTERED}
    room.take(LinkLost("a trial"))
    room.take(SnapshotTaken(there, in_use))
    (call,) = room.floor.internal.calls.values()
    assert (call.caller, call.called, call.unheard, bool(call.answered)) == (1, 2, True, bool(bridge))
    before = len(room.outcomes)
    room.take(SnapshotTaken(there, in_use), 10.0)
    assert len(room.floor.internal.calls) == 1
    assert not room.outcomes[before].facts, "nothing new"
    assert not room.take(SnapshotTaken((), in_use), 5.0).facts, "the news of its end may be on the way"
    room.take(
        SnapshotTaken((), {**in_use, "op1": DeviceState.REGISTERED, "op2": DeviceState.REGISTERED}), 2.0
    )
    (record,) = room.records()
    assert (record.unheard, record.duration_s) == (True, 45)
    assert room.offerable() == [1, 2, 3]
    assert not room.take(SnapshotTaken(there, {})).facts or not room.floor.internal.calls, "it is over"


def test_a_colleague_who_talks_with_a_customer_is_in_no_call_with_a_colleague() -> None:
    room = Room()
    told = SeenColleague(CallId("k-9.1:1"), "102", "op1-00000001", "op1", "op2")
    customer, leg = ChannelId("k-9.9"), ChannelId("k-9.2")
    room.take(SnapshotTaken((seen(customer, "trunk", "b", queue=QUEUE), seen(leg, "op2", "b", told)), {}))
    assert not room.floor.internal.calls
