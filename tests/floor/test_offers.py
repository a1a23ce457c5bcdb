"""An offer: pending, accepted, rejected, timed out, cancelled, failed, overdue."""

import pytest

from app.domain.calls import CallOutcome, CallState, EndedBy, OfferOutcome
from app.domain.ids import ChannelId, OfferId
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.commands import OfferCall, ReturnToHold, TakeSnapshot
from app.floor.events import (
    CallerTakenBack,
    ChannelHungUp,
    CommandRefused,
    DeviceChanged,
    LegAnswered,
    LegDialed,
    OfferReturned,
)
from app.floor.facts import CallQueued, FaultSeen, OfferEnded, OfferRang
from tests.floor.story import Story, call_id


def test_an_offer_rings_and_is_accepted() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    assert s.at(line).state is CallState.RINGING
    assert s.op(1).routing is RoutingState.RINGING
    s.wait(3)
    s.answer(line)
    assert s.talking(line) == 1
    assert s.op(1).routing is RoutingState.TALKING
    s.wait(60)
    s.pbx.hang_up_leg(line)
    record = s.record(line)
    assert (record.outcome, record.ended_by, record.operator) == (
        CallOutcome.ANSWERED,
        EndedBy.OPERATOR,
        1,
    )
    assert (record.waited_s, record.rang_s, record.talked_s, record.duration_s) == (3, 3, 60, 63)
    assert s.op(1).routing is RoutingState.IDLE
    assert s.op(1).offerable


def test_the_order_to_the_pbx_says_all_it_needs() -> None:
    s = Story()
    s.queue(ring_s=7)
    s.known("+3725")
    s.operator(1)
    line = s.call(number="+3725")
    assert s.ordered(OfferCall) == [
        OfferCall(
            call_id(line),
            OfferId(1),
            channel=line.channel,
            operator=s.op(1).settings.id,
            endpoint="op1",
            ring_s=7,
            auto_answer=False,
            caller_name="caller +3725",
        )
    ]


def test_no_answer_puts_the_operator_aside_and_the_caller_goes_to_the_next_keeping_the_place() -> None:
    s = Story()
    s.queue(ring_s=15)
    s.operator(1)
    line = s.call()
    s.wait(10)
    later = s.call()
    s.wait(5)
    assert (s.op(1).presence, s.op(1).break_reason) == (Presence.ON_BREAK, "missed_calls")
    assert s.causes(1)[-2:] == ["offer_timed_out", "put_aside"]
    assert s.ringing(line) is None
    s.operator(2)
    assert s.ringing(line) == 2
    assert s.ringing(later) is None
    s.answer(line)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert [(leg.operator, leg.outcome) for leg in record.legs] == [
        (1, OfferOutcome.TIMED_OUT),
        (2, OfferOutcome.ACCEPTED),
    ]
    assert record.waited_s == 15


@pytest.mark.parametrize(
    ("after_s", "cause", "outcome"),
    [
        (0.1, 0, OfferOutcome.FAILED),  # the PBX's clock was set forward: Dial's time was over at once
        (14.5, 0, OfferOutcome.TIMED_OUT),
        (18.0, 0, OfferOutcome.FAILED),  # the PBX stood still
        (0.1, 19, OfferOutcome.TIMED_OUT),  # the phone itself said so
    ],
)
def test_only_a_phone_that_rang_its_time_was_missed(
    after_s: float, cause: int, outcome: OfferOutcome
) -> None:
    s = Story()
    s.queue(ring_s=15)
    s.operator(1)
    line = s.call()
    s.pbx.drop_leg(line)
    s.wait(after_s)
    s.tell(OfferReturned(line.channel, line.offer, OfferOutcome.TIMED_OUT, cause))
    assert s.told(OfferEnded)[-1].outcome is outcome
    assert s.op(1).presence is (Presence.AVAILABLE if outcome is OfferOutcome.FAILED else Presence.ON_BREAK)


def test_an_operator_who_declines_is_put_aside_like_one_who_misses() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.wait(1)
    s.operator(2)
    line = s.call()
    s.pbx.reject(line)
    assert s.ringing(line) == 2
    assert [f.outcome for f in s.told(OfferEnded)] == [OfferOutcome.REJECTED]
    assert [f.cause for f in s.told(CallQueued)] == ["arrived", "rejected"]
    s.wait(1)
    assert (s.op(1).presence, s.op(1).break_reason) == (Presence.ON_BREAK, "missed_calls")


def test_a_phone_that_refused_because_it_is_in_a_call_of_its_own_is_no_miss() -> None:
    """Its own INVITE was on the way; that it is in use is told only after the offer came to nothing."""
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    s.pbx.reject(line)
    s.wait(0.2)
    s.tell(DeviceChanged("op1", DeviceState.IN_USE))
    s.wait(60)
    assert (s.op(1).presence, s.op(1).misses) == (Presence.AVAILABLE, 0)
    assert s.ringing(line) is None
    s.tell(DeviceChanged("op1", DeviceState.REGISTERED))
    assert s.ringing(line) == 1


def test_a_phone_that_answers_with_errors_again_and_again_is_put_aside() -> None:
    s = Story()
    s.queue(retry_s=5)
    s.operator(1)
    line = s.call()
    for failures in range(3):
        assert (s.op(1).presence, s.op(1).failures) == (Presence.AVAILABLE, failures)
        assert s.ringing(line) == 1
        s.pbx.drop_leg(line)
        s.tell(OfferReturned(line.channel, line.offer, OfferOutcome.FAILED, 34))
        s.wait(5)
    assert (s.op(1).presence, s.op(1).break_reason) == (Presence.ON_BREAK, "phone_failed")
    s.presence(1, Presence.AVAILABLE)
    assert s.ringing(line) == 1
    s.answer(line)
    assert s.op(1).failures == 0


def test_what_failed_by_the_pbx_or_may_be_missed_for_ever_puts_nobody_aside() -> None:
    s = Story()
    s.queue("sales", retry_s=1)
    s.queue("help", retry_s=1, miss_limit=0)
    s.operator(1)
    s.operator(2, "help")
    for queue, cause, operator in (("sales", 0, 1), ("help", 38, 2)):
        line = s.call(queue)
        for _ in range(5):
            assert s.ringing(line) == operator
            s.pbx.drop_leg(line)
            s.tell(OfferReturned(line.channel, line.offer, OfferOutcome.FAILED, cause))
            s.wait(1)
        assert s.op(operator).presence is Presence.AVAILABLE


def test_put_aside_after_the_third_miss_in_a_row_only() -> None:
    s = Story()
    s.queue(miss_limit=3, retry_s=5, ring_s=10)
    s.operator(1)
    line = s.call()
    for _ in range(2):
        s.wait(10)
        assert s.op(1).presence is Presence.AVAILABLE
        assert s.ringing(line) is None  # resting
        s.wait(5)
        assert s.ringing(line) == 1
    s.wait(10)
    assert s.op(1).presence is Presence.ON_BREAK
    assert s.offers(line) == [1, 1, 1]


def test_an_answer_forgives_earlier_misses() -> None:
    s = Story()
    s.queue(miss_limit=2, retry_s=1)
    s.operator(1)
    for _ in range(3):
        line = s.call()
        s.pbx.reject(line)
        s.wait(1)
        s.answer(line)
        s.pbx.hang_up(line)
    assert s.op(1).presence is Presence.AVAILABLE


def test_a_limit_of_nothing_never_puts_aside() -> None:
    s = Story()
    s.queue(miss_limit=0, retry_s=2)
    s.operator(1)
    line = s.call()
    for _ in range(20):
        s.pbx.reject(line)
        s.wait(2)
    assert s.op(1).presence is Presence.AVAILABLE
    assert s.ringing(line) == 1


def test_without_a_rest_the_operator_is_asked_again_at_once() -> None:
    s = Story()
    s.queue(miss_limit=0, retry_s=0)
    s.operator(1)
    s.operator(2)
    s.wait(1)
    line = s.call()
    for _ in range(3):
        s.pbx.reject(line)
        s.wait(1)
    assert s.offers(line) == [1, 2, 1, 2]


def test_a_phone_that_cannot_be_reached_is_no_miss_but_is_left_alone_for_a_while() -> None:
    s = Story()
    s.queue(retry_s=5)
    s.operator(1)
    s.pbx.phones["op1"].registered = False  # the PBX has not noticed yet
    line = s.call()
    assert [f.outcome for f in s.told(OfferEnded)] == [OfferOutcome.FAILED]
    assert s.op(1).presence is Presence.AVAILABLE
    assert s.op(1).misses == 0
    s.pbx.phones["op1"].registered = True
    s.wait(4.9)
    assert s.ringing(line) is None
    s.wait(0.1)
    assert s.ringing(line) == 1


def test_a_rest_that_ends_during_a_talk_is_over() -> None:
    s = Story()
    s.queue(miss_limit=0, retry_s=30)
    s.operator(1)
    line = s.call()
    s.pbx.reject(line)
    s.operator(2, available=False)
    # A colleague's transfer reaches the resting operator: the rest is not over when the talk is.
    leg = ChannelId("t1")
    s.tell(LegDialed(line.channel, leg, "op1"))
    s.tell(LegAnswered(line.channel, leg, "op1"))
    assert s.talking(line) == 1
    s.wait(10)
    s.pbx.hang_up(line)
    waiting = s.call()
    assert s.ringing(waiting) is None
    s.wait(20)
    assert s.ringing(waiting) == 1


def test_the_caller_hangs_up_while_it_rings_and_the_operator_keeps_the_place() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.wait(5)
    s.operator(2)
    s.wait(5)
    line = s.call()
    assert s.ringing(line) == 1
    s.wait(4)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert (record.outcome, record.ended_by) == (CallOutcome.ABANDONED, EndedBy.CALLER)
    assert (record.waited_s, record.rang_s, record.talked_s) == (4, 4, 0)
    assert s.leg_outcomes(line) == [OfferOutcome.CANCELLED]
    assert s.op(1).idle_since_s == 0
    assert s.ringing(s.call()) == 1


def test_the_operator_of_a_caller_who_hung_up_gets_the_next_waiting_at_once() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    first = s.call()
    second = s.call()
    s.pbx.hang_up(first)
    assert s.ringing(second) == 1


def test_a_refused_move_is_tried_again_after_a_second() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.pbx.world.obey = lambda _: None
    line = s.call()
    (order,) = s.ordered(OfferCall)
    s.tell(CommandRefused(order, "No such channel"))
    assert s.ringing(line) is None
    assert s.op(1).offerable
    s.wait(1)
    assert s.ringing(line) == 1
    assert TakeSnapshot("offer_refused") not in s.commands


def test_a_move_refused_twice_is_answered_with_a_snapshot() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    del s.pbx.lines[line.channel]  # its hang-up is never told
    s.pbx.phones["op1"].legs.clear()
    s.pbx.connect_phone("op1")
    s.tell(CommandRefused(s.ordered(OfferCall)[0], "No such channel"))
    s.wait(2)
    assert s.record(line).cause_text == "its end was not heard"
    assert s.op(1).offerable


def test_a_refusal_does_not_end_an_offer_whose_phone_rings() -> None:
    """The PBX refuses to move a caller whom it is moving already: the phone was dialled all the same."""
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    s.tell(CommandRefused(s.ordered(OfferCall)[0], "Redirect failed, channel not up."))
    assert s.ringing(line) == 1
    assert TakeSnapshot("offer_refused") in s.commands
    s.wait(3)
    s.answer(line)
    assert s.talking(line) == 1
    s.pbx.hang_up_leg(line)
    assert s.record(line).rang_s == 3


def test_a_refusal_of_an_offer_that_is_over_changes_nothing() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    (order,) = s.ordered(OfferCall)
    s.tell(CommandRefused(order, "late"))
    assert s.talking(line) == 1


def test_an_overdue_offer_is_first_looked_into() -> None:
    """The answer was lost: the talk must not be torn apart by taking the caller back to hold."""
    s = Story()
    s.queue(ring_s=20)
    s.operator(1)
    line = s.call()
    line.talking = True  # answered, and nobody told
    s.wait(25)
    assert [f.what for f in s.told(FaultSeen)] == ["offer_overdue", "not_heard"]
    assert s.ordered(ReturnToHold) == []
    assert s.talking(line) == 1


def test_an_offer_still_overdue_is_taken_back() -> None:
    s = Story()
    s.queue(ring_s=20)
    s.operator(1)
    s.wait(1)
    s.operator(2)
    s.world.obey = lambda _: None  # a PBX that does nothing at all
    line = s.call()
    s.wait(30)
    assert [c.channel for c in s.ordered(ReturnToHold)] == [line.channel]
    assert s.ringing(line) is None
    s.tell(CallerTakenBack(line.channel))
    assert s.ringing(line) == 2
    assert s.op(1).call is None
    assert s.told(OfferEnded)[0].outcome is OfferOutcome.FAILED


@pytest.mark.parametrize("told", ["after", "twice"])
def test_the_end_of_an_offer_told_late_or_twice_counts_once(told: str) -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.wait(1)
    s.operator(2)
    line = s.call()
    s.pbx.reject(line)
    assert s.ringing(line) == 2
    s.tell(OfferReturned(line.channel, OfferId(1), OfferOutcome.REJECTED, 21))
    assert s.ringing(line) == 2
    if told == "after":
        s.answer(line)
        s.tell(OfferReturned(line.channel, OfferId(1), OfferOutcome.REJECTED, 21))
        assert s.talking(line) == 2


def test_an_answer_whose_ringing_was_not_heard_counts() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.world.obey = lambda _: None
    line = s.call()
    s.tell(LegAnswered(line.channel, ChannelId("o9"), "op1"))
    assert s.talking(line) == 1
    assert len(s.told(OfferRang)) == 1


def test_one_phone_with_two_contacts_rings_twice_and_is_answered_once() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    desk, soft = line.leg, ChannelId("second")
    assert desk is not None
    s.tell(LegDialed(line.channel, soft, "op1"))
    s.tell(LegAnswered(line.channel, desk, "op1"))
    assert s.talking(line) == 1
    assert s.told(FaultSeen) == []
    s.tell(ChannelHungUp(soft, 26))
    s.pbx.hang_up(line)
    assert s.floor.by_channel == {}


def test_an_answer_from_elsewhere_cancels_the_open_offer() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.operator(2)
    s.world.obey = lambda _: None
    line = s.call()
    assert s.ringing(line) == 1
    s.tell(LegAnswered(line.channel, ChannelId("o9"), "op2"))
    assert s.talking(line) == 2
    assert s.ringing(line) is None
    assert s.op(1).call is None
    s.wait(60)
    assert s.talking(line) == 2
    assert s.ordered(ReturnToHold) == []


def test_a_phone_that_declines_at_once_is_not_asked_without_end() -> None:
    s = Story()
    s.queue(miss_limit=0, retry_s=0)
    s.operator(1)
    s.pbx.phones["op1"].legs.add(ChannelId("private"))  # busy, which the PBX has not told
    line = s.call()
    s.wait(2.5)
    assert s.offers(line) == [1, 1, 1]
