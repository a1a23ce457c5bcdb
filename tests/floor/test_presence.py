"""Presence, routing and device state: kept apart, each change with its cause."""

import pytest

from app.domain.ids import OperatorId
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.events import DeviceChanged, PresenceAsked, WrapUpEnded
from app.floor.facts import OperatorChanged
from tests.floor.story import Story


def test_an_operator_comes_offline_and_is_offered_nothing() -> None:
    s = Story()
    s.queue()
    s.operator(1, available=False)
    line = s.call()
    assert s.ringing(line) is None
    s.presence(1, Presence.AVAILABLE)
    assert s.ringing(line) == 1


def test_a_break_asked_during_a_talk_starts_when_the_call_ends() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    line = s.talk(1)
    s.on_break(1)
    assert s.op(1).presence is Presence.AVAILABLE
    assert s.told(OperatorChanged)[-1].pending is Presence.ON_BREAK
    s.pbx.hang_up(line)
    assert (s.op(1).presence, s.op(1).break_reason) == (Presence.ON_BREAK, "lunch")
    assert s.op(1).routing is RoutingState.WRAP_UP
    s.wait(10)
    assert s.op(1).routing is RoutingState.IDLE
    assert s.ringing(s.call()) is None


def test_a_break_asked_while_it_rings_waits_for_the_talk() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    s.on_break(1)
    s.answer(line)
    assert s.talking(line) == 1
    s.pbx.hang_up(line)
    assert s.op(1).presence is Presence.ON_BREAK


def test_a_break_asked_while_it_rings_begins_when_the_caller_hangs_up() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    waiting = s.call()
    s.on_break(1)
    s.pbx.hang_up(line)
    assert s.op(1).presence is Presence.ON_BREAK
    assert s.ringing(waiting) is None


def test_a_break_asked_for_can_be_taken_back() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    s.on_break(1)
    s.presence(1, Presence.AVAILABLE)
    s.pbx.hang_up(line)
    assert s.op(1).presence is Presence.AVAILABLE
    assert s.ringing(s.call()) == 1


def test_an_asked_break_stands_before_being_put_aside() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.call()
    s.on_break(1)
    s.pbx.reject(line)
    assert s.op(1).break_reason == "lunch"


def test_going_offline_during_a_talk_leaves_out_the_wrap_up() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    line = s.talk(1)
    s.presence(1, Presence.OFFLINE)
    assert s.op(1).presence is Presence.AVAILABLE
    s.pbx.hang_up(line)
    assert (s.op(1).presence, s.op(1).routing) == (Presence.OFFLINE, RoutingState.IDLE)


def test_going_offline_during_wrap_up_ends_it() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    s.pbx.hang_up(s.talk(1))
    s.presence(1, Presence.OFFLINE)
    assert s.op(1).routing is RoutingState.IDLE
    s.presence(1, Presence.AVAILABLE)
    assert s.op(1).offerable


def test_wrap_up_ends_by_itself() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    s.pbx.hang_up(s.talk(1))
    line = s.call()
    s.wait(9.9)
    assert s.ringing(line) is None
    s.wait(0.1)
    assert s.ringing(line) == 1
    assert "wrap_up_over" in s.causes(1)


def test_wrap_up_ended_early_by_the_operator() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    s.pbx.hang_up(s.talk(1))
    s.wait(3)
    s.end_wrap_up(1)
    line = s.call()
    assert s.ringing(line) == 1
    s.answer(line)
    s.wait(7)  # the first wrap-up's own end must not disturb the talk
    assert s.op(1).routing is RoutingState.TALKING


def test_the_first_wrap_up_does_not_cut_the_second_short() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    s.pbx.hang_up(s.talk(1))
    s.wait(2)
    s.end_wrap_up(1)
    s.pbx.hang_up(s.talk(1))
    s.wait(8)
    assert s.op(1).routing is RoutingState.WRAP_UP
    s.wait(2)
    assert s.op(1).routing is RoutingState.IDLE


def test_idleness_counts_from_the_end_of_wrap_up() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.operator(1)
    s.pbx.hang_up(s.talk(1))
    s.wait(5)
    s.operator(2)
    s.wait(20)
    assert s.ringing(s.call()) == 2


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (WrapUpEnded(OperatorId(1)), "there is no wrap-up to end"),
        (WrapUpEnded(OperatorId(9)), "there is no operator 9 on the floor"),
        (PresenceAsked(OperatorId(9), Presence.OFFLINE), "there is no operator 9 on the floor"),
    ],
)
def test_a_request_that_does_not_fit_is_refused_and_changes_nothing(
    event: WrapUpEnded | PresenceAsked, why: str
) -> None:
    s = Story()
    s.queue()
    s.operator(1)
    before = repr(s.floor)
    assert s.refused(event) == why
    assert repr(s.floor) == before


def test_the_same_presence_again_is_no_news() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    told = len(s.told(OperatorChanged))
    s.presence(1, Presence.AVAILABLE)
    assert len(s.told(OperatorChanged)) == told


@pytest.mark.parametrize("state", [DeviceState.UNREACHABLE, DeviceState.IN_USE])
def test_a_phone_that_is_not_free_is_never_offered(state: DeviceState) -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.tell(DeviceChanged("op1", state))
    line = s.call()
    assert s.ringing(line) is None
    assert s.op(1).presence is Presence.AVAILABLE
    s.tell(DeviceChanged("op1", DeviceState.REGISTERED))
    assert s.ringing(line) == 1
    assert s.causes(1)[-4:] == ["device", "offered", "ringing", "device"]


def test_an_unknown_phone_is_no_ones() -> None:
    s = Story()
    assert s.raw(DeviceChanged("nobody", DeviceState.REGISTERED)).facts == []


def test_the_operator_is_free_only_when_the_phone_is_on_the_hook() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    waiting = s.call()
    s.pbx.phones["op1"].legs.add(s.at(waiting).channel)  # a second line of the phone stays busy
    s.pbx.hang_up(line)
    assert s.op(1).routing is RoutingState.IDLE
    assert s.ringing(waiting) is None
    s.pbx.phones["op1"].legs.clear()
    s.pbx.connect_phone("op1")
    assert s.ringing(waiting) == 1


def test_a_phone_lost_during_a_talk_does_not_end_it() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    s.pbx.lose_phone("op1")
    assert (s.op(1).routing, s.op(1).device) == (RoutingState.TALKING, DeviceState.UNREACHABLE)
    s.pbx.hang_up(line)
    assert s.ringing(s.call()) is None


def test_the_clock_of_a_state_runs_on_until_another_begins() -> None:
    s = Story()
    s.queue(wrap_up_s=10)
    s.queue("help")
    s.operator(1)

    def since_s() -> float:
        since = s.op(1).since
        assert since is not None
        return since.mono_s

    idle_s = since_s()
    s.wait(5)
    s.operator(1, "sales", "help", available=False)  # a queue more
    assert since_s() == idle_s
    line = s.talk(1)
    talk_s = since_s()
    assert talk_s > idle_s
    s.wait(5)
    s.on_break(1)
    assert since_s() == talk_s
    s.tell(DeviceChanged(s.op(1).settings.endpoint, DeviceState.UNREACHABLE))
    s.tell(DeviceChanged(s.op(1).settings.endpoint, DeviceState.IN_USE))
    assert since_s() == talk_s
    s.wait(5)
    s.pbx.hang_up(line)
    wrap_up_s = since_s()
    assert wrap_up_s > talk_s  # the break that was asked for begins after it
    s.wait(10)
    break_s = since_s()
    assert break_s == wrap_up_s + 10
    s.wait(5)
    s.tell(DeviceChanged(s.op(1).settings.endpoint, DeviceState.REGISTERED))
    assert since_s() == break_s
    s.presence(1, Presence.ON_BREAK, "meeting")
    assert since_s() == break_s + 5
    s.presence(1, Presence.AVAILABLE)
    s.tell(DeviceChanged(s.op(1).settings.endpoint, DeviceState.UNREACHABLE))
    s.wait(5)
    s.tell(DeviceChanged(s.op(1).settings.endpoint, DeviceState.REGISTERED))
    assert since_s() == break_s + 10
