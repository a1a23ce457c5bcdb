"""What the PBX has now: after a lost link, at the start, and in mid-life."""

import pytest

from app.domain.calls import CallOutcome, CallState, EndedBy, OfferOutcome
from app.domain.ids import QueueId
from app.domain.operators import DeviceState, RoutingState
from app.domain.queues import MaxWait
from app.floor.calls.waiting import SPARED_S
from app.floor.commands import OfferCall, TakeBack, TakeSnapshot
from app.floor.events import (
    CallEntered,
    CallerTakenBack,
    CommandLost,
    CommandRefused,
    Event,
    LinkLost,
    SnapshotTaken,
)
from app.floor.facts import (
    CallAnswered,
    CallEnded,
    FaultSeen,
    OfferEnded,
    Reconciled,
)
from app.simulator import transfers
from app.simulator.lines import FALLBACK, HOLD, LEAVE
from app.simulator.promises import check
from tests.floor.deaf import cut, deaf, heard_again, rings_by_itself
from tests.floor.story import Story, call_id, phone

# What ended


def test_calls_that_are_gone_are_ended_once() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    talk = s.talk(1)
    waiting = s.call()
    cut(s)
    s.wait(30)
    for line in (talk, waiting):
        s.pbx.hang_up(line)
    heard_again(s)
    s.tell(s.pbx.snapshot())
    assert len(s.told(CallEnded)) == 2
    assert (s.record(talk).outcome, s.record(waiting).outcome) == (CallOutcome.ANSWERED, CallOutcome.FAILED)
    assert s.record(talk).ended_by is EndedBy.PBX
    assert s.op(1).call is None
    assert s.floor.by_channel == {}


def test_a_talk_whose_operator_is_gone_frees_the_operator() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    cut(s)
    s.pbx.drop_leg(line)
    line.where = LEAVE
    heard_again(s)
    assert s.at(line).state is CallState.LEAVING
    assert s.op(1).offerable


def test_what_ended_unheard_ended_when_the_link_was_lost_as_far_as_is_known() -> None:
    s = Story()
    s.queue(wrap_up_s=5)
    s.operator(1)
    talk = s.talk(1)
    waiting = s.call()
    s.wait(10)
    cut(s)
    s.wait(30)
    for line in (talk, waiting):
        s.pbx.hang_up(line)
    heard_again(s)
    assert (s.record(talk).talked_s, s.record(talk).duration_s) == (10, 10)
    assert s.record(waiting).waited_s == 10
    assert s.record(talk).unheard
    assert s.told(Reconciled)[-1] == Reconciled(adopted=0, ended=2)
    assert s.op(1).routing is RoutingState.WRAP_UP  # from now on: the operator has just been told


def test_a_call_heard_of_after_the_link_was_lost_ends_when_it_is_missed() -> None:
    s = deaf()
    s.wait(30)
    s.pbx.say = s.world.tell
    line = s.call()  # between the log-in and its snapshot
    s.pbx.say = lambda _: None
    s.wait(2)
    s.pbx.hang_up(line)
    heard_again(s)
    assert s.record(line).duration_s == 2


def test_a_talk_goes_on() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    cut(s)
    s.wait(30)
    heard_again(s)
    assert s.talking(line) == 1
    s.wait(30)
    s.pbx.hang_up(line)
    assert s.record(line).talked_s == 60
    assert len(s.told(CallAnswered)) == 1


# In mid-life: an event was lost, or is on its way


def test_a_lost_hang_up_is_found() -> None:
    s = Story()
    s.queue(wrap_up_s=0)
    s.operator(1)
    line = s.talk(1)
    s.pbx.say = lambda _: None
    s.pbx.hang_up(line)
    heard_again(s)
    s.wait(1)
    assert s.record(line).unheard
    assert s.record(line).duration_s == 0, "it was over when it was first missing"
    assert [f.what for f in s.told(FaultSeen)] == ["not_heard"]
    assert s.op(1).offerable


@pytest.mark.parametrize("talks", [False, True])
def test_a_call_that_a_list_lacks_ends_by_its_own_hang_up_which_is_told_late(talks: bool) -> None:
    """A busy PBX lists its channels without one whose end it has still to tell."""
    s = Story()
    s.queue(wrap_up_s=0)
    if talks:
        s.operator(1)
    line = s.talk(1) if talks else s.call()
    later: list[Event] = []
    s.pbx.say = later.append
    s.pbx.hang_up(line)
    s.pbx.say = s.world.tell
    s.tell(s.pbx.snapshot())
    s.wait(0.5)
    for event in later:
        s.tell(event)
    record = s.record(line)
    assert (record.ended_by, record.unheard) == (EndedBy.CALLER, False)
    assert record.outcome is (CallOutcome.ANSWERED if talks else CallOutcome.ABANDONED)
    assert s.told(FaultSeen) == []


def test_who_is_missing_once_and_there_again_goes_on() -> None:
    s = Story()
    s.queue(wrap_up_s=0)
    line = s.call()
    whole = s.pbx.snapshot()
    s.tell(whole._replace(channels=()))
    s.operator(1)
    s.wait(3)
    assert s.ringing(line) == 1
    assert s.told(FaultSeen) == []


def test_a_call_that_was_heard_whole_is_not_unheard() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    s.tell(s.pbx.snapshot())
    s.pbx.hang_up(line)
    s.tell(s.pbx.snapshot())
    assert not s.record(line).unheard
    assert s.told(FaultSeen) == []


def test_what_is_about_to_be_told_is_left_to_the_telling() -> None:
    """A snapshot can be ahead of the events; those on their way say more than it does."""
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    later: list[Event] = []
    s.pbx.say = later.append
    s.pbx.hang_up(line)
    entered = s.pbx.enter(s.at(line).queue)
    phones = {phone(1): DeviceState.IN_USE}
    snapshot = s.pbx.snapshot()
    told = frozenset({line.channel, entered.channel, phone(1)})
    s.pbx.say = s.world.tell
    s.tell(snapshot._replace(told=told, devices=phones))
    assert s.talking(line) == 1
    for event in later:
        s.tell(event)
    assert not s.record(line).unheard
    assert s.record(line).ended_by is EndedBy.CALLER
    assert not s.at(entered).unheard
    assert s.told(FaultSeen) == []


# What was under way


def test_an_offer_lost_with_the_link_is_made_anew_to_whoever_is_free() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    obey, s.world.obey = s.world.obey, lambda _: None
    line = s.call()
    (order,) = s.ordered(OfferCall)
    s.tell(LinkLost("cut"))
    s.tell(CommandLost(order))
    s.wait(3)
    s.world.obey = obey
    s.tell(s.pbx.snapshot())
    assert s.told(OfferEnded)[0].outcome is OfferOutcome.FAILED
    assert s.ringing(line) is None  # the operator rests, as after any failure
    s.wait(5)
    assert s.ringing(line) == 1
    assert s.offers(line) == [1, 1]


def test_an_answer_missed_while_deaf_is_believed() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    cut(s)
    s.wait(4)
    s.answer(line)
    s.wait(4)
    heard_again(s)
    assert s.talking(line) == 1
    assert [f.outcome for f in s.told(OfferEnded)] == [OfferOutcome.ACCEPTED]
    assert s.op(1).routing is RoutingState.TALKING


def test_a_ringing_that_goes_on_is_left_alone() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    cut(s)
    s.wait(4)
    heard_again(s)
    assert s.ringing(line) == 1
    assert s.told(OfferEnded) == []
    s.answer(line)
    assert s.talking(line) == 1


def test_nothing_is_offered_while_deaf() -> None:
    s = Story()
    s.queue()
    line = s.call()
    cut(s)
    s.operator(1)
    s.wait(30)
    assert s.ringing(line) is None
    heard_again(s)
    assert s.ringing(line) == 1


def test_a_phone_not_in_the_snapshot_is_out_of_reach() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.tell(SnapshotTaken((), {}))
    assert s.op(1).device is DeviceState.UNREACHABLE
    assert s.ringing(s.call()) is None


def test_a_snapshot_in_mid_life_does_not_disturb_an_offer_just_ordered() -> None:
    """The PBX listed its channels before it carried out the order: the caller is still seen on hold."""
    s = Story()
    s.queue()
    s.operator(1)
    obey, s.world.obey = s.world.obey, lambda _: None
    line = s.call()
    s.wait(0.5)
    before = s.pbx.snapshot()
    assert before.channels[0].where is HOLD
    s.tell(before)
    assert s.ringing(line) == 1
    assert s.told(OfferEnded) == []
    s.world.obey = obey
    obey(s.ordered(OfferCall)[0])
    s.answer(line)
    assert s.talking(line) == 1
    assert s.offers(line) == [1]


def test_a_snapshot_in_mid_life_ends_an_offer_that_was_never_carried_out() -> None:
    s = Story()
    s.queue(retry_s=1)
    s.operator(1)
    s.world.obey = lambda _: None
    line = s.call()
    s.wait(10)
    s.tell(s.pbx.snapshot())
    assert [f.outcome for f in s.told(OfferEnded)] == [OfferOutcome.FAILED]
    s.wait(1)
    assert s.offers(line) == [1, 1]


def test_a_snapshot_that_agrees_changes_nothing() -> None:
    s = Story()
    s.queue(wrap_up_s=60)
    for id_ in (1, 2, 3, 4):
        s.operator(id_)
        s.wait(1)
    talk = s.talk(1)
    held = s.call()
    s.answer(held)
    transfers.hold(s.pbx, held)
    ringing = s.call()
    s.pbx.hang_up(s.call())
    told = len(s.facts)
    ordered = len(s.commands)
    s.tell(s.pbx.snapshot())
    assert (s.facts[told:], s.commands[ordered:]) == ([], [])
    assert (s.talking(talk), s.ringing(ringing), s.at(held).state) == (1, 3, CallState.ON_HOLD)
    assert s.op(4).offerable
    check(s.floor, s.world.now_s)


@pytest.mark.parametrize("linked", [True, False])
def test_a_command_whose_fate_is_not_known_is_looked_into(linked: bool) -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.world.obey = lambda _: None
    s.call()
    if not linked:
        s.tell(LinkLost("cut"))
    s.raw(CommandLost(s.ordered(OfferCall)[0]))
    assert s.ordered(TakeSnapshot)[1:] == ([TakeSnapshot("command_lost")] if linked else [])


def test_a_lost_or_refused_snapshot_is_not_asked_for_in_circles() -> None:
    s = Story()
    for event in (CommandLost(TakeSnapshot("x")), CommandRefused(TakeSnapshot("x"), "no")):
        assert s.raw(event).commands == []


def test_a_caller_in_the_pbxs_own_queue_is_taken_over_with_the_place_kept() -> None:
    s = deaf()
    line = s.call()
    (seen,) = s.pbx.snapshot().channels
    s.tell(SnapshotTaken((seen._replace(where=FALLBACK, duration_s=40.0),), s.pbx.snapshot().devices))
    assert s.ordered(TakeBack) == [TakeBack(s.at(line).id, line.channel, s.at(line).channel_name, line.queue)]
    assert s.at(line).offer is None
    s.tell(CallerTakenBack(line.channel))
    offer = s.at(line).offer
    assert offer is not None
    assert offer.leg.reason is not None
    assert offer.leg.reason.waited_s == pytest.approx(40.0)


def test_a_talk_through_the_pbxs_own_queue_is_left_alone() -> None:
    s = deaf()
    line = s.call()
    rings_by_itself(s, line, phone(1))
    s.answer(line)
    snapshot = s.pbx.snapshot()
    s.tell(snapshot._replace(channels=tuple(c._replace(where=FALLBACK) for c in snapshot.channels)))
    assert s.talking(line) == 1
    assert s.op(1).routing is RoutingState.TALKING


@pytest.mark.parametrize("unheard", ["all of it", "the arrival"])
def test_a_caller_sent_to_another_queue_unheard_waits_there(unheard: str) -> None:
    s = Story()
    s.queue("sales")
    s.queue("help")
    s.operator(1, "sales")
    line = s.call()
    if unheard == "all of it":
        cut(s)
    else:
        s.pbx.say = lambda event: None if isinstance(event, CallEntered) else s.tell(event)
    s.answer(line)
    transfers.blind_to_queue(s.pbx, line, QueueId("help"))
    heard_again(s)
    assert (s.at(line).state, s.at(line).queue) == (CallState.WAITING, "help")


def test_a_caller_who_overflowed_stays_in_the_queue_the_pbx_does_not_know_of() -> None:
    s = Story()
    s.queue("sales", max_wait_s=10, max_wait_then=MaxWait.QUEUE, overflow_queue=QueueId("help"))
    s.queue("help")
    line = s.call("sales")
    s.wait(11)
    s.tell(s.pbx.snapshot())
    assert (s.at(line).queue, s.at(line).joins) == ("help", 2)


def test_a_caller_let_go_and_picked_up_all_the_same_may_wait_again() -> None:
    """The PBX's own queue had them answered; then the operator's channel is lost unheard."""
    s = Story()
    s.queue(max_wait_s=10, max_wait_then=MaxWait.LEAVE)
    s.operator(1, available=False)
    line = s.call()
    s.world.obey = lambda _: None
    s.wait(11)
    assert s.at(line).state is CallState.LEAVING
    rings_by_itself(s, line, phone(1))
    s.answer(line)
    assert s.talking(line) == 1
    cut(s)
    s.pbx.drop_leg(line)
    line.where = HOLD
    heard_again(s)
    assert s.at(line).state is CallState.WAITING
    s.pbx.hang_up(line)
    assert s.record(line).outcome is CallOutcome.ANSWERED


@pytest.mark.parametrize("over", ["call", "leg"])
def test_who_has_another_call_since_is_in_it(over: str) -> None:
    """Their last talk ended unheard, and the PBX's own queue rings them for somebody who waited before."""
    s = Story()
    s.queue("sales", wrap_up_s=10)
    s.queue("help")
    waiting = s.call("help")
    s.operator(1, "sales")
    s.operator(2, "sales")
    line = s.talk(1) if over == "call" else s.call("sales")
    s.answer(line)
    cut(s)
    if over == "call":
        s.pbx.hang_up(line)
    else:
        transfers.blind_to_phone(s.pbx, line, phone(2))
    rings_by_itself(s, waiting, phone(1))
    heard_again(s)
    assert (s.op(1).call, s.op(1).routing) == (call_id(waiting), RoutingState.RINGING)


def test_who_is_rung_again_before_the_end_of_the_last_talk_is_known_is_in_that_call() -> None:
    """The link is back, the PBX's own queue rings them, and only then the snapshot tells that the talk is over."""
    s = Story()
    s.queue("sales")
    s.queue("help")
    waiting = s.call("help")
    s.operator(1, "sales")
    line = s.talk(1)
    cut(s)
    s.pbx.hang_up(line)
    s.pbx.say = s.world.tell
    rings_by_itself(s, waiting, phone(1))
    heard_again(s)
    assert (s.op(1).call, s.op(1).routing) == (call_id(waiting), RoutingState.RINGING)
    s.answer(waiting)
    s.pbx.hang_up_leg(waiting)
    assert s.op(1).offerable


def test_an_old_order_carried_out_after_a_new_one_keeps_nobody_busy_who_is_not_rung() -> None:
    s = Story()
    s.queue(miss_limit=0, retry_s=0)
    s.operator(1)
    s.wait(1)
    s.operator(2)
    line = s.call()
    (old,) = s.ordered(OfferCall)
    s.pbx.reject(line)
    assert s.ringing(line) == 2
    s.wait(3)
    s.pbx._obey(old)
    s.tell(s.pbx.snapshot())
    assert s.op(2).routing is RoutingState.IDLE
    s.wait(SPARED_S + 0.1)
    assert s.ringing(line) is not None
    assert s.pbx.lines[line.channel].endpoint == phone(s.ringing(line) or 0)
    check(s.floor, s.world.now_s)
