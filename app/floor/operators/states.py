"""Presence, routing and device state of operators, kept apart, each change with a cause.

An operator is offered a call when available, idle, registered and not resting after a miss.
"""

from datetime import timedelta

from app.domain.calls import OfferOutcome
from app.domain.ids import AttemptId, OperatorId, node_of
from app.domain.now import Now
from app.domain.operators import DeviceState, OperatorSettings, Presence, RoutingState
from app.domain.queues import QueueSettings
from app.floor.calls.routing import consider_operator, release_preferring, withdraw_operator
from app.floor.campaigns import statistics_updates
from app.floor.commands import ReleaseLead
from app.floor.errors import (
    DispositionOwed,
    EndpointInCall,
    EndpointTaken,
    NoWrapUp,
    OperatorInCall,
    OperatorNotOnFloor,
)
from app.floor.facts import AttemptDisposed, OperatorGone
from app.floor.floor import DeadlineKind, Floor
from app.floor.model import LastCampaignCall, Operator
from app.floor.turn import Turn

PUT_ASIDE_REASON = "missed_calls"
"""The break reason of an operator who missed too many calls."""
PHONE_FAILED_REASON = "phone_failed"
"""The break reason of an operator whose phone answers offers with errors."""
FAILURES_MAX = 3
"""After this many errors in a row an operator is put on a break; after the queue's `miss_limit` if that is more."""
OWN_CALL_S = 1.0
"""How long after a refused offer the floor may learn that the phone has a call of its own; at most `MIN_REST_S`."""
MIN_REST_S = 1.0
"""The least rest after a failed offer: a phone that declines at once must not be offered calls in a loop."""
_BUSY = frozenset(
    {RoutingState.RESERVED, RoutingState.RINGING, RoutingState.TALKING, RoutingState.ON_HOLD},
)
_WAITED_FOR = _BUSY | {RoutingState.PREVIEWING}
"""Routing states that a break waits for the end of."""


def ask_presence(turn: Turn, id_: OperatorId, presence: Presence, reason: str, cause: str) -> None:
    """Change presence now, or when the present call ends.

    Raises:
        OperatorNotOnFloor: no such operator.
    """
    operator = known(turn, id_)
    if presence is not Presence.AVAILABLE:
        give_back(turn, operator, "operator_left")
    if operator.routing in _WAITED_FOR and presence is not Presence.AVAILABLE:
        operator.pending = (presence, reason, cause)
        turn.operator_changed(operator, "presence_asked")
        return
    had_pending = operator.pending is not None
    operator.pending = None
    reason = reason if presence is Presence.ON_BREAK else ""
    if (operator.presence, operator.break_reason) != (presence, reason) or had_pending:
        _set_presence(turn, operator, presence, reason, cause)


def end_wrap_up(turn: Turn, id_: OperatorId, cause: str) -> None:
    """End an operator's wrap-up at their request.

    Raises:
        OperatorNotOnFloor: no such operator.
        NoWrapUp: the operator is in no wrap-up.
        DispositionOwed: the call still needs its disposition.
    """
    operator = known(turn, id_)
    if operator.routing is not RoutingState.WRAP_UP:
        raise NoWrapUp
    if operator.talked is not None and operator.talked.owed:
        raise DispositionOwed
    _become_idle(turn, operator, cause)


def give_back(turn: Turn, operator: Operator, reason: str, *, skipped: bool = False) -> None:
    """Give back the lead that an operator looks at; one that is being dialled stays."""
    preview = turn.floor.previews.get(operator.settings.id)
    if preview is None or preview.dialled:
        return
    if preview.lead is not None:
        turn.commands.append(ReleaseLead(preview.id, preview.campaign, reason, skipped))
    preview_over(turn, operator, reason)


def preview_over(turn: Turn, operator: Operator, cause: str) -> None:
    """End an operator's preview: they become idle, or begin a break that was asked for."""
    turn.floor.previews.pop(operator.settings.id, None)
    if operator.routing is not RoutingState.PREVIEWING:
        return
    operator.routing = RoutingState.IDLE
    operator.idle_since_s = turn.now.mono_s
    operator.ticket += 1
    turn.operator_changed(operator, cause)
    if not _begin_pending(turn, operator):
        consider_operator(turn, operator)


def wrap_up_over(turn: Turn, operator: Operator) -> None:
    """End a wrap-up whose time is over, unless the call still needs its disposition."""
    if operator.talked is None or not operator.talked.owed:
        _become_idle(turn, operator, "wrap_up_over")


def disposed(turn: Turn, attempt: AttemptId) -> None:
    """Note that a campaign's call has its disposition; a wrap-up that waited only for it ends."""
    floor = turn.floor
    under_way = floor.attempts.get(attempt)
    call = floor.calls.get(under_way.call) if under_way is not None and under_way.call is not None else None
    if call is not None and not call.disposed:
        call.disposed = True
        turn.facts.append(AttemptDisposed(attempt, call=call.id))
    for operator in floor.operators.values():
        if operator.talked is None or operator.talked.attempt != attempt or operator.talked.disposed:
            continue
        operator.talked = operator.talked._replace(disposed=True)
        turn.facts.append(AttemptDisposed(attempt, operator=operator.settings.id))
        until = operator.wrap_up_until
        if operator.routing is RoutingState.WRAP_UP and until is not None and until.mono_s <= turn.now.mono_s:
            _become_idle(turn, operator, "disposed")


def change_device(turn: Turn, endpoint: str, device: DeviceState) -> None:
    """Take the state of a phone that the PBX reported."""
    id_ = turn.floor.by_endpoint.get(endpoint)
    if id_ is None:
        return
    operator = turn.floor.operators[id_]
    if operator.device is device:
        return
    operator.device = device
    turn.operator_changed(operator, "device")
    if device is DeviceState.REGISTERED:
        consider_operator(turn, operator)
    else:
        withdraw_operator(turn.floor, operator)
        if device is DeviceState.UNREACHABLE:
            give_back(turn, operator, "phone_lost")
            release_preferring(turn, id_)


def occupy(turn: Turn, operator: Operator, routing: RoutingState, cause: str) -> None:
    """Let a call take up an operator. A lead that they look at is given back for somebody else."""
    withdraw_operator(turn.floor, operator)
    preview = turn.floor.previews.get(operator.settings.id)
    if preview is not None and preview.lead is not None and not preview.dialled:
        del turn.floor.previews[operator.settings.id]
        turn.commands.append(ReleaseLead(preview.id, preview.campaign, "in_a_call", skipped=False))
    if routing is RoutingState.TALKING and operator.routing is not RoutingState.ON_HOLD:
        operator.busy_since_s = turn.now.mono_s
    operator.routing = routing
    operator.ticket += 1
    turn.operator_changed(operator, cause)


def offer_lapsed(
    turn: Turn, operator: Operator, queue: QueueSettings, outcome: OfferOutcome, *, error: bool = False
) -> None:
    """Free an operator whose offer failed; after too many misses or errors, put them on a break.

    Args:
        turn: the step.
        operator: the operator to free.
        queue: the settings of the offer's queue.
        outcome: the offer's outcome.
        error: whether the phone answered with an error, such as 404 or 503.
    """
    operator.call = None
    now_s = turn.now.mono_s
    if outcome is not OfferOutcome.CANCELLED:
        operator.idle_since_s = now_s
        operator.rest_until_s = now_s + max(queue.retry_s, MIN_REST_S)
    operator.routing = RoutingState.IDLE
    operator.ticket += 1
    if outcome is OfferOutcome.REJECTED:
        operator.missed = queue.id, turn.now
        turn.set_deadline(
            DeadlineKind.MISS, now_s + OWN_CALL_S, operator.ticket, operator=operator.settings.id
        )
    elif outcome is OfferOutcome.TIMED_OUT and not turn.floor.is_on_the_phone(operator.settings.id):
        _count_miss(operator, queue)
    elif error:
        operator.failures += 1
        if operator.failures >= max(FAILURES_MAX, queue.miss_limit):
            _put_aside(operator, queue, PHONE_FAILED_REASON)
    if operator.rest_until_s > now_s:
        turn.set_deadline(
            DeadlineKind.REST, operator.rest_until_s, operator.ticket, operator=operator.settings.id
        )
    turn.operator_changed(operator, f"offer_{outcome.value}")
    if not _begin_pending(turn, operator):
        consider_operator(turn, operator)


def call_over(
    turn: Turn, operator: Operator, wrap_up_s: float, talked: LastCampaignCall | None = None
) -> None:
    """Free an operator whose talk ended: into wrap-up, then idle. A break asked for begins here.

    A call that needs its disposition gets a wrap-up even if its queue has none.
    """
    operator.call = None
    operator.ticket += 1
    operator.talked = talked
    has_work = wrap_up_s > 0 or (talked is not None and talked.owed)
    if has_work and not (operator.pending and operator.pending[0] is Presence.OFFLINE):
        operator.routing = RoutingState.WRAP_UP
        until = Now(turn.now.mono_s + wrap_up_s, turn.now.wall + timedelta(seconds=wrap_up_s))
        operator.wrap_up_until = until
        operator.busy_since_s = turn.now.mono_s
        turn.set_deadline(
            DeadlineKind.WRAP_UP,
            until.mono_s,
            operator.ticket,
            operator=operator.settings.id,
        )
        turn.operator_changed(operator, "call_ended")
        _begin_pending(turn, operator)
    elif operator.pending is not None:
        operator.routing = RoutingState.IDLE
        turn.operator_changed(operator, "call_ended")
        _begin_pending(turn, operator)
    else:
        _become_idle(turn, operator, "call_ended")


def set_operator(turn: Turn, settings: OperatorSettings) -> None:
    """Make or change an operator.

    Raises:
        EndpointTaken: the endpoint is another operator's.
        EndpointInCall: the endpoint would change during a call.
    """
    floor = turn.floor
    owner = floor.by_endpoint.get(settings.endpoint)
    if owner is not None and owner != settings.id:
        raise EndpointTaken(endpoint=settings.endpoint)
    operator = floor.operators.get(settings.id)
    if operator is None:
        operator = Operator(settings)
        floor.operators[settings.id] = operator
        before: OperatorSettings | None = None
    else:
        before = operator.settings
        if operator.routing in _BUSY and before.endpoint != settings.endpoint:
            raise EndpointInCall
        withdraw_operator(floor, operator)
        floor.by_endpoint.pop(before.endpoint, None)
        if before.endpoint != settings.endpoint:
            operator.device = DeviceState.UNREACHABLE
    operator.settings, operator.node = settings, node_of(settings.endpoint)
    floor.by_endpoint[settings.endpoint] = settings.id
    if before is None or before.endpoint != settings.endpoint:
        turn.take_snapshot(operator.node, "phone_added")  # to learn the phone's state
    _enter_queues(turn, settings, before)
    turn.operator_changed(operator, "settings")
    consider_operator(turn, operator)


def check_operator_removal(floor: Floor, id_: OperatorId) -> None:
    """Check that an operator may be removed; one who is not on the floor may.

    Raises:
        OperatorInCall: the operator is in a call, or their lead is being dialled.
    """
    operator, preview = floor.operators.get(id_), floor.previews.get(id_)
    if (operator is not None and operator.routing in _BUSY) or (preview is not None and preview.dialled):
        raise OperatorInCall


def remove_operator(turn: Turn, id_: OperatorId) -> None:
    """Take an operator off the floor.

    Raises:
        OperatorNotOnFloor: no such operator.
        OperatorInCall: the operator is in a call, or their lead is being dialled.
    """
    operator = known(turn, id_)
    check_operator_removal(turn.floor, id_)
    give_back(turn, operator, "operator_removed")
    floor = turn.floor
    withdraw_operator(floor, operator)
    del floor.operators[id_]
    floor.by_endpoint.pop(operator.settings.endpoint, None)
    for membership in operator.settings.memberships:
        if queue := floor.queues.get(membership.queue):
            queue.members.pop(id_, None)
    release_preferring(turn, id_)
    turn.facts.append(OperatorGone(id_))


def known(turn: Turn, id_: OperatorId) -> Operator:
    """The operator of this id.

    Raises:
        OperatorNotOnFloor: no such operator.
    """
    operator = turn.floor.operators.get(id_)
    if operator is None:
        raise OperatorNotOnFloor(operator=id_)
    return operator


def _enter_queues(turn: Turn, settings: OperatorSettings, before: OperatorSettings | None) -> None:
    floor = turn.floor
    left = {m.queue for m in before.memberships} if before else set()
    for queue_id in left - {m.queue for m in settings.memberships}:
        if queue := floor.queues.get(queue_id):
            queue.members.pop(settings.id, None)
    for membership in settings.memberships:
        if queue := floor.queues.get(membership.queue):
            queue.members[settings.id] = membership.level
    if before is not None and _serves(before) != _serves(settings):
        release_preferring(turn, settings.id)


def _serves(settings: OperatorSettings) -> tuple[object, ...]:
    """What decides which calls may be offered to the operator."""
    return settings.skills, settings.memberships, node_of(settings.endpoint)


def judge_miss(turn: Turn, operator: Operator) -> None:
    """Count a refused offer as a miss, unless the phone is in a call of its own."""
    missed, operator.missed = operator.missed, None
    own_call = turn.floor.is_on_the_phone(operator.settings.id) or operator.device is DeviceState.IN_USE
    queue = turn.floor.queues.get(missed[0]) if missed is not None and not own_call else None
    if queue is not None:
        _count_miss(operator, queue.settings)
        if operator.routing is RoutingState.IDLE:
            _begin_pending(turn, operator)


def _count_miss(operator: Operator, queue: QueueSettings) -> None:
    operator.misses += 1
    if operator.misses >= queue.miss_limit:
        _put_aside(operator, queue, PUT_ASIDE_REASON)


def _put_aside(operator: Operator, queue: QueueSettings, reason: str) -> None:
    if queue.miss_limit and operator.pending is None:
        operator.pending = (Presence.ON_BREAK, reason, "put_aside")


def _become_idle(turn: Turn, operator: Operator, cause: str) -> None:
    wrapped_up = operator.routing is RoutingState.WRAP_UP
    statistics_updates.wrapped_up(
        turn, operator, turn.now.mono_s - operator.busy_since_s if wrapped_up else 0.0
    )
    operator.routing = RoutingState.IDLE
    operator.idle_since_s = turn.now.mono_s
    operator.ticket += 1
    turn.operator_changed(operator, cause)
    consider_operator(turn, operator)


def _begin_pending(turn: Turn, operator: Operator) -> bool:
    if operator.pending is None:
        return False
    presence, reason, cause = operator.pending
    operator.pending = None
    _set_presence(turn, operator, presence, reason, cause)
    return True


def _set_presence(turn: Turn, operator: Operator, presence: Presence, reason: str, cause: str) -> None:
    floor = turn.floor
    operator.presence = presence
    operator.break_reason = reason
    operator.break_began = turn.now if presence is Presence.ON_BREAK else None
    if presence is Presence.AVAILABLE:
        operator.misses = operator.failures = 0
        operator.missed = None
        operator.rest_until_s = 0.0
        if operator.routing is RoutingState.IDLE and not operator.offerable:
            operator.idle_since_s = turn.now.mono_s
    elif presence is Presence.OFFLINE and operator.routing is RoutingState.WRAP_UP:
        operator.routing = RoutingState.IDLE
        operator.ticket += 1
    turn.operator_changed(operator, cause)
    if presence is Presence.AVAILABLE:
        consider_operator(turn, operator)
    else:
        withdraw_operator(floor, operator)
        release_preferring(turn, operator.settings.id)
