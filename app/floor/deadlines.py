"""Deadlines: what each does when it is due, and whether it still applies."""

from heapq import heappop

from app.domain.calls import CallState
from app.domain.ids import OperatorId
from app.domain.operators import RoutingState
from app.floor.calls import fallback_return, offers, waiting
from app.floor.calls.routing import consider_operator
from app.floor.campaigns import attempts, previews
from app.floor.campaigns.dialing import Attempt
from app.floor.floor import Deadline, DeadlineKind, Floor
from app.floor.model import Call, Operator
from app.floor.operators import states
from app.floor.outgoing import money
from app.floor.turn import Turn


def expire(turn: Turn) -> None:
    """Handle the deadlines that are due, in order of time; void ones are dropped."""
    floor = turn.floor
    deadlines = floor.deadlines
    while deadlines and deadlines[0].at_s <= turn.now.mono_s:
        due = heappop(deadlines)
        if not is_live(floor, due):
            continue
        if due.kind is DeadlineKind.OUTGOING and due.call is not None:
            money.pay_on(turn, floor.outgoing.calls[due.call])
        elif due.call is not None:
            _of_call(turn, due.kind, floor.calls[due.call])
        elif due.attempt is not None:
            if due.kind is DeadlineKind.CONNECT:
                attempts.overdue(turn, floor.attempts[due.attempt])
            else:
                attempts.unheard_of(turn, floor.attempts[due.attempt])
        elif due.kind is DeadlineKind.LOOK:
            floor.look_at_campaigns = True
        elif due.kind is DeadlineKind.SHARED:
            fallback_return.give_up(turn, due.at_s)
        elif due.operator is not None:
            _of_operator(turn, due.kind, due.operator)


def _of_operator(turn: Turn, kind: DeadlineKind, id_: OperatorId) -> None:
    operator = turn.floor.operators[id_]
    if kind is DeadlineKind.PREVIEW:
        previews.time_over(turn, turn.floor.previews[id_])
    elif kind is DeadlineKind.WRAP_UP:
        states.wrap_up_over(turn, operator)
    elif kind is DeadlineKind.MISS:
        states.judge_miss(turn, operator)
    else:
        consider_operator(turn, operator)


def is_live(floor: Floor, due: Deadline) -> bool:
    """Whether a deadline still applies: its call, attempt or operator has not moved on."""
    if due.kind is DeadlineKind.OUTGOING:
        outside = floor.outgoing.calls.get(due.call) if due.call is not None else None
        return outside is not None and outside.look_s == due.at_s
    if due.call is not None:
        call = floor.calls.get(due.call)
        return call is not None and _is_calls(call, due)
    if due.attempt is not None:
        attempt = floor.attempts.get(due.attempt)
        return attempt is not None and _is_attempts(attempt, due)
    if due.kind is DeadlineKind.LOOK:
        return due.at_s == floor.look_at_s
    if due.kind is DeadlineKind.SHARED:
        return any(node.taking_back and node.shared_until_s == due.at_s for node in floor.nodes.values())
    if due.kind is DeadlineKind.PREVIEW:
        preview = floor.previews.get(due.operator) if due.operator is not None else None
        return preview is not None and preview.until is not None and preview.until.mono_s == due.at_s
    operator = floor.operators.get(due.operator) if due.operator is not None else None
    return operator is not None and _is_operators(operator, due)


def _of_call(turn: Turn, kind: DeadlineKind, call: Call) -> None:
    if kind is DeadlineKind.SEEK:
        waiting.wait_on(turn, call)
    elif kind is DeadlineKind.OFFER:
        offers.offer_overdue(turn, call)
    elif kind is DeadlineKind.MAX_WAIT:
        waiting.max_wait_over(turn, call)
    else:
        turn.take_snapshot(call.node, "missing" if kind is DeadlineKind.MISSING else "still_leaving")


def _is_calls(call: Call, due: Deadline) -> bool:
    if due.kind is DeadlineKind.SEEK:
        return call.ticket == due.ticket and call.state is CallState.WAITING
    if due.kind is DeadlineKind.OFFER:
        return call.offer is not None and call.offer.id == due.ticket
    if due.kind is DeadlineKind.MISSING:
        return call.missing_since is not None and call.joins == due.ticket
    if due.kind is DeadlineKind.LEAVE:
        leaving = call.state is CallState.LEAVING or call.alone_since is not None
        return call.ticket == due.ticket and leaving
    # MAX_WAIT stays live while a phone rings: the call may be back on hold before the longest wait is over.
    return call.joins == due.ticket and call.state in waiting.IN_QUEUE


def _is_attempts(attempt: Attempt, due: Deadline) -> bool:
    if due.kind is DeadlineKind.CONNECT:
        return attempt.connected is None
    return attempt.answered is None and (attempt.dialled is not None) == bool(due.ticket)


def _is_operators(operator: Operator, due: Deadline) -> bool:
    if due.kind is DeadlineKind.WRAP_UP:
        return operator.routing is RoutingState.WRAP_UP and operator.ticket == due.ticket
    if due.kind is DeadlineKind.MISS:
        return operator.missed is not None and operator.missed[1].mono_s + states.OWN_CALL_S == due.at_s
    return operator.rest_until_s == due.at_s
