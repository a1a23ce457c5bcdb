"""Each fault of the simulated link and PBX really happens, and is over as it should be."""

from typing import TypeVar

import pytest

from app.domain.calls import CallState
from app.domain.ids import OperatorId
from app.domain.operators import Presence, RoutingState
from app.floor.events import (
    CallEntered,
    ChannelHungUp,
    CommandLost,
    CommandRefused,
    DeviceChanged,
    Event,
    LegDialed,
    LinkLost,
    SnapshotTaken,
)
from app.floor.facts import CallEnded
from app.simulator.centre import Action, Centre
from app.simulator.lines import CONNECT, FALLBACK, HOLD, Line
from app.simulator.snapshots import AUDIT_S, RETRY_S

E = TypeVar("E", bound=Event)


class Heard:
    """A centre with a queue and an operator, and what its service hears, with the times."""

    def __init__(self, *, operators: int = 1) -> None:
        self.centre = Centre()
        self.events: list[tuple[float, Event]] = []
        self.records: list[CallEnded] = []
        put, ended = self.centre.link.put, self.centre.service.ended

        def hear(event: Event) -> None:
            self.events.append((self.centre.loop.now_s, event))
            put(event)

        def keep(record: CallEnded) -> None:
            self.records.append(record)
            ended(record)

        self.centre.link.put, self.centre.service.ended = hear, keep
        self.do(("queue", "a"))
        for id_ in range(1, operators + 1):
            self.do(("operator", id_, "a"), ("presence", id_))
        self.do(("wait", 1.0))

    def do(self, *actions: Action) -> None:
        for action in actions:
            self.centre.do(action)

    def at(self, kind: type[E]) -> list[float]:
        """When events of this kind were heard."""
        return [at_s for at_s, event in self.events if isinstance(event, kind)]

    def kinds(self, since_s: float) -> list[str]:
        return [type(event).__name__ for at_s, event in self.events if at_s >= since_s]

    def line(self, name: int = 1) -> Line:
        return self.centre.lines[name]

    def state(self, name: int = 1) -> CallState:
        """Where the floor takes a caller to be."""
        floor = self.centre.service.floor
        return floor.calls[floor.by_channel[self.line(name).channel]].state

    @property
    def calls(self) -> int:
        return len(self.centre.service.floor.calls)


def test_an_event_is_lost_and_the_next_snapshot_tells() -> None:
    h = Heard()
    h.do(("arm", "lose", "CallEntered"), ("arrive", 1, "a"), ("wait", 0.1))
    assert (h.calls, h.at(CallEntered)) == (0, [])
    h.do(("wait", AUDIT_S))
    assert h.state() is CallState.RINGING


def test_an_event_is_told_twice() -> None:
    h = Heard()
    h.do(("arm", "repeat", "CallEntered"), ("arrive", 1, "a"), ("wait", 0.1))
    assert len(h.at(CallEntered)) == 2
    assert len(h.at(LegDialed)) == 1


def test_an_event_is_late() -> None:
    h = Heard()
    h.do(("arm", "delay", "CallEntered", 0.6), ("arrive", 1, "a"), ("wait", 0.5))
    assert h.calls == 0
    h.do(("wait", 0.2))
    assert h.at(CallEntered) == [pytest.approx(1.602)]


def test_an_event_comes_after_the_next() -> None:
    h = Heard()
    h.do(("arm", "reorder", "LegDialed", 1), ("arrive", 1, "a"), ("wait", 0.1))
    assert h.kinds(1.0) == ["CallEntered", "DeviceChanged", "LegDialed"]


def test_an_event_that_nothing_follows_is_not_kept_back_for_ever() -> None:
    h = Heard()
    h.do(("arm", "reorder", "DeviceChanged", 9), ("arrive", 1, "a"), ("wait", 0.5))
    assert h.at(DeviceChanged) == [pytest.approx(0.01)]
    h.do(("wait", 1.0))
    assert h.at(DeviceChanged)[1:] == [pytest.approx(2.006)]


def test_an_order_is_refused() -> None:
    h = Heard()
    h.do(("arm", "refuse"), ("arrive", 1, "a"), ("wait", 0.1))
    assert len(h.at(CommandRefused)) == 1
    assert h.line().leg is None
    h.do(("wait", 1.0))
    assert h.state() is CallState.RINGING


def test_an_order_is_carried_out_late() -> None:
    h = Heard()
    h.do(("arm", "late", "", 1.0), ("arrive", 1, "a"), ("wait", 0.9))
    assert h.line().leg is None
    h.do(("wait", 0.2))
    assert h.line().leg is not None


def test_an_order_is_carried_out_and_not_answered() -> None:
    h = Heard()
    h.do(("arm", "unanswered"), ("arrive", 1, "a"), ("wait", 0.1))
    assert h.state() is CallState.RINGING
    h.do(("wait", 4.0))
    assert h.at(CommandLost) == []
    h.do(("wait", 1.0))
    assert len(h.at(CommandLost)) == 1
    assert h.state() is CallState.RINGING


def test_an_order_vanishes() -> None:
    h = Heard(operators=2)
    h.do(("arm", "vanished"), ("arrive", 1, "a"), ("wait", 1.0))
    assert (h.line().leg, h.state()) == (None, CallState.OFFERED)
    h.do(("wait", 4.5))
    assert h.state() is CallState.RINGING
    assert len(h.at(CommandLost)) == 1


@pytest.mark.parametrize(
    ("fault", "told", "rings"),
    [
        ("cut_unwritten", [LinkLost, CommandRefused], False),
        ("cut_written", [LinkLost, CommandLost], False),
        ("cut_carried_out", [LinkLost, CommandLost], True),
    ],
)
def test_the_link_is_cut_at_each_step_of_an_order(
    fault: str, told: list[type[Event]], *, rings: bool
) -> None:
    h = Heard(operators=2)
    h.do(("arm", fault), ("arrive", 1, "a"), ("wait", 0.05))
    heard = [kind for kind in h.kinds(1.0) if kind in ("LinkLost", "CommandRefused", "CommandLost")]
    assert heard == [kind.__name__ for kind in told]
    assert (h.line().leg is not None) == rings
    assert not h.centre.service.floor.linked
    h.do(("wait", 2.5))
    assert h.state() is CallState.RINGING


def test_a_half_open_link_is_silent_and_then_lost() -> None:
    h = Heard()
    h.do(("arrive", 1, "a"), ("wait", 0.1), ("half_open",), ("answer", 1), ("wait", 3.9))
    assert (h.state(), h.at(LinkLost)) == (CallState.RINGING, [])
    h.do(("wait", 0.5))
    assert len(h.at(LinkLost)) == 1
    assert h.state() is CallState.TALKING


def test_a_cut_link_stays_away_and_comes_back_with_a_snapshot() -> None:
    h = Heard()
    h.do(("cut", 3.0), ("arrive", 1, "a"), ("wait", 2.9))
    assert (h.calls, h.kinds(1.0)) == (0, ["LinkLost"])
    h.do(("wait", 3.0))  # it is tried ever more seldom
    assert h.kinds(1.5)[0] == "SnapshotTaken"
    assert h.state() is CallState.RINGING


def test_a_stalled_link_is_late_and_in_order() -> None:
    h = Heard()
    h.do(("stall", 1.0), ("arrive", 1, "a"), ("wait", 0.4), ("hang_up", 1), ("wait", 0.5))
    assert h.kinds(1.0) == []
    h.do(("wait", 0.2))
    assert h.kinds(1.0)[:3] == ["CallEntered", "HangupRequested", "ChannelHungUp"]
    assert h.at(CallEntered) == [2.0]


def test_a_snapshot_is_refused_and_taken_again() -> None:
    h = Heard()
    h.do(("arm", "refuse_snapshot"), ("arm", "lose", "CallEntered"), ("arrive", 1, "a"))
    h.do(("wait", AUDIT_S))
    assert h.calls == 0
    h.do(("wait", RETRY_S + 0.1))
    assert h.state() is CallState.RINGING


def test_a_snapshot_is_lost_and_what_was_heard_meanwhile_is_told_all_the_same() -> None:
    h = Heard()
    h.do(("arm", "lose_snapshot"), ("wait", 1.5), ("arrive", 1, "a"), ("wait", 1.0))
    assert (h.calls, len(h.at(SnapshotTaken))) == (0, 1)
    h.do(("wait", 3.0))
    assert h.state() is CallState.RINGING


def test_what_is_heard_while_a_snapshot_is_taken_is_told_after_it() -> None:
    h = Heard()
    h.do(("wait", 1.016), ("arrive", 1, "a"), ("wait", 0.1))
    (snapshot,) = [e for at_s, e in h.events if isinstance(e, SnapshotTaken) and at_s > 1.0]
    assert h.kinds(2.0)[:2] == ["SnapshotTaken", "CallEntered"]
    assert snapshot.told == {h.line().channel}


def test_the_pbx_dies_without_a_word_and_its_phones_come_back() -> None:
    h = Heard()
    h.do(("arrive", 1, "a"), ("wait", 1.0), ("answer", 1), ("wait", 10.0), ("restart_pbx", 2.0))
    h.do(("wait", 1.0), ("arrive", 2, "a"), ("wait", 3.0))
    assert h.at(ChannelHungUp) == []
    (ended,) = h.records
    assert ended.record.talked_s == pytest.approx(10.0, abs=0.1)
    assert (h.calls, h.centre.lines) == (0, {})
    h.do(("arrive", 3, "a"), ("wait", 3.0))
    assert h.state(3) is CallState.RINGING


def test_the_service_starts_anew_and_goes_on_with_what_there_is() -> None:
    h = Heard(operators=2)
    h.do(("presence", 2, "on_break"), ("arrive", 1, "a"), ("wait", 1.0), ("answer", 1), ("arrive", 2, "a"))
    h.do(("wait", 20.0))
    before = h.centre.service.floor
    h.do(("restart_service",), ("wait", 0.5))
    floor = h.centre.service.floor
    assert floor is not before
    assert (h.state(1), h.state(2)) == (CallState.TALKING, CallState.WAITING)
    assert floor.operators[OperatorId(2)].presence is Presence.ON_BREAK
    (waiting,) = [call for call in floor.calls.values() if call.state is CallState.WAITING]
    assert waiting.waiting_since.mono_s == pytest.approx(2.0, abs=0.1)


def test_without_a_sign_of_life_the_pbxs_own_queue_rings_who_is_free() -> None:
    h = Heard()
    h.do(("presence", 1, "on_break"), ("arrive", 1, "a"), ("wait", 1.0), ("cut", 30.0), ("wait", 5.9))
    assert (h.line().where, h.line().leg) == (HOLD, None)
    h.do(("wait", 0.2))
    assert (h.line().where, h.line().endpoint) == (FALLBACK, "op1")
    h.do(("answer", 1), ("wait", 40.0))
    assert h.state() is CallState.TALKING
    assert h.centre.service.floor.operators[OperatorId(1)].routing is RoutingState.TALKING


def test_who_waits_in_the_pbxs_own_queue_is_taken_over() -> None:
    h = Heard()
    h.do(("phone_lost", 1), ("restart_service", 20.0), ("wait", 8.0), ("arrive", 1, "a"), ("wait", 5.0))
    assert h.line().where == FALLBACK
    h.do(("wait", 20.0), ("phone_back", 1), ("wait", 0.1))
    assert h.line().where == CONNECT
    assert h.state() is CallState.RINGING


@pytest.mark.parametrize("seconds", [-86_400, 3_600])
def test_the_clock_is_set_and_durations_are_true(seconds: int) -> None:
    h = Heard()
    h.do(("arrive", 1, "a"), ("wait", 5.0), ("answer", 1), ("wait", 30.0), ("set_clock", seconds))
    h.do(("wait", 30.0), ("hang_up", 1), ("wait", 1.0))
    (ended,) = h.records
    record = ended.record
    assert [record.waited_s, record.talked_s] == pytest.approx([5.0, 60.0])
    assert (record.ended_at - record.arrived_at).total_seconds() == pytest.approx(65.0)
