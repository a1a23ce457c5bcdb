"""Calls between colleagues on the floor, by walks."""

from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.ids import ChannelId
from app.domain.operators import DeviceState
from app.floor.events import (
    AttendedTransferred,
    BlindTransferred,
    ColleagueCalled,
    ColleagueMissed,
    DeviceChanged,
    LegAnswered,
    LinkLost,
    Missed,
    SeenColleague,
    SnapshotTaken,
)
from app.simulator.promises import adds_up, check
from tests.floor.room import Room, seen


class Walk:
    """Anything happens to calls between colleagues, in any order."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.room = Room()
        self.begun: list[ColleagueCalled] = []
        self.channels = [ChannelId("")]
        self.actions = (
            self.calls, self.calls, self.rings, self.rings, self.answers, self.misses, self.hangs_up,
            self.joins, self.sends_on, self.changes_device, self.is_seen,
        )  # fmt: skip

    def go(self) -> None:
        self.calls()
        for _ in range(40):
            self.room.at_s += self.random.choice((0.0, 0.1, 3.0))
            self.random.choice(self.actions)()
            self.look()

    def look(self) -> None:
        room, internal = self.room, self.room.floor.internal
        check(room.floor, room.at_s)
        assert set(internal.by_channel.values()) <= internal.calls.keys()
        for operator in room.floor.operators.values():
            id_ = operator.settings.id
            assert not (operator.offerable and internal.holds(id_))
            assert room.seen_as(id_) is internal.doing(id_, operator.routing)

    def any_call(self) -> ColleagueCalled:
        return self.random.choice(self.begun)

    def any_channel(self) -> ChannelId:
        return self.random.choice(self.channels)

    def calls(self) -> None:
        one, other = self.random.sample((1, 2, 3), 2)
        self.begun.append(self.room.calls(one, other))
        self.channels.append(self.begun[-1].channel)

    def rings(self) -> None:
        self.channels.append(self.room.rings(self.any_call()))

    def answers(self) -> None:
        endpoint = self.random.choice(("op1", "op2", "op3"))
        self.room.take(LegAnswered(self.any_call().channel, self.any_channel(), endpoint))

    def misses(self) -> None:
        why = self.random.choice((Missed.BUSY, Missed.NO_ANSWER, Missed.FAILED))
        self.room.take(ColleagueMissed(self.any_call().call, why))

    def hangs_up(self) -> None:
        self.room.hangs_up(self.any_channel())

    def joins(self) -> None:
        one, other, party, target = (self.any_channel() for _ in range(4))
        self.room.take(
            AttendedTransferred(one, other, transferee=party, target=target, target_endpoint="op2")
        )

    def sends_on(self) -> None:
        self.room.take(BlindTransferred(self.any_channel(), self.any_channel(), "103"))

    def changes_device(self) -> None:
        endpoint = self.random.choice(("op1", "op2", "op3"))
        self.room.take(DeviceChanged(endpoint, self.random.choice(list(DeviceState))))

    def is_seen(self) -> None:
        called, bridge = self.any_call(), self.random.choice(("", "b"))
        told = SeenColleague(called.call, called.number, called.channel_name, called.line, called.endpoint)
        leg = seen(self.any_channel(), called.endpoint, bridge, told)
        near = seen(called.channel, called.line, bridge, told)
        self.room.take(SnapshotTaken((near, leg) if self.random.random() < 0.5 else (), {}))


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
@example(seed=1048575)  # joined to another call while a snapshot did not have it
def test_whatever_happens_in_whatever_order_each_call_has_one_record_and_it_adds_up(seed: int) -> None:
    walk = Walk(seed)
    walk.go()
    room = walk.room
    room.take(LinkLost("everybody leaves"))
    room.take(SnapshotTaken((), {}), 5.0)
    assert not room.floor.internal.calls
    assert not room.floor.internal.by_channel
    ids = [record.call for record in room.records()]
    assert len(set(ids)) == len(ids), "no second record"
    assert set(ids) <= {called.call for called in walk.begun}
    for record in room.records():
        adds_up(record)
