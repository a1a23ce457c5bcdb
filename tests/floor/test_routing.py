"""Who answers which call, and why."""

from typing import Any

import pytest

from app.domain.calls import Rule
from app.domain.ids import CallId, ChannelId, OperatorId, QueueId
from app.domain.operators import DeviceState, Presence
from app.floor.commands import IdentifyCaller
from app.floor.events import CallEntered, DeviceChanged, OperatorRemoved
from tests.floor.story import Story, phone


def test_an_arriving_call_goes_to_the_longest_idle() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.wait(1)
    s.operator(2)
    s.wait(4)
    line = s.call()
    assert s.ringing(line) == 1
    reason = s.reason(line)
    assert (reason.rule, reason.level, reason.idle_operators, reason.waiting_calls) == (
        Rule.LONGEST_IDLE,
        1,
        2,
        1,
    )
    assert (reason.idle_s, reason.waited_s) == (5, 0)


def test_a_better_level_goes_before_longer_idleness() -> None:
    s = Story()
    s.queue()
    s.operator(1, ("sales", 2))
    s.wait(60)
    s.operator(2, ("sales", 1))
    assert s.ringing(s.call()) == 2
    assert s.ringing(s.call()) == 1


def test_equally_idle_operators_are_taken_by_id() -> None:
    s = Story()
    s.queue()
    for id_ in (3, 1, 2):
        s.operator(id_)
    assert [s.ringing(s.call()) for _ in range(3)] == [1, 2, 3]


def test_a_free_operator_takes_the_longest_waiting() -> None:
    s = Story()
    s.queue()
    first = s.call()
    s.wait(5)
    second = s.call()
    s.wait(5)
    s.operator(1)
    assert s.ringing(first) == 1
    assert s.ringing(second) is None
    reason = s.reason(first)
    assert (reason.rule, reason.waited_s, reason.urgency, reason.waiting_calls) == (
        Rule.LONGEST_WAITING,
        10,
        0.5,
        2,
    )


@pytest.mark.parametrize(
    ("queue_skills", "call", "operator_skills", "taken"),
    [
        ((), {}, (), True),
        (("card",), {}, (), False),
        (("card",), {}, ("card",), True),
        (("card",), {"skills": ("loan",)}, ("card",), False),
        (("card",), {"skills": ("loan",)}, ("card", "loan", "golf"), True),
        ((), {"language": "et"}, (), False),
        ((), {"language": "et"}, ("lang:ru",), False),
        ((), {"language": "et"}, ("lang:et",), True),
        (("card",), {"language": "et"}, ("lang:et",), False),
        (("card",), {"language": "et", "skills": ("loan",)}, ("lang:et", "card", "loan"), True),
    ],
)
@pytest.mark.parametrize("operator_first", [True, False])
def test_skills_of_queue_call_and_language(
    queue_skills: tuple[str, ...],
    call: dict[str, Any],
    operator_skills: tuple[str, ...],
    taken: bool,
    operator_first: bool,
) -> None:
    s = Story()
    s.queue(skills=queue_skills)
    if operator_first:
        s.operator(1, skills=operator_skills)
    line = s.call(**call)
    if not operator_first:
        s.operator(1, skills=operator_skills)
    assert s.ringing(line) == (1 if taken else None)


def test_a_call_nobody_has_the_skills_for_does_not_block_the_next() -> None:
    s = Story()
    s.queue()
    s.call(language="fr")
    line = s.call(language="et")
    s.operator(1, skills={"lang:et"})
    assert s.ringing(line) == 1


def test_the_higher_priority_of_queue_plus_call_goes_first() -> None:
    s = Story()
    s.queue("sales", priority=1)
    s.queue("help", priority=0)
    sales = s.call("sales")
    s.wait(1)
    urgent = s.call("help", priority=2)
    s.wait(1)
    vip = s.call("sales", priority=1)
    last = s.call("help")
    order = []
    for id_ in range(1, 5):
        s.operator(id_, "sales", "help")
        (line,) = [x for x in (sales, urgent, vip, last) if s.ringing(x) == id_]
        order.append(line)
    assert order == [urgent, vip, sales, last]


def test_across_queues_the_wait_counts_as_a_share_of_the_target() -> None:
    s = Story()
    s.queue("slow", target_s=60)
    s.queue("fast", target_s=10)
    slow = s.call("slow")
    s.wait(20)
    fast = s.call("fast")
    s.wait(5)  # slow: 25 / 60, fast: 5 / 10
    s.operator(1, "slow", "fast")
    assert (s.ringing(slow), s.ringing(fast)) == (None, 1)


def test_a_target_of_nothing_counts_as_one_second() -> None:
    s = Story()
    s.queue("zero", target_s=0)
    s.queue("one", target_s=1)
    one = s.call("one")
    s.wait(1)
    zero = s.call("zero")
    s.wait(1)
    s.operator(1, "zero", "one")
    assert s.ringing(one) == 1
    assert s.reason(one).urgency == 2
    assert s.ringing(zero) is None


def test_nothing_is_offered_before_the_snapshot() -> None:
    s = Story(linked=False)
    s.queue()
    s.operator(1)
    line = s.call()
    assert s.ringing(line) is None
    s.tell(s.pbx.snapshot())
    assert s.ringing(line) == 1


# The preferred operator


def known_caller(s: Story, preferred: int) -> None:
    s.queue(preferred_s=10)
    s.known("+3725", preferred)


def test_the_preferred_operator_goes_before_the_longest_idle() -> None:
    s = Story()
    known_caller(s, 2)
    s.operator(1, ("sales", 1))
    s.wait(1)
    s.operator(2, ("sales", 5))
    line = s.call(number="+3725")
    assert s.ringing(line) == 2
    assert s.reason(line).rule is Rule.PREFERRED
    assert s.floor.calls[s.at(line).id].contact_name == "caller +3725"


def test_a_call_waits_for_its_busy_preferred_operator_alone_and_then_for_anyone() -> None:
    s = Story()
    known_caller(s, 1)
    s.operator(1)
    s.talk(1)
    s.operator(2)
    line = s.call(number="+3725")
    s.wait(9.9)
    assert s.ringing(line) is None
    s.wait(0.1)
    assert s.ringing(line) == 2
    assert s.reason(line).rule is Rule.LONGEST_IDLE


def test_the_preferred_operator_becomes_free_in_time() -> None:
    s = Story()
    known_caller(s, 1)
    s.operator(1)
    other = s.talk(1)
    s.operator(2)
    line = s.call(number="+3725")
    s.wait(5)
    s.pbx.hang_up(other)
    assert s.ringing(line) == 1
    assert s.reason(line).rule is Rule.PREFERRED


def test_the_preferred_operator_takes_the_more_urgent_call_first() -> None:
    s = Story()
    known_caller(s, 1)
    s.operator(1)
    talk = s.talk(1)
    s.wait(1)
    general = s.call()
    s.wait(1)
    line = s.call(number="+3725")
    s.pbx.hang_up(talk)
    assert s.ringing(general) == 1
    assert s.ringing(line) is None


def test_calls_that_prefer_one_operator_are_ranked_by_their_queues_too() -> None:
    s = Story()
    s.queue("low", preferred_s=30)
    s.queue("high", preferred_s=30, priority=5)
    s.operator(1, "low", "high")
    talk = s.talk(1, "low")
    s.known("+3725", 1)
    low = s.call("low", number="+3725")
    s.wait(1)
    high = s.call("high", number="+3725")
    s.pbx.hang_up(talk)
    assert s.ringing(high) == 1
    assert s.ringing(low) is None


def test_calls_let_go_by_their_preferred_operator_go_to_others_in_order_of_rank() -> None:
    s = Story()
    s.queue("low", preferred_s=30)
    s.queue("high", preferred_s=30, priority=5)
    s.operator(1, "low", "high")
    talk = s.talk(1, "low")
    s.operator(2, "low", "high")
    s.known("+3725", 1)
    low = s.call("low", number="+3725")
    s.wait(1)
    high = s.call("high", number="+3725")
    s.on_break(1)
    s.pbx.hang_up(talk)
    assert s.ringing(high) == 2
    assert s.ringing(low) is None


@pytest.mark.parametrize("how", ["break", "offline", "unregistered", "removed", "left_queue", "lost_skill"])
def test_a_call_does_not_wait_for_a_preferred_operator_who_goes_away(how: str) -> None:
    s = Story()
    s.queue(preferred_s=10, wrap_up_s=60, skills=("card",))
    s.known("+3725", 1)
    s.operator(1, skills=("card",))
    s.pbx.hang_up(s.talk(1))  # in wrap-up from now
    s.operator(2, skills=("card",))
    line = s.call(number="+3725")
    assert s.ringing(line) is None
    match how:
        case "break":
            s.on_break(1)
        case "offline":
            s.presence(1, Presence.OFFLINE)
        case "unregistered":
            s.pbx.lose_phone(phone(1))
        case "removed":
            s.tell(OperatorRemoved(OperatorId(1)))
        case "left_queue":
            s.operator(1, "other", skills=("card",))
        case "lost_skill":
            s.operator(1, "sales")
    assert s.ringing(line) == 2


@pytest.mark.parametrize("preferred", [3, 4])
def test_a_preferred_operator_outside_the_queue_or_unknown_is_no_one(preferred: int) -> None:
    s = Story()
    known_caller(s, preferred)
    s.operator(1)
    s.operator(3, "other")
    assert s.ringing(s.call(number="+3725")) == 1


def test_preference_can_be_turned_off() -> None:
    s = Story()
    s.queue(preferred_s=0)
    s.known("+3725", 2)
    s.operator(1)
    s.operator(2)
    assert s.ringing(s.call(number="+3725")) == 1


def test_a_call_whose_preferred_operator_declined_goes_to_the_next() -> None:
    s = Story()
    s.queue(preferred_s=30, miss_limit=3, retry_s=1)
    s.known("+3725", 1)
    s.operator(1)
    s.operator(2)
    line = s.call(number="+3725")
    assert s.ringing(line) == 1
    s.pbx.reject(line)
    assert s.ringing(line) == 2


# The contact base


def test_routing_waits_a_moment_for_the_contact_base() -> None:
    s = Story(identify_s=0.25)
    s.queue()
    s.operator(1)
    s.pbx.say = lambda _: None  # the contact base is silent
    s.world.obey = lambda _: None

    s.tell(
        CallEntered(
            ChannelId("x"),
            "PJSIP/trunk-x",
            caller_number="+3725",
            caller_name="",
            dialed="",
            queue=QueueId("sales"),
        )
    )
    call = s.floor.calls[CallId("x")]
    s.wait(0.2)
    assert call.offer is None
    s.wait(0.05)
    assert call.offer is not None


def test_a_withheld_number_is_not_looked_up() -> None:

    s = Story()
    s.queue()
    s.operator(1)
    assert s.ringing(s.call(number="")) == 1
    assert s.ordered(IdentifyCaller) == []


def test_a_phone_in_use_or_unregistered_is_never_offered() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    for state in (DeviceState.UNREACHABLE, DeviceState.IN_USE):
        s.tell(DeviceChanged(phone(1), state))
        line = s.call()
        assert s.ringing(line) is None
        s.tell(DeviceChanged(phone(1), DeviceState.REGISTERED))
        assert s.ringing(line) == 1
        s.pbx.hang_up(line)
