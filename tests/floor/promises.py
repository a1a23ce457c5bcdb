"""The floor's promises, counted by brute force and checked after every step."""

from math import inf

from app.floor.control import next_deadline
from app.floor.facts import CallEnded, CallRecord, Fact
from app.floor.floor import Floor
from app.floor.model import (
    Call,
    CallId,
    CallState,
    DeviceState,
    MaxWait,
    Operator,
    OperatorId,
    Presence,
    RoutingState,
)

BUSY = {RoutingState.RESERVED, RoutingState.RINGING, RoutingState.TALKING, RoutingState.ON_HOLD}
IN_QUEUE = {CallState.WAITING, CallState.OFFERED, CallState.RINGING}
EPS_S = 1e-6


def check(floor: Floor, now_s: float) -> None:
    """All promises that hold between two steps.

    Raises:
        AssertionError: one is broken.
    """
    one_operator_one_call(floor)
    operators_agree_with_calls(floor)
    calls_agree_with_queues(floor)
    counters_agree(floor)
    nobody_idle_beside_a_call(floor, now_s)
    the_clock_knows(floor, now_s)


def one_operator_one_call(floor: Floor) -> None:
    offered = [call.offer.operator for call in floor.calls.values() if call.offer]
    assert len(offered) == len(set(offered)), "two open offers for one operator"
    talking = [c.talking.operator for c in floor.calls.values() if c.talking and c.talking.operator]
    busy = [id_ for id_ in talking if floor.operators[id_].call is not None]
    for call in floor.calls.values():
        if call.offer:
            operator = floor.operators[call.offer.operator]
            assert operator.call == call.id, "an offered operator is in another call"
            assert operator.routing in (RoutingState.RESERVED, RoutingState.RINGING)
            assert call.offer.leg.ended is None
            assert call.offer.operator not in busy, "offered while talking"


def operators_agree_with_calls(floor: Floor) -> None:
    for id_, operator in floor.operators.items():
        assert (operator.call is not None) == (operator.routing in BUSY), (operator.call, operator.routing)
        if operator.call is None:
            continue
        call = floor.calls[operator.call]
        open_legs = [leg for leg in call.legs if leg.operator == id_ and leg.ended is None]
        assert open_legs, "busy with a call that has no part for them"
        if operator.routing is RoutingState.ON_HOLD:
            assert call.state is CallState.ON_HOLD
        if operator.routing is RoutingState.TALKING:
            assert any(leg.answered for leg in open_legs)


def calls_agree_with_queues(floor: Floor) -> None:
    for call in floor.calls.values():
        waits_in = [id_ for id_, queue in floor.queues.items() if call.id in queue.waiting_calls]
        assert waits_in == ([call.queue] if call.state in IN_QUEUE else []), (call.state, waits_in)
        assert (call.offer is not None) == (call.state in (CallState.OFFERED, CallState.RINGING))
        if call.state in (CallState.TALKING, CallState.ON_HOLD):
            assert call.talking is not None
            assert call.talking.ended is None
        else:
            assert call.talking is None
        assert call.state is not CallState.ENDED


def counters_agree(floor: Floor) -> None:
    for id_, queue in floor.queues.items():
        members = {
            op.settings.id: m.level
            for op in floor.operators.values()
            for m in op.settings.memberships
            if m.queue == id_
        }
        assert queue.members == members
        assert queue.idle_operators == sum(floor.operators[op].offerable for op in members)
        assert set(queue.waiting_calls) <= set(floor.calls)
        assert len([e for h in queue.idle.values() for e in h]) <= len(queue.idle) * (66 + 4 * len(members))
    assert floor.by_endpoint == {op.settings.endpoint: id_ for id_, op in floor.operators.items()}
    for channel, call_id in floor.by_channel.items():
        assert call_id in floor.calls, f"{channel} is of a call that is over"
    for call in floor.calls.values():
        assert floor.by_channel[call.channel] == call.id


def is_free(floor: Floor, operator: Operator, now_s: float) -> bool:
    """The rule, in words of its own."""
    return (
        floor.linked
        and operator.presence is Presence.AVAILABLE
        and operator.device is DeviceState.REGISTERED
        and operator.routing is RoutingState.IDLE
        and now_s >= operator.rest_until_s
    )


def can_take(floor: Floor, operator: Operator, call: Call) -> bool:
    queue = floor.queues[call.queue]
    member = any(m.queue == call.queue for m in operator.settings.memberships)
    return member and (queue.settings.skills | call.skills) <= operator.settings.skills


def preferring(floor: Floor) -> dict[CallId, OperatorId]:
    """Calls that wait for one operator alone now."""
    return {
        entry.call: id_
        for id_, entries in floor.preferring.items()
        for entry in entries
        if entry.call in floor.calls and floor.calls[entry.call].ticket == entry.ticket
    }


def preferred_of(floor: Floor, call: Call, now_s: float) -> OperatorId | None:
    """The operator a call may wait for alone. It does so only if that was so when it began to wait."""
    operator = floor.operators.get(call.preferred) if call.preferred is not None else None
    settings = floor.queues[call.queue].settings
    if operator is None or now_s >= call.waiting_since.mono_s + settings.preferred_s:
        return None
    here = operator.presence is Presence.AVAILABLE and operator.device is not DeviceState.UNREACHABLE
    return operator.settings.id if here and can_take(floor, operator, call) else None


def nobody_idle_beside_a_call(floor: Floor, now_s: float) -> None:
    waiting = [
        call
        for call in floor.calls.values()
        if call.state is CallState.WAITING and max(call.not_before_s, call.spared_until_s) <= now_s
    ]
    alone = preferring(floor)
    for call_id, id_ in alone.items():
        assert preferred_of(floor, floor.calls[call_id], now_s) == id_, "waits for somebody in vain"
    for operator in floor.operators.values():
        assert operator.offerable == is_free(floor, operator, now_s), operator
        if not operator.offerable:
            continue
        for call in waiting:
            anyone = alone.get(call.id) in (None, operator.settings.id)
            if anyone and can_take(floor, operator, call):
                raise AssertionError(f"{operator} stands idle beside {call}")


def the_clock_knows(floor: Floor, now_s: float) -> None:
    due_s = inf
    alone = preferring(floor)
    for operator in floor.operators.values():
        if operator.rest_until_s > now_s:
            due_s = min(due_s, operator.rest_until_s)
    for call in floor.calls.values():
        if call.state not in IN_QUEUE:
            continue
        settings = floor.queues[call.queue].settings
        if call.offer is None and call.not_before_s > now_s:
            due_s = min(due_s, call.not_before_s)
        elif call.id in alone:
            due_s = min(due_s, call.waiting_since.mono_s + settings.preferred_s)
        limit_s = call.joined.mono_s + settings.max_wait_s
        if settings.max_wait_s > 0 and settings.max_wait_then is not MaxWait.STAY and limit_s > now_s:
            due_s = min(due_s, limit_s)
    pending = any(c.offer for c in floor.calls.values()) or any(
        op.routing is RoutingState.WRAP_UP for op in floor.operators.values()
    )
    next_s = next_deadline(floor)
    if pending or due_s < inf:
        assert next_s is not None, "something is pending and the clock does not know"
        assert next_s <= due_s, (next_s, due_s)


class Records:
    """Each call that arrived ends with exactly one record whose parts add up."""

    def __init__(self) -> None:
        self.ended: set[CallId] = set()

    def hear(self, facts: list[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, CallEnded):
                assert fact.call not in self.ended, "a second record"
                self.ended.add(fact.call)
                adds_up(fact.record)


def adds_up(record: CallRecord) -> None:
    assert record.waited_s + record.talked_s <= record.duration_s + EPS_S, record
    assert abs(record.talked_s - sum(leg.talked_s for leg in record.legs)) <= EPS_S
    assert abs(record.rang_s - sum(leg.rang_s for leg in record.legs)) <= EPS_S
    assert record.held_s <= record.talked_s + EPS_S
    parts = [record.waited_s, record.rang_s, record.talked_s, record.held_s, record.duration_s]
    assert min(parts) >= 0, record
    assert (record.answered_at is not None) == (record.outcome == "answered")
    assert record.arrived_at <= record.ended_at
