"""The floor's promises, checked by brute force: each function looks at everything and keeps no index."""

from collections.abc import Iterable
from math import inf
from textwrap import shorten

from app.domain.calls import CallState
from app.domain.ids import CallId, OperatorId, node_of
from app.domain.operators import DeviceState, Presence, RoutingState
from app.domain.queues import MaxWait
from app.floor.commands import AbandonCall, Command, DismissCall, OfferCall, ReturnToHold, TakeFromPhone
from app.floor.control import next_deadline
from app.floor.facts import CallArrived, CallEnded, CallRecord, Fact, InternalEnded
from app.floor.floor import Floor
from app.floor.model import Call, Operator

BUSY = frozenset({RoutingState.RESERVED, RoutingState.RINGING, RoutingState.TALKING, RoutingState.ON_HOLD})
MOVES = (OfferCall, ReturnToHold, TakeFromPhone, DismissCall, AbandonCall)
IN_QUEUE = frozenset({CallState.WAITING, CallState.OFFERED, CallState.RINGING})
EPS_S = 1e-6
_ROUNDED_S = 1e-3


_MOST_LETTERS = 400  # characters of each object that a broken promise shows


class BrokenPromise(AssertionError):  # noqa: N818 - it reads as what it says
    """A promise does not hold. `promise` names it; the rest of the message shows where."""

    def __init__(self, promise: str, *where: object) -> None:
        super().__init__("; ".join([promise, *(shorten(str(thing), _MOST_LETTERS) for thing in where)]))
        self.promise = promise


def held(holds: object, promise: str, *where: object) -> None:
    """Check that `holds` is true.

    Raises:
        BrokenPromise: it is not.
    """
    if not holds:
        raise BrokenPromise(promise, *where)


def check(floor: Floor, now_s: float) -> None:
    """Check all promises that must hold between two steps.

    Raises:
        BrokenPromise: one does not hold.
    """
    one_operator_one_call(floor)
    operators_agree_with_calls(floor)
    calls_agree_with_queues(floor)
    counters_agree(floor)
    dials_have_their_operators(floor, now_s)
    nobody_idle_beside_a_call(floor, now_s)
    the_clock_knows(floor, now_s)


def moved_once(commands: Iterable[Command]) -> None:
    """No step moves a caller twice: the PBX refuses the second move, or loses the first.

    Raises:
        BrokenPromise: one does.
    """
    moved = [command.channel for command in commands if isinstance(command, MOVES)]
    held(len(moved) == len(set(moved)), "a step moves a caller twice", commands)


def one_operator_one_call(floor: Floor) -> None:
    """No operator has two offers, or an offer while in another call."""
    offered = [call.offer.operator for call in floor.calls.values() if call.offer]
    held(len(offered) == len(set(offered)), "two open offers for one operator")
    for call in floor.calls.values():
        if call.offer is None:
            continue
        operator = floor.operators[call.offer.operator]
        held(operator.call == call.id, "an offered operator is in another call", operator, call)
        reserved = operator.routing in (RoutingState.RESERVED, RoutingState.RINGING)
        held(reserved, "an offered operator is not reserved", operator)
        held(call.offer.leg.ended is None, "an open offer's leg has ended", call)
        for other in floor.calls.values():
            talks = other.talking is not None and other.talking.operator == operator.settings.id
            held(not talks, "offered while talking", operator, other)


def operators_agree_with_calls(floor: Floor) -> None:
    """Each busy operator has an open leg in a call that exists."""
    for id_, operator in floor.operators.items():
        busy = operator.routing in BUSY
        held((operator.call is not None) == busy, "busy without a call, or idle in one", operator)
        if operator.call is None:
            continue
        held(operator.call in floor.calls, "busy with a call that is over", operator)
        call = floor.calls[operator.call]
        parts = [leg for leg in call.legs if leg.operator == id_ and leg.ended is None]
        held(parts, "busy with a call that has no part for them", operator, call)
        if operator.routing is RoutingState.ON_HOLD:
            held(call.state is CallState.ON_HOLD, "on hold in a call that is not", operator, call)
        if operator.routing is RoutingState.TALKING:
            held(any(leg.answered for leg in parts), "talks without having answered", operator, call)


def calls_agree_with_queues(floor: Floor) -> None:
    """The state, the place in line, the offer and the talk of each call agree."""
    places: dict[CallId, list[str]] = {}
    for id_, queue in floor.queues.items():
        for waiting in queue.waiting_calls:
            places.setdefault(waiting, []).append(id_)
    for call in floor.calls.values():
        expected = [call.queue] if call.state in IN_QUEUE else []
        held(places.get(call.id, []) == expected, "a call waits where it does not", call, places)
        offered = call.state in (CallState.OFFERED, CallState.RINGING)
        held((call.offer is not None) == offered, "offered without an offer", call)
        talks = call.state in (CallState.TALKING, CallState.ON_HOLD)
        held((call.talking is not None) == talks, "talks with nobody", call)
        held(call.talking is None or call.talking.ended is None, "talks on a leg that has ended", call)
        held(call.state is not CallState.ENDED, "an ended call is on the floor", call)


def counters_agree(floor: Floor) -> None:
    """The queues' members and counts, and the indexes of channels and phones, agree with a fresh count."""
    members: dict[str, dict[OperatorId, int]] = {id_: {} for id_ in floor.queues}
    for id_, operator in floor.operators.items():
        held(floor.by_endpoint.get(operator.settings.endpoint) == id_, "a phone is nobody's", operator)
        for membership in operator.settings.memberships:
            if membership.queue in members:
                members[membership.queue][id_] = membership.level
    held(len(floor.by_endpoint) == len(floor.operators), "a phone without an operator", floor.by_endpoint)
    for queue_id, queue in floor.queues.items():
        held(queue.members == members[queue_id], "members miscounted", queue_id)
        idle = len([id_ for id_ in queue.members if floor.operators[id_].offerable])
        held(queue.idle_operators == idle, "idle operators miscounted", queue_id, queue.idle_operators, idle)
        held(queue.waiting_calls.keys() <= floor.calls.keys(), "a call waits that is over", queue_id)
        entries = sum(map(len, queue.idle.values()))
        bound = len(queue.idle) * (66 + 4 * len(queue.members))
        held(entries <= bound, "void entries pile up", queue_id, entries)
    for channel, call_id in floor.by_channel.items():
        held(call_id in floor.calls, "a channel is of a call that is over", channel, call_id)
    for call in floor.calls.values():
        held(floor.by_channel.get(call.channel) == call.id, "a caller's channel is not the call's", call)


def is_free(floor: Floor, operator: Operator, now_s: float) -> bool:
    """Whether an operator is free for an offer; the rule written independently of the floor."""
    return (
        floor.node(operator.node).routes(now_s)
        and operator.presence is Presence.AVAILABLE
        and operator.device is DeviceState.REGISTERED
        and operator.routing is RoutingState.IDLE
        and now_s >= operator.rest_until_s
        and not any(
            part.operator == operator.settings.id
            for call in floor.internal.calls.values()
            for part in (call.near, call.far)
            if part is not None
        )
    )


def can_take(floor: Floor, operator: Operator, call: Call) -> bool:
    """Whether the operator serves the call's queue, has the skills, and a phone at its PBX."""
    queue = floor.queues[call.queue]
    member = any(m.queue == call.queue for m in operator.settings.memberships)
    here = node_of(operator.settings.endpoint) == node_of(call.channel)
    return member and here and (queue.settings.skills | call.skills) <= operator.settings.skills


def dials_have_their_operators(floor: Floor, now_s: float) -> None:
    """An operator kept for a dial is idle and without an offer; a dial that was promised an operator has one."""
    for id_, dial in floor.kept.items():
        operator = floor.operators.get(id_)
        held(operator is not None, "somebody is kept who is not there", id_)
        if operator is None:
            continue
        held(not operator.offerable, "kept, and offered to callers", operator)
        held(operator.routing is RoutingState.IDLE, "kept, and busy", operator)
        held(operator.presence is Presence.AVAILABLE, "kept, and not available", operator)
        held(operator.device is DeviceState.REGISTERED, "kept, and without a phone", operator)
        held(dial in floor.attempts, "kept for a dial that is over", operator, dial)
        held(floor.attempts[dial].keeper == id_, "kept for a dial that has another", operator, dial)
    for attempt in floor.attempts.values():
        held(
            attempt.keeper is None or floor.kept.get(attempt.keeper) == attempt.id,
            "a dial's operator is kept for another",
            attempt,
        )
        rings = attempt.promised and attempt.answered is None
        gone = attempt.withdrawn or attempt.picked_up or not floor.node(node_of(attempt.id)).routes(now_s)
        held(not rings or gone or attempt.keeper is not None, "a dial without its operator", attempt)


def nobody_idle_beside_a_call(floor: Floor, now_s: float) -> None:
    """No operator is free beside a waiting call that they could take, unless it waits for another operator only."""
    waiting = [
        call
        for call in floor.calls.values()
        if call.state is CallState.WAITING and max(call.not_before_s, call.spared_until_s) <= now_s
    ]
    alone = _preferring(floor)
    for call_id, id_ in alone.items():
        preferred = _preferred_of(floor, floor.calls[call_id], now_s)
        held(preferred == id_, "waits for somebody in vain", floor.calls[call_id], id_)
    for operator in floor.operators.values():
        free = is_free(floor, operator, now_s)
        kept = operator.settings.id in floor.kept
        free = free and not kept
        held(operator.offerable == free, "free and not offered to, or the other way round", operator)
        if not free:
            continue
        for call in waiting:
            anyone = alone.get(call.id) in (None, operator.settings.id)
            stands_idle = anyone and can_take(floor, operator, call)
            held(not stands_idle, "stands idle beside a call", operator, call)


def the_clock_knows(floor: Floor, now_s: float) -> None:
    """The next deadline is no later than anything that is due to happen by itself."""
    due_s = inf
    alone = _preferring(floor)
    pending = False
    for operator in floor.operators.values():
        pending = pending or operator.routing is RoutingState.WRAP_UP
        if operator.rest_until_s > now_s:
            due_s = min(due_s, operator.rest_until_s)
    for call in floor.calls.values():
        if call.state not in IN_QUEUE:
            continue
        pending = pending or call.offer is not None
        settings = floor.queues[call.queue].settings
        not_before_s = max(call.not_before_s, call.spared_until_s)
        if call.offer is None and not_before_s > now_s:
            due_s = min(due_s, not_before_s)
        elif call.id in alone:
            due_s = min(due_s, call.waiting_since.mono_s + settings.preferred_s)
        limit_s = call.joined.mono_s + settings.max_wait_s
        if settings.max_wait_s > 0 and settings.max_wait_then is not MaxWait.STAY and limit_s > now_s:
            due_s = min(due_s, limit_s)
    if pending or due_s < inf:
        next_s = next_deadline(floor)
        held(next_s is not None, "something is pending and the clock does not know")
        held(next_s is not None and next_s <= due_s, "the clock knows too late", next_s, due_s)


class Records:
    """Checks that each call that arrived in one run of the service has one record whose parts add up."""

    def __init__(self) -> None:
        self.arrived: set[CallId] = set()
        self.ended: set[CallId] = set()
        self.internal: set[CallId] = set()
        """Calls between colleagues that ended."""

    def hear(self, facts: Iterable[Fact]) -> None:
        """Take the facts of a step.

        Raises:
            BrokenPromise: a second record, one of a call that never arrived, or one that does not add up.
        """
        for fact in facts:
            if isinstance(fact, CallArrived):
                held(fact.call not in self.ended, "a call arrives after its end", fact.call)
                self.arrived.add(fact.call)
            elif isinstance(fact, CallEnded):
                held(fact.call not in self.ended, "a second record", fact.call)
                held(fact.call in self.arrived, "a record of a call that never arrived", fact.call)
                self.ended.add(fact.call)
                adds_up(fact.record)
            elif isinstance(fact, InternalEnded):
                held(fact.call not in self.internal, "a second record", fact.call)
                self.internal.add(fact.call)
                adds_up(fact.record)

    def complete(self) -> None:
        """Check the records after everybody has left.

        Raises:
            BrokenPromise: a call has no record.
        """
        held(self.arrived == self.ended, "a call without a record", *sorted(self.arrived - self.ended))


def adds_up(record: CallRecord) -> None:
    """Check that a record's parts add up to its whole, and that none is negative.

    Raises:
        BrokenPromise: they do not.
    """
    held(record.waited_s + record.talked_s <= record.duration_s + EPS_S, "more than all its time", record)
    talked_s, rang_s = sum(leg.talked_s for leg in record.legs), sum(leg.rang_s for leg in record.legs)
    held(abs(record.talked_s - talked_s) <= EPS_S, "talk is not its legs' talk", record)
    held(abs(record.rang_s - rang_s) <= EPS_S, "ringing is not its legs' ringing", record)
    held(record.held_s <= record.talked_s + EPS_S, "held longer than talked", record)
    parts = [record.waited_s, record.rang_s, record.talked_s, record.held_s, record.duration_s]
    held(min(parts) >= 0, "a negative duration", record)
    lasted_s = (record.ended_at - record.arrived_at).total_seconds()
    held(abs(lasted_s - record.duration_s) <= _ROUNDED_S, "its times of day are not its duration", record)
    answered = record.answered_at is not None
    held(answered == (record.outcome == "answered"), "answered and not, or the other way round", record)


def _preferring(floor: Floor) -> dict[CallId, OperatorId]:
    """The calls that now wait for their preferred operator only."""
    return {
        entry.call: id_
        for id_, entries in floor.preferring.items()
        for entry in entries
        if entry.call in floor.calls and floor.calls[entry.call].ticket == entry.ticket
    }


def _preferred_of(floor: Floor, call: Call, now_s: float) -> OperatorId | None:
    """The operator that a call may wait for exclusively, or None. It does so only if this held when its wait began."""
    operator = floor.operators.get(call.preferred) if call.preferred is not None else None
    settings = floor.queues[call.queue].settings
    if operator is None or now_s >= call.waiting_since.mono_s + settings.preferred_s:
        return None
    here = operator.presence is Presence.AVAILABLE and operator.device is not DeviceState.UNREACHABLE
    return operator.settings.id if here and can_take(floor, operator, call) else None
