"""The longest wait: another queue that keeps the place, a message and hang up, or nothing; during ringing too."""

from typing import Any

import pytest

from app.domain.calls import CallOutcome, CallState, EndedBy
from app.domain.ids import QueueId
from app.domain.operators import DeviceState
from app.domain.queues import MaxWait
from app.floor.commands import DismissCall
from app.floor.events import CommandRefused, LinkLost, SnapshotTaken
from app.floor.facts import CallLeaving, CallQueued
from app.simulator.lines import HOLD
from app.simulator.script import replay
from tests.floor.story import Story, call_id

LEAVE: dict[str, Any] = {"max_wait_s": 60, "max_wait_then": MaxWait.LEAVE, "leave_message": "sorry"}
OVERFLOW: dict[str, Any] = {
    "max_wait_s": 60,
    "max_wait_then": MaxWait.QUEUE,
    "overflow_queue": QueueId("help"),
}


def test_another_queue_takes_the_call_with_its_place() -> None:
    s = Story()
    s.queue(**OVERFLOW)
    s.queue("help")
    line = s.call()
    s.wait(30)
    s.call("help")
    s.wait(30)
    assert (s.at(line).queue, s.at(line).first_queue) == ("help", "sales")
    assert [(f.queue, f.cause) for f in s.told(CallQueued) if f.call == call_id(line)] == [
        ("sales", "arrived"),
        ("help", "max_wait"),
    ]
    assert not s.floor.queues[QueueId("sales")].waiting_calls
    s.operator(1, "help")
    assert s.ringing(line) == 1  # it came before the other
    assert s.reason(line).waited_s == 60


def test_an_operator_of_the_other_queue_takes_it_at_once() -> None:
    s = Story()
    s.queue(**OVERFLOW)
    s.queue("help")
    s.operator(1, "help")
    line = s.call()
    s.wait(59.9)
    assert s.ringing(line) is None
    s.wait(0.1)
    assert s.ringing(line) == 1


def test_the_waits_in_both_queues_add_up() -> None:
    s = Story()
    s.queue(**OVERFLOW)
    s.queue("help")
    line = s.call()
    s.wait(70)
    s.operator(1, "help")
    s.answer(line)
    s.wait(5)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert (record.waited_s, record.talked_s, record.duration_s) == (70, 5, 75)


def test_the_limit_of_the_other_queue_counts_from_joining_it() -> None:
    s = Story()
    s.queue(**OVERFLOW)
    s.queue("help", **LEAVE)
    line = s.call()
    s.wait(60 + 59)
    assert s.at(line).state is CallState.WAITING
    s.wait(1)
    assert s.at(line).state is CallState.LEAVING


def test_two_queues_that_overflow_into_each_other_keep_the_place() -> None:
    s = Story()
    s.queue(**OVERFLOW)
    s.queue("help", max_wait_s=60, max_wait_then=MaxWait.QUEUE, overflow_queue=QueueId("sales"))
    line = s.call()
    s.wait(150)
    assert s.at(line).queue == "sales"
    assert s.at(line).waiting_since.mono_s == 0
    s.operator(1)
    s.answer(line)
    s.pbx.hang_up(line)
    assert s.record(line).waited_s == 150


@pytest.mark.parametrize("target", ["nowhere", None])
def test_a_queue_that_does_not_exist_keeps_its_calls(target: str | None) -> None:
    s = Story()
    s.queue(max_wait_s=60, max_wait_then=MaxWait.QUEUE, overflow_queue=target)
    line = s.call()
    s.wait(120)
    assert s.at(line).state is CallState.WAITING
    s.operator(1)
    assert s.ringing(line) == 1


def test_a_message_and_hang_up() -> None:
    s = Story()
    s.queue(**LEAVE)
    line = s.call()
    s.wait(60)
    assert s.ordered(DismissCall) == [DismissCall(call_id(line), line.channel, "sorry")]
    assert s.told(CallLeaving) == [CallLeaving(call_id(line), "sorry", "max_wait")]
    s.operator(1)
    assert s.ringing(line) is None
    s.wait(5)
    record = s.record(line)
    assert (record.outcome, record.ended_by) == (CallOutcome.MAX_WAIT, EndedBy.SERVICE)
    assert (record.waited_s, record.duration_s) == (60, 65)


def test_a_dismissal_refused_is_looked_into_and_tried_again() -> None:
    s = Story()
    s.queue(**LEAVE)
    line = s.call()
    obey = s.world.obey
    s.world.obey = lambda _: None
    s.wait(60)
    s.world.obey = obey
    s.tell(CommandRefused(s.ordered(DismissCall)[0], "no"))
    s.wait(1)  # the snapshot shows the caller on hold
    assert len(s.ordered(DismissCall)) == 2
    s.wait(5)
    assert s.record(line).outcome is CallOutcome.MAX_WAIT


@pytest.mark.parametrize("then", [LEAVE, OVERFLOW])
def test_a_phone_that_rings_is_let_ring(then: dict[str, Any]) -> None:
    s = Story()
    s.queue(ring_s=20, **then)
    s.queue("help")
    line = s.call()
    s.wait(50)
    s.operator(1)
    s.wait(15)
    assert s.ringing(line) == 1
    s.answer(line)
    s.wait(60)
    assert s.talking(line) == 1


@pytest.mark.parametrize(
    ("then", "state", "queue"),
    [(LEAVE, CallState.LEAVING, "sales"), (OVERFLOW, CallState.WAITING, "help")],
)
def test_the_end_of_the_ringing_is_the_end_of_the_wait(
    then: dict[str, Any], state: CallState, queue: str
) -> None:
    s = Story()
    s.queue(ring_s=20, **then)
    s.queue("help")
    line = s.call()
    s.wait(50)
    s.operator(1)
    s.operator(2, available=False)
    s.wait(20)
    assert (s.at(line).state, s.at(line).queue) == (state, queue)


def test_a_ringing_that_ends_in_time_leaves_the_rest_of_the_wait() -> None:
    s = Story()
    s.queue(ring_s=20, **LEAVE)
    s.operator(1)
    line = s.call()
    s.wait(20)
    assert s.at(line).state is CallState.WAITING
    s.wait(39)
    assert s.at(line).state is CallState.WAITING
    s.wait(1)
    assert s.at(line).state is CallState.LEAVING


def test_nobody_is_let_go_while_the_pbx_is_out_of_reach() -> None:
    s = Story()
    s.queue(**LEAVE)
    line = s.call()
    s.tell(LinkLost("cut"))
    s.wait(90)
    assert s.at(line).state is CallState.WAITING
    s.tell(s.pbx.snapshot())
    assert s.at(line).state is CallState.LEAVING


def test_a_caller_who_talked_and_was_sent_back_waits_anew() -> None:
    s = Story()
    s.queue(**LEAVE)
    s.operator(1)
    line = s.talk(1)
    s.wait(100)
    s.on_break(1)
    s.pbx.drop_leg(line)
    s.tell(s.pbx.snapshot())  # the PBX has the caller on hold
    line.where = HOLD
    s.tell(s.pbx.snapshot())
    assert s.at(line).state is CallState.WAITING
    s.wait(59)
    assert s.at(line).state is CallState.WAITING
    s.wait(1)
    assert s.at(line).state is CallState.LEAVING


@pytest.mark.parametrize(
    ("settings", "left_at_s"),
    [({"max_wait_s": 30}, 30), ({"max_wait_s": 90}, 90), ({"max_wait_then": MaxWait.STAY}, None)],
)
def test_a_changed_limit_holds_for_those_who_wait(settings: dict[str, Any], left_at_s: int | None) -> None:
    s = Story()
    s.queue(**LEAVE)
    line = s.call()
    s.wait(20)
    s.queue(**LEAVE | settings)
    s.wait((left_at_s or 200) - 20 - 0.1)
    assert s.at(line).state is CallState.WAITING
    s.wait(0.1)
    assert (s.at(line).state is CallState.LEAVING) == (left_at_s is not None)


def test_a_limit_shortened_below_the_wait_is_over_at_once() -> None:
    s = Story()
    s.queue(**LEAVE)
    line = s.call()
    s.wait(50)
    s.queue(**LEAVE | {"max_wait_s": 30})
    s.wait(0)
    assert s.at(line).state is CallState.LEAVING


def test_an_adopted_call_has_waited_since_it_came() -> None:
    s = Story()
    s.queue(**LEAVE)
    s.tell(LinkLost("cut"))
    s.pbx.say = lambda _: None
    line = s.call()
    s.wait(45)
    s.pbx.say = s.world.tell
    s.tell(SnapshotTaken(s.pbx.snapshot().channels, {"op1": DeviceState.REGISTERED}))
    s.wait(14.9)
    assert s.at(line).state is CallState.WAITING
    s.wait(0.2)
    assert s.at(line).state is CallState.LEAVING


def test_a_caller_who_is_moved_on_while_they_are_missing_has_not_waited_longer_than_they_were_there() -> None:
    """Their end was not heard; between the list that lacked them and the next they overflowed."""
    replay(
        [
            ("queue", "b", "", 0, 10.0, 5, 0.0, 0.0, 3, 0.0, 25.1, "queue", "b"),
            ("queue", "c"),
            ("arrive", 337, "b"),
            ("wait", 18.55),
            ("arm", "lose", "ChannelHungUp"),
            ("wait", 77.391),
            ("arrive", 341, "c"),
            ("wait", 3.066),
            ("hang_up", 337),
            ("wait", 7.232),
        ]
    )


def test_nobody_waits_in_a_paused_queue() -> None:
    s = Story()
    s.queue("help", leave_message="sorry")
    s.queue(overflow_queue=QueueId("help"))
    s.operator(1, "sales")
    rings, waits = s.call(), s.call()
    s.wait(5)
    s.queue(overflow_queue=QueueId("help"), paused="fire drill")
    assert (s.ringing(rings), s.at(waits).queue) == (1, "help")
    assert s.at(waits).waiting_since.mono_s == s.at(rings).waiting_since.mono_s
    comes = s.call()
    assert (s.at(comes).queue, s.told(CallQueued)[-1].cause) == ("help", "paused")
    s.queue("help", leave_message="sorry", paused="")
    assert {command.call for command in s.ordered(DismissCall)} == {call_id(waits), call_id(comes)}
    assert (s.told(CallLeaving)[-1].message, s.told(CallLeaving)[-1].cause) == ("sorry", "paused")
    s.queue("help")
    s.queue()
    assert s.at(s.call()).queue == "sales"
