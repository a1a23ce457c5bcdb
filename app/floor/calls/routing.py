"""Which operator is offered which call, and why.

Routing decides at two moments: a call begins to wait, or an operator becomes free. At the first, it takes the best
idle operator: lowest level, then longest idle. At the second, the best waiting call across the operator's queues:
highest priority (queue's plus call's), then the longest wait as a share of the queue's service-level target.
So there is never an idle operator beside a call they could take, and one heap look-up is enough for either.

A PBX rings its own phones alone: a call is offered to operators of its own node, and waits beside idle ones of others.

Indexes are heaps with one entry an operator or call in each queue, node and set of skills asked for. An entry is
void once its ticket is not the operator's or call's own; void entries are dropped when they surface, and
swept when they are the majority.
"""

from heapq import heapify, heappop, heappush

from app.domain.calls import CallState, Reason, Rule
from app.domain.ids import AttemptId, OfferId, OperatorId
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.commands import OfferCall
from app.floor.facts import OfferMade
from app.floor.floor import DeadlineKind, Floor, IdleEntry, Queue, Sought, WaitingEntry
from app.floor.model import Call, Leg, Offer, Operator
from app.floor.turn import Turn

PREVIEWED_S = 1.0
"""How long a campaign's live answer waits for the operator it was placed for."""
OFFER_LEASE_S = 5.0
"""How long after the ring time the PBX may take to report how an offer ended."""
FIRST_IN_LINE = 1_000_000
"""The priority added to a call that is first in line: more than any other priority."""
_SWEEP_FROM = 64  # entries; smaller heaps are not worth sweeping


def seek_operator(turn: Turn, call: Call) -> None:
    """Offer a waiting call to the best idle operator, or let it wait in the indexes."""
    floor = turn.floor
    queue = floor.queues[call.queue]
    call.ticket += 1
    not_before_s = max(call.not_before_s, call.spared_until_s)
    if turn.now.mono_s < not_before_s:
        turn.set_deadline(DeadlineKind.SEEK, not_before_s, call.ticket, call=call.id)
        return
    sought = Sought(call.node, queue.settings.skills | call.skills)
    if not floor.node(sought.node).routes(turn.now.mono_s):
        return  # all calls that wait there are routed when that changes
    if _waits_for_preferred(turn, call, queue, sought):
        return
    keeper = _keeper_of(floor, call)
    if keeper is not None:
        _offer(turn, call, keeper, queue, Rule.KEPT)
        return
    idle = _idle_heap(floor, queue, sought)
    while idle:
        entry = idle[0]
        operator = floor.operators.get(entry.operator)
        if operator is not None and operator.offerable and operator.ticket == entry.ticket:
            heappop(idle)
            _offer(turn, call, operator, queue, Rule.LONGEST_IDLE)
            return
        heappop(idle)
    _push_waiting(floor, queue.waiting.setdefault(sought, []), _waiting_entry(call), len(queue.waiting_calls))
    if floor.kept:
        floor.unserved[call.id] = None


def consider_operator(turn: Turn, operator: Operator) -> None:
    """Give a free operator the best waiting call, or put them among the idle."""
    floor = turn.floor
    if operator.offerable or operator.settings.id in floor.kept or not is_free(turn, operator):
        return
    found = _best_waiting(turn, operator)
    if found is not None:
        call, rule = found
        _offer(turn, call, operator, floor.queues[call.queue], rule)
        return
    operator.offerable = True
    operator.ticket += 1
    node = operator.node
    for membership in operator.settings.memberships:
        queue = floor.queues.get(membership.queue)
        if queue is None:
            continue
        queue.idle_operators += 1
        entry = _idle_entry(operator, membership.level)
        for (at, skills), heap in queue.idle.items():
            if at == node and skills <= operator.settings.skills:
                _push_idle(floor, heap, entry, queue.idle_operators)


def withdraw_operator(floor: Floor, operator: Operator) -> None:
    """Take an operator who is not free out of the idle indexes, and off the dial they are kept for, if any.

    The step looks for another operator for that dial at its end.
    """
    unlist(floor, operator)
    dial = floor.attempts.get(floor.kept.pop(operator.settings.id, AttemptId("")))
    if dial is not None:
        dial.keeper = None
        floor.unkept[dial.id] = None


def unlist(floor: Floor, operator: Operator) -> None:
    """Take an operator out of the idle indexes."""
    if not operator.offerable:
        return
    operator.offerable = False
    operator.ticket += 1
    for membership in operator.settings.memberships:
        queue = floor.queues.get(membership.queue)
        if queue is not None:
            queue.idle_operators -= 1


def release_preferring(turn: Turn, operator: OperatorId) -> None:
    """Let the calls that waited for this operator alone go to anyone, in order of rank."""
    floor = turn.floor
    entries = floor.preferring.pop(operator, [])
    alone = [c for e in entries if (c := floor.calls.get(e.call)) and c.ticket == e.ticket]
    for call in sorted(alone, key=lambda call: rank(turn, call)):
        seek_operator(turn, call)


def is_free(turn: Turn, operator: Operator) -> bool:
    """Whether this operator may be offered a call now."""
    return (
        operator.presence is Presence.AVAILABLE
        and operator.routing is RoutingState.IDLE
        and operator.device is DeviceState.REGISTERED
        and operator.rest_until_s <= turn.now.mono_s
        and turn.floor.node(operator.node).routes(turn.now.mono_s)
        and not turn.floor.is_on_the_phone(operator.settings.id)
    )


def rebuild_queue(turn: Turn, queue: Queue) -> None:
    """Rebuild a queue's indexes after its settings or members changed."""
    queue.idle.clear()
    queue.waiting.clear()
    queue.idle_operators = sum(1 for id_ in queue.members if turn.floor.operators[id_].offerable)
    calls = [turn.floor.calls[id_] for id_ in queue.waiting_calls]
    for call in sorted((c for c in calls if c.state is CallState.WAITING), key=lambda c: rank(turn, c)):
        seek_operator(turn, call)


def _waits_for_preferred(turn: Turn, call: Call, queue: Queue, sought: Sought) -> bool:
    """Offer the call to its preferred operator, or wait for them; False: the call is for any operator."""
    # A campaign's answer waits for the operator who previewed the lead, or who is to call back, whatever the queue's
    # setting is, but only briefly: the customer must have an operator within two seconds.
    preferred_s = PREVIEWED_S if call.attempt is not None else queue.settings.preferred_s
    if call.preferred is None or preferred_s <= 0:
        return False
    until_s = call.waiting_since.mono_s + preferred_s
    operator = turn.floor.operators.get(call.preferred)
    if (
        turn.now.mono_s >= until_s
        or operator is None
        or operator.presence is not Presence.AVAILABLE
        or operator.device is DeviceState.UNREACHABLE
        or operator.settings.id not in queue.members
        or not sought.skills <= operator.settings.skills
        or operator.node != sought.node
    ):
        return False
    if operator.offerable or _keeper_of(turn.floor, call) is operator:
        _offer(turn, call, operator, queue, Rule.PREFERRED)
        return True
    heap = turn.floor.preferring.setdefault(operator.settings.id, [])
    _push_waiting(turn.floor, heap, _waiting_entry(call), len(queue.waiting_calls))
    turn.set_deadline(DeadlineKind.SEEK, until_s, call.ticket, call=call.id)
    return True


def _best_waiting(turn: Turn, operator: Operator) -> tuple[Call, Rule] | None:
    floor = turn.floor
    skills, node = operator.settings.skills, operator.node
    best: WaitingEntry | None = None
    best_key: tuple[int, float, float, str] | None = None
    rule = Rule.LONGEST_WAITING
    for membership in operator.settings.memberships:
        queue = floor.queues.get(membership.queue)
        if queue is None:
            continue
        for (at, needed), heap in queue.waiting.items():
            if not heap or at != node or not needed <= skills:
                continue
            entry = _head(floor, heap)
            if entry is not None:
                key = _rank(entry, queue, turn.now.mono_s)
                if best_key is None or key < best_key:
                    best, best_key = entry, key
    held = floor.preferring.get(operator.settings.id)
    if held:
        # These are few, and in several queues: their order is not a heap's.
        held[:] = [e for e in held if (call := floor.calls.get(e.call)) and call.ticket == e.ticket]
        for entry in held:
            key = _rank(entry, floor.queues[floor.calls[entry.call].queue], turn.now.mono_s)
            if best_key is None or key < best_key:
                best, best_key, rule = entry, key, Rule.PREFERRED
    return None if best is None else (floor.calls[best.call], rule)


def rank(turn: Turn, call: Call) -> tuple[int, float, float, str]:
    """A waiting call's place across queues; the smallest is served first."""
    return _rank(_waiting_entry(call), turn.floor.queues[call.queue], turn.now.mono_s)


def _rank(entry: WaitingEntry, queue: Queue, now_s: float) -> tuple[int, float, float, str]:
    settings = queue.settings
    since_s = entry.waiting_since_s
    urgency = (now_s - since_s) / max(settings.target_s, 1.0)
    return entry.minus_priority - settings.priority, -urgency, since_s, entry.call


def _urgency(turn: Turn, call: Call, queue: Queue) -> float:
    """The wait as a share of the queue's target; a target under 1 s counts as 1 s."""
    return (turn.now.mono_s - call.waiting_since.mono_s) / max(queue.settings.target_s, 1.0)


def _offer(turn: Turn, call: Call, operator: Operator, queue: Queue, rule: Rule) -> None:
    floor, now, settings = turn.floor, turn.now, operator.settings
    was_indexed = operator.offerable
    kept_operators = sum(id_ in queue.members for id_ in floor.kept)
    other = _keeper_of(floor, call)
    if other is not None:
        del floor.kept[other.settings.id]
        floor.attempts[call.attempt or AttemptId("")].keeper = None
    id_ = OfferId(floor.next_offer)
    floor.next_offer += 1
    reason = Reason(
        rule=rule,
        level=queue.members[settings.id],
        skills=tuple(sorted(queue.settings.skills | call.skills)),
        idle_s=now.mono_s - operator.idle_since_s,
        waited_s=now.mono_s - call.waiting_since.mono_s,
        urgency=_urgency(turn, call, queue),
        idle_operators=queue.idle_operators + (not was_indexed),
        waiting_calls=len(queue.waiting_calls),
        kept_operators=kept_operators,
    )
    withdraw_operator(floor, operator)
    leg = Leg(operator=settings.id, endpoint=settings.endpoint, began=now, reason=reason)
    deadline_s = now.mono_s + queue.settings.ring_s + OFFER_LEASE_S
    call.offer = Offer(id_, settings.id, leg, deadline_s)
    call.legs.append(leg)
    call.state = CallState.OFFERED
    call.ticket += 1
    operator.routing = RoutingState.RESERVED
    operator.call = call.id
    operator.ticket += 1
    turn.set_deadline(DeadlineKind.OFFER, deadline_s, id_, call=call.id)
    turn.facts.append(
        OfferMade(
            call=call.id,
            offer=id_,
            operator=settings.id,
            endpoint=settings.endpoint,
            queue=call.queue,
            reason=reason,
        )
    )
    turn.operator_changed(operator, "offered")
    turn.commands.append(
        OfferCall(
            call=call.id,
            offer=id_,
            channel=call.channel,
            operator=settings.id,
            endpoint=settings.endpoint,
            ring_s=queue.settings.ring_s,
            auto_answer=settings.auto_answer
            or _is_live(turn.floor, call),  # a customer who was called must not wait for a click
            caller_name=call.contact_name,
        )
    )
    if other is not None and other is not operator:
        consider_operator(turn, other)


def _keeper_of(floor: Floor, call: Call) -> Operator | None:
    """The operator who is kept for the dial that became this call."""
    attempt = floor.attempts.get(call.attempt) if call.attempt is not None else None
    return floor.operators.get(attempt.keeper) if attempt is not None and attempt.keeper is not None else None


def _is_live(floor: Floor, call: Call) -> bool:
    """Whether a campaign called this customer, and no operator has talked with them yet."""
    attempt = floor.attempts.get(call.attempt) if call.attempt is not None else None
    return attempt is not None and attempt.connected is None


def _idle_heap(floor: Floor, queue: Queue, sought: Sought) -> list[IdleEntry]:
    """The queue's idle operators of this node who have these skills; built when first asked for."""
    heap = queue.idle.get(sought)
    if heap is None:
        heap = [
            _idle_entry(operator, level)
            for id_, level in queue.members.items()
            if (operator := floor.operators[id_]).offerable
            and operator.node == sought.node
            and sought.skills <= operator.settings.skills
        ]
        heapify(heap)
        queue.idle[sought] = heap
    return heap


def _idle_entry(operator: Operator, level: int) -> IdleEntry:
    return IdleEntry(level, operator.idle_since_s, operator.settings.id, operator.ticket)


def _waiting_entry(call: Call) -> WaitingEntry:
    priority = call.priority + FIRST_IN_LINE if call.first_in_line else call.priority
    return WaitingEntry(-priority, call.waiting_since.mono_s, call.id, call.ticket)


def _head(floor: Floor, heap: list[WaitingEntry]) -> WaitingEntry | None:
    """The first entry of a heap that is not void; void ones before it are dropped. None: the heap is empty."""
    while heap:
        entry = heap[0]
        call = floor.calls.get(entry.call)
        if call is not None and call.ticket == entry.ticket:
            return entry
        heappop(heap)
    return None


def _push_idle(floor: Floor, heap: list[IdleEntry], entry: IdleEntry, live: int) -> None:
    if len(heap) > _SWEEP_FROM + 2 * live:
        heap[:] = [e for e in heap if (op := floor.operators.get(e.operator)) and op.ticket == e.ticket]
        heapify(heap)
    heappush(heap, entry)


def _push_waiting(floor: Floor, heap: list[WaitingEntry], entry: WaitingEntry, live: int) -> None:
    if len(heap) > _SWEEP_FROM + 2 * live:
        heap[:] = [e for e in heap if (call := floor.calls.get(e.call)) and call.ticket == e.ticket]
        heapify(heap)
    heappush(heap, entry)
