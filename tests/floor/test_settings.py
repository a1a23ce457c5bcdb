"""What administrators change while calls live: skills, levels, queues, operators, phones."""

import pytest

from app.domain.calls import CallState
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import DeviceState, Membership, OperatorSettings, RoutingState
from app.floor.commands import TakeSnapshot
from app.floor.events import OperatorRemoved, OperatorSet, QueueRemoved
from app.floor.facts import OperatorGone
from app.simulator.promises import check
from tests.floor.story import Story, phone

SALES = (Membership(QueueId("sales")),)


def test_a_skill_learned_brings_the_call_that_waited_for_it() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call(language="et")
    assert s.ringing(line) is None
    s.operator(1, skills={"lang:et"})
    assert s.ringing(line) == 1


def test_a_skill_lost_keeps_later_calls_away() -> None:
    s = Story()
    s.queue()
    s.operator(1, skills={"lang:et"})
    s.pbx.hang_up(s.call(language="et"))  # the idle index of this skill exists now
    s.operator(1)
    assert s.ringing(s.call(language="et")) is None
    assert s.ringing(s.call()) == 1


def test_a_skill_the_queue_drops_lets_waiting_calls_go_to_anyone() -> None:
    s = Story()
    s.queue(skills=("card",))
    s.operator(1)
    first, second = s.call(), s.call()
    s.queue()
    assert s.ringing(first) == 1
    assert s.ringing(second) is None


def test_a_skill_the_queue_asks_for_anew_counts_for_those_who_wait() -> None:
    s = Story()
    s.queue()
    line = s.call()
    s.queue(skills=("card",))
    s.operator(1)
    assert s.ringing(line) is None
    s.operator(2, skills={"card"})
    assert s.ringing(line) == 2


def test_levels_changed_decide_the_next_offer() -> None:
    s = Story()
    s.queue()
    s.operator(1, ("sales", 1))
    s.operator(2, ("sales", 2))
    s.pbx.hang_up(s.call())
    s.operator(1, ("sales", 3))
    assert s.ringing(s.call()) == 2


def test_settings_changed_do_not_cost_the_idle_their_place() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.wait(5)
    s.operator(2)
    s.wait(5)
    s.operator(1, skills={"golf"})
    assert s.ringing(s.call()) == 1


def test_a_queue_joined_brings_its_waiting_calls() -> None:
    s = Story()
    s.queue()
    s.queue("help")
    s.operator(1, "help")
    line = s.call()
    s.operator(1, "help", "sales")
    assert s.ringing(line) == 1
    check(s.floor, s.world.now_s)


def test_a_queue_left_during_its_ringing_lets_the_call_be_answered() -> None:
    s = Story()
    s.queue(wrap_up_s=5)
    s.queue("help")
    s.operator(1)
    line = s.call()
    s.operator(1, "help")
    assert s.ringing(line) == 1
    s.answer(line)
    assert s.talking(line) == 1
    s.pbx.hang_up(line)
    assert s.op(1).routing is RoutingState.WRAP_UP
    assert s.ringing(s.call()) is None
    s.end_wrap_up(1)
    assert s.ringing(s.call()) is None
    check(s.floor, s.world.now_s)


def test_a_queue_made_after_its_operators_finds_them() -> None:
    s = Story()
    s.operator(1, ("sales", 2))
    s.queue()
    assert s.ringing(s.call()) == 1


def test_a_queue_is_not_removed_while_callers_wait_in_it() -> None:
    s = Story()
    s.queue()
    line = s.call()
    assert (
        s.refused(QueueRemoved(QueueId("sales")))
        == "callers wait in the queue sales: wait until they are served"
    )
    s.operator(1)
    assert (
        s.refused(QueueRemoved(QueueId("sales")))
        == "callers wait in the queue sales: wait until they are served"
    )
    s.answer(line)
    assert s.refused(QueueRemoved(QueueId("sales"))) is None
    assert s.refused(QueueRemoved(QueueId("sales"))) == "there is no queue sales on the floor"


def test_a_queue_removed_during_a_talk_lets_it_end_without_wrap_up() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.queue("help")
    s.operator(1, "sales", "help")
    line = s.talk(1)
    s.tell(QueueRemoved(QueueId("sales")))
    s.pbx.hang_up(line)
    assert s.record(line).queue == "sales"
    assert s.op(1).routing is RoutingState.IDLE
    assert s.ringing(s.call("help")) == 1
    check(s.floor, s.world.now_s)


def test_a_queue_removed_and_made_again_has_its_members() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.tell(QueueRemoved(QueueId("sales")))
    assert s.at(s.call()).state is CallState.LEAVING
    s.queue()
    assert s.ringing(s.call()) == 1
    check(s.floor, s.world.now_s)


@pytest.mark.parametrize("talks", [False, True])
def test_an_operator_is_not_removed_during_a_call(talks: bool) -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    if talks:
        s.answer(line)
    assert s.refused(OperatorRemoved(OperatorId(1))) == "the operator is in a call: wait for its end"
    s.pbx.hang_up(line)
    assert s.refused(OperatorRemoved(OperatorId(1))) is None
    assert s.told(OperatorGone) == [OperatorGone(OperatorId(1))]
    assert s.ringing(s.call()) is None
    check(s.floor, s.world.now_s)


def test_an_operator_removed_in_wrap_up_or_rest_is_gone_for_good() -> None:
    s = Story()
    s.queue(wrap_up_s=10, miss_limit=0, retry_s=10)
    s.operator(1)
    s.pbx.hang_up(s.talk(1))
    s.operator(2)
    s.pbx.reject(s.call())
    for id_ in (1, 2):
        s.tell(OperatorRemoved(OperatorId(id_)))
    s.wait(30)
    assert s.floor.operators == {}
    assert s.refusal is None


def test_an_operator_removed_who_comes_again_starts_anew() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.tell(OperatorRemoved(OperatorId(1)))
    s.operator(1, available=False)
    assert s.ringing(s.call()) is None
    assert s.op(1).device is DeviceState.REGISTERED  # the snapshot asked for told it


def test_an_endpoint_of_somebody_else_is_refused() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    event = OperatorSet(OperatorSettings(OperatorId(2), "two", endpoint=phone(1), memberships=SALES))
    assert s.refused(event) == "endpoint op1 is another operator's"
    assert OperatorId(2) not in s.floor.operators


def test_an_endpoint_is_not_changed_during_a_call() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    event = OperatorSet(OperatorSettings(OperatorId(1), "one", endpoint="desk", memberships=SALES))
    assert s.refused(event) == "the phone cannot be changed during a call"
    s.answer(line)
    assert s.refused(event) == "the phone cannot be changed during a call"
    assert s.floor.by_endpoint == {phone(1): OperatorId(1)}


@pytest.mark.parametrize("registered", [False, True])
def test_a_new_phone_is_offered_calls_once_the_pbx_knows_it(registered: bool) -> None:
    s = Story()
    s.queue()
    s.operator(1)
    if registered:
        s.pbx.connect_phone("desk")
    s.tell(OperatorSet(OperatorSettings(OperatorId(1), "one", endpoint="desk", memberships=SALES)))
    assert s.commands[-1] == TakeSnapshot("phone_added") or registered
    line = s.call()
    assert s.ringing(line) == (1 if registered else None)
    s.pbx.connect_phone("desk")
    assert s.ringing(line) == 1
    assert line.endpoint == "desk"
    check(s.floor, s.world.now_s)


def test_the_old_phone_is_no_longer_the_operators() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.tell(OperatorSet(OperatorSettings(OperatorId(1), "one", endpoint="desk", memberships=SALES)))
    s.pbx.connect_phone(phone(1))
    assert s.op(1).device is DeviceState.UNREACHABLE
