"""A supervisor moves a caller who waits, and ends calls."""

import pytest

from app.domain.calls import CallOutcome, CallState, EndedBy
from app.domain.ids import CallId, CampaignId, QueueId
from app.floor.commands import DismissCall, HangUpPhone
from app.floor.errors import CallOver, CallUnsteerable, QueueNotOnFloor
from app.floor.events import ChannelHungUp, EndAsked, Event, MoveAsked
from app.floor.facts import CallLeaving, CallQueued
from tests.floor.story import Story, call_id


def two_queues() -> Story:
    s = Story()
    s.queue(leave_message="sorry")
    s.queue("help")
    return s


def test_a_caller_who_is_moved_keeps_the_place() -> None:
    s = two_queues()
    line = s.call()
    s.wait(30)
    other = s.call("help")
    s.tell(MoveAsked(call_id(line), QueueId("help")))
    assert [fact.cause for fact in s.told(CallQueued) if fact.call == call_id(line)] == ["arrived", "moved"]
    assert list(s.floor.queues[QueueId("sales")].waiting_calls) == []
    s.wait(10)
    s.operator(1, "help")
    assert (s.ringing(line), s.ringing(other)) == (1, None)
    assert s.reason(line).waited_s == 40
    s.answer(line)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert (record.queue, record.first_queue, record.waited_s) == ("help", "sales", 40)


def test_a_caller_who_is_moved_rings_at_once_where_somebody_is_idle() -> None:
    s = two_queues()
    s.operator(1, "help")
    line = s.call()
    s.tell(MoveAsked(call_id(line), QueueId("help")))
    assert s.ringing(line) == 1


def test_moving_to_the_queue_where_the_caller_waits_changes_nothing() -> None:
    s = two_queues()
    line = s.call()
    before = len(s.told(CallQueued))
    s.tell(MoveAsked(call_id(line), QueueId("sales")))
    assert len(s.told(CallQueued)) == before


def test_a_waiting_caller_is_let_go_with_the_queue_s_message() -> None:
    s = two_queues()
    line = s.call()
    s.wait(5)
    s.tell(EndAsked(call_id(line)))
    assert s.ordered(DismissCall) == [DismissCall(call_id(line), line.channel, "sorry")]
    assert s.told(CallLeaving) == [CallLeaving(call_id(line), "sorry", "supervisor")]
    s.wait(5)
    record = s.record(line)
    assert (record.outcome, record.ended_by) == (CallOutcome.MAX_WAIT, EndedBy.SERVICE)


def test_a_talk_is_ended_at_the_operators_phone() -> None:
    s = two_queues()
    s.operator(1)
    line = s.talk(1)
    leg = s.at(line).talking
    assert leg is not None
    assert leg.channel is not None
    s.tell(EndAsked(call_id(line)))
    assert s.ordered(HangUpPhone) == [HangUpPhone(call_id(line), leg.channel)]
    for channel in (leg.channel, line.channel):
        s.tell(ChannelHungUp(channel, 16))
    record = s.record(line)
    assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.SERVICE)


@pytest.mark.parametrize("asked", [MoveAsked(CallId("x"), QueueId("help")), EndAsked(CallId("x"))])
def test_what_is_over_is_not_steered(asked: Event) -> None:
    assert two_queues().refused(asked) == str(CallOver())


def test_what_rings_or_was_dialled_by_a_campaign_is_not_moved() -> None:
    s = two_queues()
    s.operator(1)
    line = s.call()
    assert s.refused(MoveAsked(call_id(line), QueueId("help"))) == str(CallUnsteerable())
    assert s.refused(EndAsked(call_id(line))) == str(CallUnsteerable())
    waiting = s.call()
    assert s.refused(MoveAsked(call_id(waiting), QueueId("none"))) == str(QueueNotOnFloor(queue="none"))
    s.at(waiting).campaign = CampaignId(1)
    assert s.at(waiting).state is CallState.WAITING
    assert s.refused(MoveAsked(call_id(waiting), QueueId("help"))) == str(CallUnsteerable())
