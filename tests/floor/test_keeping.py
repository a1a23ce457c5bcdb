"""An operator is kept for each dial that may not be abandoned, until it ends."""

from typing import Any

import pytest

from app.domain.calls import Rule
from app.domain.campaigns import AttemptOutcome, DialMode
from app.domain.ids import AttemptId, CampaignId, LeadId, OperatorId
from app.domain.operators import DeviceState, Presence
from app.floor.commands import PlaceCall, WithdrawCall
from app.floor.events import AttemptDialled, CommandLost, CommandRefused, DeviceChanged
from app.floor.facts import AttemptEnded, PacingDecided
from app.pacing.calls_to_place import Bound
from app.simulator.promises import check
from tests.floor.outbound import NUMBER, ONE, Outbound


def blended(operators: int = 1, **settings: Any) -> Outbound:
    """Operators who serve callers, too, of a campaign that has just begun."""
    s = Outbound(operators=operators, running=False)
    s.queue("help", target_s=20.0)
    for id_ in range(1, operators + 1):
        s.operator(id_, "sales", "help")
    s.campaign(**settings)
    s.wait(0.5)
    return s


def keeper(s: Outbound, place: int = 0) -> int | None:
    attempt = s.floor.attempts.get(s.placed[place].attempt)
    return attempt.keeper if attempt is not None else None


@pytest.mark.parametrize("mode", [DialMode.PROGRESSIVE, DialMode.RATIO, DialMode.PREDICTIVE])
def test_a_caller_does_not_take_the_operator_of_a_dial(mode: DialMode) -> None:
    s = blended(2, mode=mode, lines=3.0)
    assert [keeper(s, place) for place in range(len(s.placed))] == [1, 2]
    caller = s.call("help")
    assert s.ringing(caller) is None
    answered = s.answers(0)
    assert s.ringing(answered) == 1
    assert s.reason(answered).rule is Rule.KEPT
    s.ends(1, 17)
    assert s.ringing(caller) == 2  # whose dial is over
    assert s.reason(caller).kept_operators == 0
    check(s.floor, s.world.now_s)


def test_an_offer_says_how_many_were_kept_and_a_decision_too() -> None:
    s = blended(3)
    assert s.told(PacingDecided)[0].decision.kept == 3
    no_more_leads(s)
    s.ends(2, 17)
    caller = s.call("help")
    assert s.ringing(caller) == 3
    assert (s.reason(caller).idle_operators, s.reason(caller).kept_operators) == (1, 2)
    s.wait(2)
    decided = s.floor.campaigns[ONE].decided
    assert decided is not None
    assert (decided.kept, decided.decision.place) == (2, 0)


def test_a_campaign_beside_a_silent_queue_dials_at_once_and_says_why_no_more() -> None:
    s = blended(1)
    assert len(s.placed) == 1
    assert s.told(PacingDecided)[0].decision.bound is Bound.MODE


@pytest.mark.parametrize("leaves", ["break", "offline", "phone", "own call"])
def test_another_takes_over_when_a_kept_operator_leaves(leaves: str) -> None:
    s = blended(2)
    no_more_leads(s)
    s.ends(1, 17)
    assert keeper(s) == 1
    leave(s, leaves)
    assert keeper(s) == 2
    assert s.ordered(WithdrawCall) == []
    assert s.ringing(s.answers()) == 2
    check(s.floor, s.world.now_s)


@pytest.mark.parametrize("leaves", ["break", "offline", "phone", "own call"])
def test_with_nobody_left_the_dial_is_withdrawn(leaves: str) -> None:
    s = blended(1)
    s.wait(3)
    leave(s, leaves)
    assert s.ordered(WithdrawCall) == [WithdrawCall(s.placed[0].attempt, ONE)]
    assert s.outcomes() == []
    s.ends(0, 16)  # as the PBX says when it has hung up
    assert s.outcomes() == [AttemptOutcome.WITHDRAWN]
    assert not s.floor.attempts
    assert not s.floor.kept


def test_a_dial_that_was_not_sent_yet_is_not_sent() -> None:
    s = Outbound(operators=1, running=False)
    s.pbx.place = s.placed.append
    s.campaign()
    s.on_break(1)
    asked = s.placed[0].attempt
    assert s.floor.attempts[asked].withdrawn
    s.tell(AttemptDialled(asked, LeadId(1), number=NUMBER))  # it was on its way already
    assert s.ordered(WithdrawCall) == [WithdrawCall(asked, ONE)]


def test_who_answers_while_they_are_withdrawn_is_abandoned_and_counts() -> None:
    s = blended(1)
    s.on_break(1)
    line = s.answers()
    s.tell_end(line)
    assert s.outcomes() == [AttemptOutcome.ABANDONED]
    assert s.floor.campaigns[ONE].record(s.world.moment()).abandoned == 1


def test_who_has_picked_up_is_not_hung_up_on() -> None:
    s = blended(1)
    s.on_break(1)
    s.tell(CommandRefused(s.ordered(WithdrawCall)[0], "answered"))
    s.presence(1, Presence.AVAILABLE)
    s.wait(1)
    assert s.ringing(s.answers()) == 1
    assert len(s.ordered(WithdrawCall)) == 1


def test_a_withdrawal_that_was_lost_is_ordered_again() -> None:
    s = blended(1)
    s.pbx.outgoing.clear()
    s.world.obey = lambda _: None
    s.on_break(1)
    order = s.ordered(WithdrawCall)[0]
    s.tell(CommandLost(order))
    s.dial_is_there(0)
    s.wait(5)
    s.tell(s.pbx.snapshot())
    assert s.ordered(WithdrawCall) == [order, order]


def test_a_caller_gets_the_operator_of_a_dial_that_has_rung_for_15_s() -> None:
    s = blended(1)
    s.wait(5)
    caller = s.call("help")
    s.wait(9.4)
    assert s.ringing(caller) is None
    assert keeper(s) == 1
    s.wait(0.2)
    assert s.ringing(caller) == 1
    assert s.ordered(WithdrawCall) == [WithdrawCall(s.placed[0].attempt, ONE)]


def test_a_customer_whose_operators_phone_fails_gets_another_dials_operator() -> None:
    s = blended(2)
    s.wait(3)
    answered = s.answers(0)
    assert s.ringing(answered) == 1
    s.pbx.reject(answered)
    assert s.ringing(answered) == 2
    assert s.ordered(WithdrawCall) == [WithdrawCall(s.placed[1].attempt, ONE)]


def test_a_callback_has_the_operator_it_asks_for() -> None:
    s = Outbound(operators=2, running=False)
    s.pbx.place = s.placed.append
    s.campaign()
    first, second = (asked.attempt for asked in s.placed)
    s.tell(AttemptDialled(first, LeadId(1), number=NUMBER, operator=OperatorId(2)))
    assert (s.floor.attempts[first].keeper, s.floor.attempts[second].keeper) == (2, 1)


def test_beyond_the_limit_only_kept_dials_go_on() -> None:
    s = Outbound(operators=2, mode=DialMode.PREDICTIVE, running=False)
    s.recall(answered=25, abandoned=75)
    s.campaign(mode=DialMode.PREDICTIVE)
    s.wait(5)
    assert len(s.placed) == 2
    assert len(s.floor.kept) == 2
    decided = s.floor.campaigns[ONE].decided
    assert decided is not None
    assert decided.decision.bound is Bound.RECORD


def test_dials_that_were_risked_get_operators_or_end_when_nothing_may_be_abandoned_any_more() -> None:
    s = Outbound(operators=3, mode=DialMode.PREDICTIVE, running=False)
    s.recall(answered=400)
    s.campaign(mode=DialMode.PREDICTIVE)
    s.wait(1)
    placed = len(s.placed)
    assert placed > 3
    assert not s.floor.kept
    s.recall(answered=10, abandoned=10)
    s.wait(1)
    assert len(s.floor.kept) == 3
    assert len(s.ordered(WithdrawCall)) == placed - 3
    assert len(s.ordered(PlaceCall)) == placed


def no_more_leads(s: Outbound) -> None:
    s.floor.campaigns[ONE].nothing_until_s = s.world.now_s + 100


def leave(s: Outbound, how: str) -> None:
    match how:
        case "break":
            s.on_break(1)
        case "offline":
            s.presence(1, Presence.OFFLINE)
        case "phone":
            s.pbx.lose_phone("op1")
        case _:
            s.tell(DeviceChanged("op1", DeviceState.IN_USE))


def test_operators_of_the_campaign_alone_are_kept_first() -> None:
    s = Outbound(operators=2, running=False)
    s.queue("help")
    s.operator(1, "sales", "help")
    s.tell_channels(1)
    s.campaign()
    s.wait(1)
    assert len(s.placed) == 1
    assert keeper(s) == 2
    assert s.ringing(s.call("help")) == 1


def test_ends_are_told_once() -> None:
    s = blended(1)
    s.on_break(1)
    s.ends(0, 16)
    s.ends(0, 16)
    assert [fact.attempt for fact in s.told(AttemptEnded)] == [AttemptId(s.placed[0].attempt)]
    assert s.told(AttemptEnded)[0].campaign == CampaignId(1)
