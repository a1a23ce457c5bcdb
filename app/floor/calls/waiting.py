"""How a call waits: it joins a queue, keeps its place, and leaves when answered, abandoned or over the longest wait."""

from app.domain.calls import CallOutcome, CallState, EndedBy
from app.domain.ids import CallId, ChannelId, NodeId, QueueId
from app.domain.now import Now
from app.domain.queues import MaxWait
from app.floor.calls import crowds
from app.floor.calls.routing import consider_operator, rank, seek_operator, unlist
from app.floor.commands import DismissCall, IdentifyCaller, ReturnToHold
from app.floor.facts import CallLeaving, CallQueued, FaultSeen
from app.floor.floor import DeadlineKind
from app.floor.model import Call
from app.floor.turn import Turn

IN_QUEUE = frozenset({CallState.WAITING, CallState.OFFERED, CallState.RINGING})
UNKNOWN_QUEUE_MESSAGE = "please-try-call-later"
BUSY = ""
"""No message: the caller hears the busy tone."""
RETRY_S = 1.0
"""How long the floor waits before it moves a call again that the PBX refused to move."""
SPARED_S = 4.0
"""How long the PBX may take to put a caller back on hold, or a phone that it rings by itself to be picked up."""


def join(turn: Turn, call: Call, queue_id: QueueId, cause: str, since: Now | None = None) -> None:
    """Let a call wait in a queue; the contact base is first asked who a new caller is.

    Args:
        turn: the step.
        call: a call in no queue.
        queue_id: the queue; if there is none, the caller is let go.
        cause: `arrived`, `campaign`, `transferred`, `max_wait`, `paused`, `moved`, `adopted` or `phone_lost`.
        since: when the call joined; now if not given.
    """
    queue = turn.floor.queues.get(queue_id)
    if queue is None:
        turn.facts.append(FaultSeen("unknown_queue", queue_id))
        dismiss(turn, call, UNKNOWN_QUEUE_MESSAGE, CallOutcome.FAILED, "unknown_queue")
        return
    call.queue = queue_id
    call.state = CallState.WAITING
    call.joined = since or turn.now
    if cause not in ("max_wait", "paused", "moved"):
        call.waiting_since = call.joined
    call.joins += 1
    call.refusals = 0
    call.alone_since = None
    call.asked_back = False
    call.stopped = None
    queue.waiting_calls[call.id] = None
    crowds.joined(turn.floor, call)
    if call.campaign is None and not call.internal and cause != "adopted":
        queue.arrivals.came(turn.now.mono_s)
    turn.facts.append(CallQueued(call.id, queue_id, cause))
    limit_wait(turn, call)
    if cause in ("arrived", "adopted") and call.caller_number and turn.floor.identify_s > 0:
        turn.commands.append(
            IdentifyCaller(call.id, call.caller_number, queue_id, adopted=cause == "adopted")
        )
        call.not_before_s = turn.now.mono_s + turn.floor.identify_s
    if not sent_on(turn, call):
        seek_operator(turn, call)


def route_all(turn: Turn, node: NodeId) -> None:
    """Rebuild a PBX's indexes and offer what can be offered: the call of the highest rank to the best operator."""
    floor = turn.floor
    for queue in floor.queues.values():
        for index in (queue.idle, queue.waiting):
            for sought in [one for one in index if one.node == node]:
                del index[sought]
    operators = [operator for operator in floor.operators.values() if operator.node == node]
    for operator in operators:
        floor.preferring.pop(operator.settings.id, None)
        unlist(floor, operator)
    for operator in operators:
        consider_operator(turn, operator)
    waiting = [call for call in floor.calls.values() if call.state is CallState.WAITING and call.node == node]
    for call in sorted(waiting, key=lambda call: rank(turn, call)):
        wait_on(turn, call)


def limit_wait(turn: Turn, call: Call) -> None:
    """Set the deadline of the longest wait by the queue's present settings."""
    settings = turn.floor.queues[call.queue].settings
    if settings.max_wait_s > 0 and settings.max_wait_then is not MaxWait.STAY:
        at_s = call.joined.mono_s + settings.max_wait_s
        turn.set_deadline(DeadlineKind.MAX_WAIT, at_s, call.joins, call=call.id)


def wait_again(turn: Turn, call: Call, cause: str) -> None:
    """Let a call wait on with its place kept after an offer failed, unless its longest wait is over."""
    call.state = CallState.WAITING
    turn.facts.append(CallQueued(call.id, call.queue, cause))
    wait_on(turn, call)


def take_from_ringing(turn: Turn, call: Call) -> None:
    """Let the PBX put a caller back on hold, away from a phone that rings. Until it has, no other phone is rung.

    A second move that follows at once would be refused, or lost.
    """
    turn.commands.append(ReturnToHold(call.id, call.channel))
    if call.offer is not None:
        call.stopped = call.offer.leg.endpoint
    call.asked_back = True
    call.spared_until_s = turn.now.mono_s + SPARED_S


def wait_on(turn: Turn, call: Call) -> None:
    """Route a waiting call, unless its queue is paused or its longest wait is over."""
    if not sent_on(turn, call) and not max_wait_over(turn, call):
        seek_operator(turn, call)


def sent_on(turn: Turn, call: Call) -> bool:
    """Let a caller wait in the overflow queue of a paused one, or go with its message; False: the queue is not paused.

    Customers whom a campaign called stay: the campaign is paused by itself. While the link is lost, nobody is moved.
    """
    floor = turn.floor
    settings = floor.queues[call.queue].settings
    if settings.paused is None or call.campaign is not None:
        return False
    if call.state is not CallState.WAITING or not floor.node(call.node).linked:
        return False
    overflow = floor.queues.get(settings.overflow_queue) if settings.overflow_queue is not None else None
    if overflow is not None and overflow.settings.paused is None:
        leave_queue(turn, call)
        join(turn, call, overflow.settings.id, "paused")
    else:
        dismiss(turn, call, settings.leave_message, CallOutcome.MAX_WAIT, "paused")
    return True


def max_wait_over(turn: Turn, call: Call) -> bool:
    """Do what the queue's settings say follows the longest wait; False: it is not over, or nothing follows.

    While the link is lost, nobody is moved; the next snapshot routes all waiting calls.
    """
    floor = turn.floor
    settings = floor.queues[call.queue].settings
    over_s = call.joined.mono_s + settings.max_wait_s  # the same sum as the deadline's, to the last bit
    if settings.max_wait_s <= 0 or turn.now.mono_s < over_s:
        return False
    if call.state is not CallState.WAITING or not floor.node(call.node).linked:
        return False
    if settings.max_wait_then is MaxWait.QUEUE and settings.overflow_queue in floor.queues:
        leave_queue(turn, call)
        join(turn, call, settings.overflow_queue, "max_wait")
        return True
    if settings.max_wait_then is MaxWait.LEAVE:
        dismiss(turn, call, settings.leave_message, CallOutcome.MAX_WAIT, "max_wait")
        return True
    return False


def leave_queue(turn: Turn, call: Call, left: Now | None = None) -> None:
    """End the wait in the present queue, however it ended, as of `left` or now."""
    queue = turn.floor.queues.get(call.queue)
    if queue is not None and call.id in queue.waiting_calls:
        del queue.waiting_calls[call.id]
        crowds.left(turn.floor, call)
        call.waited_s += max(0.0, (left or turn.now).mono_s - call.joined.mono_s)
        call.ticket += 1


def let_go(turn: Turn, call: Call, outcome: CallOutcome) -> None:
    """Let a call wait no more: the service ends it with this outcome."""
    leave_queue(turn, call)
    call.state = CallState.LEAVING
    call.ticket += 1
    call.leaving = outcome
    call.hung_up_first = EndedBy.SERVICE


def dismiss(turn: Turn, call: Call, message: str, outcome: CallOutcome, cause: str) -> None:
    """Let a caller go with a message; the call ends when the channel hangs up."""
    let_go(turn, call, outcome)
    turn.facts.append(CallLeaving(call.id, message, cause))
    turn.commands.append(DismissCall(call.id, call.channel, message))


def lost(turn: Turn, channel: ChannelId) -> None:
    """Let a waiting call go that the PBX is about to end because its line is silent; an offered call goes on."""
    call = turn.floor.calls.get(turn.floor.by_channel.get(channel, CallId("")))
    if call is None or call.channel != channel or call.state is not CallState.WAITING:
        return
    let_go(turn, call, CallOutcome.LOST)
    turn.facts.append(CallLeaving(call.id, "", "nothing_heard"))


def dismissal_refused(turn: Turn, command: DismissCall) -> None:
    """Handle a refused `DismissCall`. Mostly the caller has just hung up; if not, a snapshot will show it."""
    call = turn.floor.calls.get(command.call)
    if call is not None and call.state is CallState.LEAVING:
        at_s = turn.now.mono_s + RETRY_S
        turn.set_deadline(DeadlineKind.LEAVE, at_s, call.ticket, call=call.id)


def dismiss_again(turn: Turn, call: Call) -> None:
    """Dismiss a caller once more who was let go and is still on hold."""
    queue = turn.floor.queues.get(call.queue)
    message = queue.settings.leave_message if queue else UNKNOWN_QUEUE_MESSAGE
    if call.leaving in (CallOutcome.LOST, CallOutcome.TURNED_AWAY):
        message = BUSY
    turn.commands.append(DismissCall(call.id, call.channel, message))
