"""Campaigns: how many calls are placed, and what becomes of an attempt."""

from datetime import timedelta

import pytest

from app.domain.calls import CallOutcome, EndedBy, OfferOutcome
from app.domain.campaigns import AttemptOutcome, CampaignSettings, DialMode, MachineHandling
from app.domain.ids import AttemptId, CampaignId, ChannelId, ContactId, LeadId, QueueId
from app.domain.now import Now
from app.domain.operators import Presence, RoutingState
from app.floor.campaigns.attempts import ASKED_LEASE_S, LIVE_PRIORITY, RING_LEASE_S
from app.floor.commands import AbandonCall, OfferCall, PlaceCall
from app.floor.control import step
from app.floor.errors import CampaignNotOnFloor, CampaignQueueAway
from app.floor.events import (
    AttemptFailed,
    AttemptNotPlaced,
    CampaignRemoved,
    CampaignSet,
    ChannelHungUp,
    ChannelState,
    CommandRefused,
    LinkLost,
    SeenChannel,
    SeenEntry,
    SnapshotTaken,
    TrunkSet,
    Whereabouts,
)
from app.floor.facts import AttemptEnded, CallArrived, OfferEnded, OfferMade
from app.floor.operators.states import PUT_ASIDE_REASON
from app.simulator import transfers
from app.simulator.promises import check
from tests.floor.outbound import NUMBER, ONE, Outbound
from tests.floor.story import call_id

# How many are placed


def test_progressive_places_one_call_for_each_free_operator() -> None:
    s = Outbound(operators=3)
    assert len(s.placed) == 3
    s.wait(10)
    assert len(s.placed) == 3  # all under way


def test_a_call_that_came_to_nothing_makes_room_for_the_next() -> None:
    s = Outbound(operators=1)
    s.wait(5)
    s.ends(0, 17)
    s.wait(0.3)
    assert len(s.placed) == 2
    assert s.outcomes() == [AttemptOutcome.BUSY]


def test_times_of_an_attempt_follow_the_clock_as_it_stood_at_its_beginning() -> None:
    s = Outbound(operators=1)
    s.wait(5)
    (asked,) = s.placed
    now = s.world.moment()
    hour_back = Now(now.mono_s + 30.0, now.wall - timedelta(hours=1))
    outcome = step(s.floor, AttemptFailed(asked.attempt, AttemptOutcome.BUSY), hour_back)
    (ended,) = [fact for fact in outcome.facts if isinstance(fact, AttemptEnded)]
    assert timedelta(seconds=30) <= ended.ended_at - ended.asked_at <= timedelta(seconds=35)


@pytest.mark.parametrize("mode", list(DialMode))
def test_nobody_is_called_with_no_operator_free(mode: DialMode) -> None:
    s = Outbound(operators=0, mode=mode)
    s.operator(1, available=False)
    s.wait(60)
    assert s.placed == []


def test_preview_places_nothing_by_itself() -> None:
    s = Outbound(mode=DialMode.PREVIEW)
    s.wait(60)
    assert s.placed == []


def test_nothing_is_placed_unless_it_runs_and_the_pbx_is_heard() -> None:
    s = Outbound(running=False)
    s.wait(10)
    assert s.placed == []
    s.tell(LinkLost("cut"))
    s.campaign()
    assert s.placed == []
    s.tell(s.pbx.snapshot())
    assert len(s.placed) == 2


def test_a_trunk_is_not_filled_beyond_its_limits() -> None:
    s = Outbound(operators=9, running=False)
    s.tell(TrunkSet("trunk", 3, 100.0))
    s.campaign()
    assert len(s.placed) <= 3
    s.wait(5)
    assert len(s.placed) == 3
    s.ends(0, 19)
    s.wait(1)
    assert len(s.placed) == 4


def test_so_many_calls_a_second() -> None:
    s = Outbound(operators=9, running=False)
    s.tell(TrunkSet("trunk", 30, 2.0))
    s.campaign()
    placed = [len(s.placed)]
    for _ in range(3):
        s.wait(1.0)
        placed.append(len(s.placed))
    assert placed == [2, 4, 6, 8]


def test_campaigns_that_share_operators_count_them_once_and_the_higher_comes_first() -> None:
    s = Outbound(operators=2, running=False)
    s.campaign(2, priority=5, running=False)
    s.tell(TrunkSet("trunk", 30, 100.0))
    s.wait(1)
    s.campaign(1)
    s.wait(0.5)
    assert {asked.campaign for asked in s.placed} == {ONE}
    s = Outbound(operators=2, running=False)
    s.tell(LinkLost("cut"))
    s.campaign(1)
    s.campaign(2, priority=5)
    s.tell(s.pbx.snapshot())
    assert [asked.campaign for asked in s.placed] == [CampaignId(2)] * 2


def test_without_a_lead_it_waits_before_it_asks_again() -> None:
    s = Outbound(operators=1, running=False)

    def none(asked: PlaceCall) -> None:
        s.placed.append(asked)
        s.world.tell(AttemptNotPlaced(asked.attempt, 30.0))

    s.pbx.place = none
    s.campaign()
    s.wait(29)
    assert len(s.placed) == 1
    s.wait(2)
    assert len(s.placed) == 2
    assert s.told(AttemptEnded) == []  # nothing was dialled


# What becomes of an attempt


def test_a_live_answer_goes_to_an_operator_who_need_not_click() -> None:
    s = Outbound(operators=1)
    s.wait(6)
    line = s.answers()
    assert s.ringing(line) == 1
    (offer,) = s.ordered(OfferCall)
    assert offer.auto_answer
    assert offer.caller_name == "Tamm Mari"
    s.wait(0.3)
    s.answer(line)
    s.wait(60)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert (record.outcome, record.operator, record.campaign, record.contact) == (
        CallOutcome.ANSWERED,
        1,
        ONE,
        ContactId(7),
    )
    (ended,) = s.told(AttemptEnded)
    assert (ended.outcome, ended.call, ended.lead) == (AttemptOutcome.ANSWERED, call_id(line), LeadId(1))
    assert (ended.rang_s, ended.connect_s) == pytest.approx((6.0, 0.3))
    check(s.floor, s.world.now_s)


def test_it_is_served_before_those_who_wait() -> None:
    s = Outbound(operators=1)
    s.on_break(1)
    waiting = s.call(priority=9)
    line = s.answers()
    assert s.at(line).priority == LIVE_PRIORITY
    s.operator(2)
    assert s.ringing(line) == 2
    assert s.ringing(waiting) is None


def test_whom_an_operator_sends_to_a_queue_waits_there_like_any_caller() -> None:
    s = Outbound(operators=1)
    line = s.answers()
    s.answer(line)
    s.on_break(1)
    transfers.blind_to_queue(s.pbx, line, QueueId("sales"))
    assert s.at(line).priority == 0
    s.wait(30)
    assert s.ordered(AbandonCall) == []
    s.operator(2)
    assert s.ringing(line) == 2
    assert [offer.auto_answer for offer in s.ordered(OfferCall)] == [True, False]


def test_whom_no_operator_takes_in_time_hears_who_called_and_is_counted() -> None:
    s = Outbound(operators=1, message="kampaania")
    s.on_break(1)
    line = s.answers()
    s.wait(1.9)
    assert s.ordered(AbandonCall) == []
    s.wait(0.2)
    (order,) = s.ordered(AbandonCall)
    assert (order.channel, order.message) == (line.channel, "kampaania")
    s.operator(2)
    assert s.ringing(line) is None  # too late: the message is being said
    s.wait(10)
    assert s.outcomes() == [AttemptOutcome.ABANDONED]
    assert (s.record(line).outcome, s.record(line).ended_by) == (CallOutcome.DROPPED, EndedBy.SERVICE)


def test_an_offer_that_is_not_taken_in_time_is_taken_back() -> None:
    s = Outbound(operators=1)
    line = s.answers()
    assert s.ringing(line) == 1
    s.wait(2.1)
    assert len(s.ordered(AbandonCall)) == 1
    assert s.op(1).routing is RoutingState.IDLE
    check(s.floor, s.world.now_s)


def test_a_phone_that_lets_a_live_answer_ring_gets_no_second_one() -> None:
    s = Outbound(operators=1)
    s.answers()
    s.wait(2.1)
    assert [f.outcome for f in s.told(OfferEnded)] == [OfferOutcome.TIMED_OUT]
    assert (s.op(1).presence, s.op(1).break_reason) == (Presence.ON_BREAK, PUT_ASIDE_REASON)
    s.ends(0, 16)
    s.wait(60)
    assert len(s.placed) == 1  # nobody is ready


def test_a_phone_that_had_hardly_begun_to_ring_when_the_time_was_over_is_no_miss() -> None:
    s = Outbound(operators=2)
    s.on_break(1)
    s.on_break(2)
    line = s.answers()
    s.wait(1.5)
    s.presence(2, Presence.AVAILABLE)
    assert s.ringing(line) == 2
    s.wait(0.6)
    assert [f.outcome for f in s.told(OfferEnded)] == [OfferOutcome.CANCELLED]
    assert (s.op(2).presence, s.op(2).misses) == (Presence.AVAILABLE, 0)


def test_who_hangs_up_before_an_operator_was_due_was_not_abandoned() -> None:
    s = Outbound(operators=1)
    s.on_break(1)
    line = s.answers()
    s.wait(1)
    s.pbx.hang_up(line)
    assert s.outcomes() == [AttemptOutcome.HUNG_UP]
    assert s.record(line).outcome is CallOutcome.ABANDONED


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        (17, AttemptOutcome.BUSY),
        (21, AttemptOutcome.BUSY),
        (19, AttemptOutcome.NO_ANSWER),
        (16, AttemptOutcome.NO_ANSWER),
        (1, AttemptOutcome.WRONG_NUMBER),
        (34, AttemptOutcome.FAILED),
        (38, AttemptOutcome.FAILED),
    ],
)
def test_what_the_network_says(cause: int, outcome: AttemptOutcome) -> None:
    s = Outbound(operators=1)
    s.ends(0, cause)
    assert s.outcomes() == [outcome]
    assert s.told(CallArrived) == []  # nobody was reached: no call


def test_a_machine_is_hung_up_on_or_passed_on_as_the_campaign_says() -> None:
    s = Outbound(operators=1)
    s.answers(machine=True)
    assert [order.message for order in s.ordered(AbandonCall)] == [""]
    s.ends(0, 16)
    assert s.outcomes() == [AttemptOutcome.MACHINE]
    s = Outbound(operators=1, machine=MachineHandling.PASS_ON)
    assert s.ringing(s.answers(machine=True)) == 1


def test_a_refusal_and_a_failure_without_a_channel_end_the_attempt() -> None:
    s = Outbound(operators=2)
    s.tell(CommandRefused(s.placed[0], "no"))
    s.tell(AttemptFailed(s.placed[1].attempt, AttemptOutcome.FAILED))
    s.tell(AttemptFailed(s.placed[1].attempt, AttemptOutcome.FAILED))
    assert s.outcomes() == [AttemptOutcome.REFUSED, AttemptOutcome.FAILED]


def test_an_attempt_nobody_tells_of_is_not_kept_for_ever_nor_dialled_again() -> None:
    s = Outbound(operators=1, running=False)
    s.pbx.place = s.placed.append
    s.campaign()
    s.wait(ASKED_LEASE_S + 1)
    assert s.outcomes() == [AttemptOutcome.UNKNOWN]
    s = Outbound(operators=1, ring_s=20)
    s.wait(20 + RING_LEASE_S + 1)
    assert s.outcomes() == [AttemptOutcome.UNKNOWN]


# The PBX was not heard for a while


def seen(
    attempt: str, *, state: ChannelState = ChannelState.OTHER, where: Whereabouts = Whereabouts.LIVE
) -> SeenChannel:
    id_ = ChannelId(attempt)
    entry = SeenEntry(QueueId("sales"), campaign=CampaignId(1))
    return SeenChannel(
        id_,
        "trunk-9",
        linked=id_,
        endpoint="trunk",
        state=state,
        where=where,
        duration_s=3.0,
        caller_number=NUMBER,
        caller_name="",
        entry=entry,
    )


def test_an_attempt_that_is_gone_when_the_pbx_is_heard_again_is_unknown() -> None:
    s = Outbound(operators=1)
    s.wait(3)
    s.tell(LinkLost("cut"))
    s.pbx.place = s.placed.append
    s.tell(SnapshotTaken((), s.pbx.devices()))
    assert s.outcomes() == [AttemptOutcome.UNKNOWN]


def test_one_that_still_rings_goes_on() -> None:
    s = Outbound(operators=1)
    s.wait(3)
    s.tell(LinkLost("cut"))
    s.tell(SnapshotTaken((seen(s.placed[0].attempt),), s.pbx.devices()))
    assert s.outcomes() == []
    assert s.told(CallArrived) == []
    s.answers()
    assert len(s.told(CallArrived)) == 1


def test_a_new_service_takes_over_what_the_last_one_dialled() -> None:
    s = Outbound(operators=1, running=False)
    s.tell(SnapshotTaken((seen("kc1-7"), seen("kc1-8", state=ChannelState.ANSWERED)), s.pbx.devices()))
    assert set(s.floor.attempts) == {AttemptId("kc1-7"), AttemptId("kc1-8")}
    (arrived,) = s.told(CallArrived)
    assert (arrived.call, arrived.campaign) == ("kc1-8", ONE)
    assert [offer.call for offer in s.told(OfferMade)] == [
        "kc1-8"
    ]  # who had answered gets an operator at once
    s.tell(ChannelHungUp(ChannelId("kc1-7"), 17))
    assert s.outcomes() == [AttemptOutcome.BUSY]


# Settings


def test_a_campaign_with_calls_under_way_cannot_be_taken_away() -> None:
    s = Outbound(operators=1)
    assert s.refused(CampaignRemoved(ONE)) == "calls of this campaign are under way: wait for their end"
    s.campaign(running=False)
    s.ends(0, 17)
    assert s.refused(CampaignRemoved(ONE)) is None
    assert s.refused(CampaignRemoved(ONE)) == str(CampaignNotOnFloor(campaign=ONE))


def test_a_campaign_needs_its_queue() -> None:
    s = Outbound()
    settings = CampaignSettings(CampaignId(9), "c", mode=DialMode.RATIO, queue=QueueId("nowhere"))
    assert s.refused(CampaignSet(settings)) == str(CampaignQueueAway(queue="nowhere"))


def test_stopping_places_nothing_more_and_lets_what_is_under_way_end() -> None:
    s = Outbound(operators=1)
    s.campaign(running=False)
    line = s.answers()
    assert s.ringing(line) == 1
    s.answer(line)
    s.pbx.hang_up(line)
    s.wait(20)
    assert len(s.placed) == 1
