"""Customers who were called, where a snapshot finds them. Each story was found by the fault finder."""

import pytest

from app.domain.calls import CallState
from app.domain.campaigns import AttemptOutcome, MachineHandling
from app.domain.ids import AttemptId, CampaignId, ChannelId, LeadId, QueueId
from app.domain.operators import RoutingState
from app.floor.commands import AbandonCall
from app.floor.events import (
    AttemptRestored,
    ChannelHungUp,
    ChannelState,
    CommandRefused,
    LinkLost,
    SeenChannel,
    SeenEntry,
    SnapshotTaken,
    Whereabouts,
)
from app.floor.facts import AttemptEnded, CallArrived, OfferMade
from app.simulator.promises import check
from tests.floor.outbound import NUMBER, Outbound


def seen(attempt: str, where: Whereabouts) -> SeenChannel:
    id_ = ChannelId(attempt)
    entry = SeenEntry(QueueId("sales"), campaign=CampaignId(1))
    return SeenChannel(
        id_,
        "trunk-9",
        linked=id_,
        endpoint="trunk",
        state=ChannelState.ANSWERED,
        where=where,
        duration_s=3.0,
        caller_number=NUMBER,
        caller_name="",
        entry=entry,
    )


def test_a_machine_that_hears_the_message_is_no_call() -> None:
    s = Outbound(operators=1, machine=MachineHandling.MESSAGE)
    line = s.answers(machine=True)
    s.tell(SnapshotTaken((seen(line.channel, Whereabouts.MACHINE),), s.pbx.devices()))
    assert s.told(CallArrived) == []
    assert s.told(OfferMade) == []
    s.ends(0, 16)
    assert s.outcomes() == [AttemptOutcome.MACHINE]


def test_whom_a_new_service_finds_hearing_the_message_was_abandoned_and_is_offered_to_nobody() -> None:
    s = Outbound(operators=1, running=False)
    s.tell(AttemptRestored(AttemptId("kc1-7"), CampaignId(1), lead=LeadId(3), number=NUMBER))
    s.tell(SnapshotTaken((seen("kc1-7", Whereabouts.ABANDONED),), s.pbx.devices()))
    assert s.told(OfferMade) == []
    s.wait(10)
    check(s.floor, s.world.now_s)
    s.tell(ChannelHungUp(ChannelId("kc1-7"), 16))
    (ended,) = s.told(AttemptEnded)
    assert (ended.outcome, ended.lead) == (AttemptOutcome.ABANDONED, 3)


def test_a_machine_that_a_new_service_finds_hearing_the_message_is_no_call_either() -> None:
    s = Outbound(operators=1, running=False)
    s.tell(AttemptRestored(AttemptId("kc1-7"), CampaignId(1), lead=LeadId(3), number=NUMBER))
    s.tell(SnapshotTaken((seen("kc1-7", Whereabouts.MACHINE),), s.pbx.devices()))
    assert s.told(CallArrived) == []
    s.tell(ChannelHungUp(ChannelId("kc1-7"), 16))
    (ended,) = s.told(AttemptEnded)
    assert (ended.outcome, ended.lead) == (AttemptOutcome.MACHINE, 3)


def test_whom_the_order_to_let_go_has_not_reached_is_let_go_when_the_pbx_is_heard_again() -> None:
    s = Outbound(operators=1)
    line = s.answers()
    s.tell(LinkLost("cut"))
    s.pbx.lines.clear()  # from now on no order is obeyed
    s.wait(2.1)
    (order,) = s.ordered(AbandonCall)
    s.tell(CommandRefused(order, "the link is down"))
    s.tell(SnapshotTaken((seen(line.channel, Whereabouts.LIVE),), s.pbx.devices()))
    assert s.at(line).state is CallState.LEAVING
    assert s.ordered(AbandonCall) == [order, order]


def test_an_answer_told_after_the_end_is_none() -> None:
    s = Outbound(operators=1)
    s.ends(0, 16)
    s.answers()
    assert s.told(CallArrived) == []
    assert s.outcomes() == [AttemptOutcome.NO_ANSWER]


def test_a_customer_let_go_while_the_pbx_was_not_heard_did_not_wait_longer_than_the_call_lasted() -> None:
    s = Outbound(operators=1)
    s.on_break(1)
    line = s.answers()
    s.wait(0.5)
    s.tell(LinkLost("cut"))
    s.pbx.lines.clear()
    s.wait(30)
    s.tell(SnapshotTaken((), s.pbx.devices()))
    record = s.record(line)
    assert (record.waited_s, record.duration_s) == pytest.approx((2.0, 2.0))


@pytest.mark.parametrize("where", [Whereabouts.HOLD, Whereabouts.FALLBACK])
def test_whom_an_operator_had_sent_to_a_queue_waits_on_when_a_new_service_finds_them(
    where: Whereabouts,
) -> None:
    s = Outbound(operators=1, running=False)
    s.on_break(1)
    s.tell(AttemptRestored(AttemptId("kc1-7"), CampaignId(1), lead=LeadId(3), number=NUMBER))
    s.tell(SnapshotTaken((seen("kc1-7", where),), s.pbx.devices()))
    (call,) = s.floor.calls.values()
    s.wait(60)
    assert s.ordered(AbandonCall) == []
    assert (call.state, call.priority) == (CallState.WAITING, 0)
    check(s.floor, s.world.now_s)


def test_one_let_go_while_the_pbx_was_not_heard_who_was_picked_up_and_parked_is_there_still() -> None:
    s = Outbound(operators=1)
    line = s.answers()
    s.tell(LinkLost("cut"))
    s.pbx.lines.clear()
    s.wait(3)
    assert s.at(line).state is CallState.LEAVING
    parked = seen(line.channel, Whereabouts.ELSEWHERE)._replace(bridge="parking")
    s.tell(SnapshotTaken((parked,), s.pbx.devices()))
    assert s.at(line).state is CallState.TRANSFERRED
    assert s.op(1).routing is RoutingState.IDLE
    check(s.floor, s.world.now_s)
