"""How a call moves: it waits, is offered, rings, is talked, held, transferred, and ends."""

from app.floor.commands import DismissCall, IdentifyCaller, ReturnToHold
from app.floor.events import CallEntered, CallerIdentified
from app.floor.facts import (
    CallAnswered,
    CallArrived,
    CallerKnown,
    CallHeld,
    CallLeaving,
    CallQueued,
    CallResumed,
    FaultSeen,
    OfferEnded,
    OfferRang,
)
from app.floor.floor import DeadlineKind
from app.floor.legs import end_leg, find_leg
from app.floor.model import (
    Call,
    CallId,
    CallOutcome,
    CallState,
    ChannelId,
    EndedBy,
    Leg,
    MaxWait,
    OfferId,
    OfferOutcome,
    Operator,
    QueueId,
    RoutingState,
)
from app.floor.operators import occupy, offer_lapsed
from app.floor.routing import seek_operator
from app.floor.turn import Turn

RETRY_S = 1.0
"""How long a call is left on hold after the PBX refused to move it."""
UNKNOWN_QUEUE_MESSAGE = "keskus-goodbye"
_IN_QUEUE = frozenset({CallState.WAITING, CallState.OFFERED, CallState.RINGING})


def enter(turn: Turn, event: CallEntered) -> None:
    """A channel asks for a queue: a new call, or one an operator sent there."""
    call = call_of(turn, event.channel)
    if call is None:
        call = begin(turn, event)
        cause = "arrived"
    elif call.state in _IN_QUEUE and call.queue == event.queue:
        return  # the dialplan said it twice
    else:
        leave_queue(turn, call)
        if call.talking is not None:
            end_leg(turn, call, call.talking)
        cause = "transferred"
    if event.queue not in turn.floor.queues:
        turn.facts.append(FaultSeen("unknown_queue", event.queue))
        dismiss(turn, call, UNKNOWN_QUEUE_MESSAGE, CallOutcome.FAILED, "unknown_queue")
        return
    join(turn, call, event.queue, cause)


def begin(turn: Turn, event: CallEntered) -> Call:
    """Put a new call on the floor, in no queue yet."""
    skills = event.skills | {f"lang:{event.language}"} if event.language else event.skills
    call = Call(
        CallId(event.channel),
        event.channel,
        event.channel_name,
        event.caller_number,
        event.caller_name,
        event.dialed,
        event.queue,
        event.language,
        skills,
        event.priority,
        turn.now,
        turn.now,
        turn.now,
        event.queue,
    )
    turn.floor.calls[call.id] = call
    turn.floor.by_channel[call.channel] = call.id
    turn.facts.append(
        CallArrived(
            call.id,
            call.queue,
            call.caller_number,
            call.caller_name,
            call.dialed,
            call.channel_name,
            call.language,
            tuple(sorted(skills)),
            call.priority,
        )
    )
    return call


def join(turn: Turn, call: Call, queue_id: QueueId, cause: str) -> None:
    """Let a call wait in a queue, from now; a new call is identified first."""
    queue = turn.floor.queues[queue_id]
    call.queue = queue_id
    call.state = CallState.WAITING
    call.joined = turn.now
    if cause != "max_wait":
        call.waiting_since = turn.now
    call.joins += 1
    call.ticket += 1
    queue.waiting_calls[call.id] = None
    turn.facts.append(CallQueued(call.id, queue_id, cause))
    now_s = turn.now.mono_s
    if queue.settings.max_wait_s > 0 and queue.settings.max_wait_then is not MaxWait.STAY:
        turn.set_deadline(DeadlineKind.MAX_WAIT, now_s + queue.settings.max_wait_s, call.joins, call=call.id)
    if cause == "arrived" and call.caller_number and turn.floor.identify_s > 0:
        turn.commands.append(IdentifyCaller(call.id, call.caller_number, queue_id))
        turn.set_deadline(DeadlineKind.SEEK, now_s + turn.floor.identify_s, call.ticket, call=call.id)
    else:
        seek_operator(turn, call)


def identify(turn: Turn, event: CallerIdentified) -> None:
    """Take the contact base's answer; a call that waited for it is routed now."""
    call = turn.floor.calls.get(event.call)
    if call is None:
        return
    call.contact, call.contact_name, call.matches = event.contact, event.name, event.matches
    call.preferred = event.preferred
    if event.matches:
        turn.facts.append(CallerKnown(call.id, event.name, event.contact, event.matches, "lookup"))
    if call.state is CallState.WAITING:
        seek_operator(turn, call)


def leg_dialed(turn: Turn, caller: ChannelId, channel: ChannelId, endpoint: str) -> None:
    """A phone rings for a call: the offer's, or one it was transferred to."""
    call = call_of(turn, caller)
    if call is None or channel in turn.floor.by_channel:
        return
    operator = _operator_at(turn, endpoint)
    turn.floor.by_channel[channel] = call.id
    offer = call.offer
    if offer is not None and offer.leg.endpoint == endpoint:
        leg = offer.leg
        call.state = CallState.RINGING
        turn.facts.append(OfferRang(call.id, offer.id, offer.operator, channel))
    else:
        leg = Leg(operator.settings.id if operator else None, endpoint, turn.now)
        call.legs.append(leg)
        if operator is not None:
            _take_from_offer(turn, operator, call)
            if operator.call is None:
                operator.call = call.id
    leg.channel, leg.rang = channel, turn.now
    if operator is not None and operator.call == call.id:
        occupy(turn, operator, RoutingState.RINGING, "ringing")


def leg_answered(turn: Turn, caller: ChannelId, channel: ChannelId, endpoint: str) -> None:
    """A phone that rang for a call was picked up."""
    call = call_of(turn, caller)
    if call is None:
        return
    if channel not in turn.floor.by_channel:
        leg_dialed(turn, caller, channel, endpoint)  # its ringing was not heard of
    leg = find_leg(call, channel)
    if leg is None or leg.ended is not None:
        turn.facts.append(FaultSeen("answer_without_leg", call.id))
        return
    if leg.answered is None:
        connect(turn, call, leg, "offer" if call.offer and call.offer.leg is leg else "transfer")


def connect(turn: Turn, call: Call, leg: Leg, cause: str) -> None:
    """Caller and leg talk from now."""
    leg.answered = turn.now
    offer = call.offer
    if offer is not None and offer.leg is leg:
        call.offer = None
        leg.outcome = OfferOutcome.ACCEPTED
        turn.facts.append(OfferEnded(call.id, offer.id, offer.operator, OfferOutcome.ACCEPTED, "answered"))
    leave_queue(turn, call)
    call.answered = call.answered or turn.now
    call.state = CallState.TALKING
    call.talking = leg
    turn.facts.append(CallAnswered(call.id, leg.operator, leg.channel or call.channel, call.waited_s, cause))
    operator = turn.floor.operators.get(leg.operator) if leg.operator is not None else None
    if operator is not None and operator.call in (None, call.id):
        operator.misses = 0
        operator.call = call.id
        occupy(turn, operator, RoutingState.TALKING, "answered")


def offer_returned(turn: Turn, channel: ChannelId, offer: OfferId, outcome: OfferOutcome, cause: str) -> None:
    """An offer came to nothing; the caller keeps the place and goes to the next operator."""
    call = call_of(turn, channel)
    if call is None or call.offer is None or call.offer.id != offer:
        return  # an offer the floor has already given up
    end_offer(turn, call, outcome, cause)
    wait_again(turn, call, outcome.value)


def offer_overdue(turn: Turn, call: Call) -> None:
    """The PBX never said how an offer ended: take the caller back and free the operator."""
    offer = call.offer
    if offer is None:
        return
    turn.facts.append(FaultSeen("offer_overdue", call.id))
    turn.commands.append(ReturnToHold(call.id, offer.id, call.channel, call.channel_name))
    end_offer(turn, call, OfferOutcome.FAILED, "no_word_from_pbx")
    wait_again(turn, call, OfferOutcome.FAILED.value)


def offer_refused(turn: Turn, call_id: CallId, offer: OfferId, reason: str) -> None:
    """The PBX refused to move the caller; nothing rang. Most often the caller has just hung up."""
    call = turn.floor.calls.get(call_id)
    if call is None or call.offer is None or call.offer.id != offer:
        return
    end_offer(turn, call, OfferOutcome.CANCELLED, f"refused: {reason}")
    call.state = CallState.WAITING
    call.ticket += 1
    turn.facts.append(CallQueued(call.id, call.queue, "refused"))
    turn.set_deadline(DeadlineKind.SEEK, turn.now.mono_s + RETRY_S, call.ticket, call=call.id)


def end_offer(turn: Turn, call: Call, outcome: OfferOutcome, cause: str) -> None:
    """Close the open offer and free its operator. What the call does next is the caller's to say."""
    offer = call.offer
    if offer is None:
        return
    call.offer = None
    offer.leg.ended, offer.leg.outcome = turn.now, outcome
    if offer.leg.channel is not None:
        turn.floor.by_channel.pop(offer.leg.channel, None)
    turn.facts.append(OfferEnded(call.id, offer.id, offer.operator, outcome, cause))
    operator = turn.floor.operators.get(offer.operator)
    if operator is not None and operator.call == call.id:
        offer_lapsed(turn, operator, turn.floor.queues[call.queue].settings, outcome)


def wait_again(turn: Turn, call: Call, cause: str) -> None:
    """Back on hold with the place kept, unless the longest wait is over."""
    call.state = CallState.WAITING
    turn.facts.append(CallQueued(call.id, call.queue, cause))
    if not max_wait_over(turn, call):
        seek_operator(turn, call)


def max_wait_over(turn: Turn, call: Call) -> bool:
    """Do what the queue says follows its longest wait; false if it is not over, or nothing follows."""
    floor = turn.floor
    settings = floor.queues[call.queue].settings
    waited_s = turn.now.mono_s - call.joined.mono_s
    if settings.max_wait_s <= 0 or waited_s < settings.max_wait_s or call.state is not CallState.WAITING:
        return False
    if settings.max_wait_then is MaxWait.QUEUE and settings.overflow_queue in floor.queues:
        leave_queue(turn, call)
        join(turn, call, settings.overflow_queue, "max_wait")
        return True
    if settings.max_wait_then is MaxWait.LEAVE:
        dismiss(turn, call, settings.leave_message, CallOutcome.MAX_WAIT, "max_wait")
        return True
    return False


def dismiss(turn: Turn, call: Call, message: str, outcome: CallOutcome, cause: str) -> None:
    """Let a caller go with a message; the call ends when the channel hangs up."""
    leave_queue(turn, call)
    call.state = CallState.LEAVING
    call.ticket += 1
    call.leaving = outcome
    call.hung_up_first = EndedBy.SERVICE
    turn.facts.append(CallLeaving(call.id, message, cause))
    turn.commands.append(DismissCall(call.id, call.channel, call.channel_name, message))


def leave_queue(turn: Turn, call: Call) -> None:
    """The wait in the present queue is over, however it ended."""
    queue = turn.floor.queues.get(call.queue)
    if queue is not None and call.id in queue.waiting_calls:
        del queue.waiting_calls[call.id]
        call.waited_s += turn.now.mono_s - call.joined.mono_s
        call.ticket += 1


def held(turn: Turn, channel: ChannelId) -> None:
    """The operator put the customer on hold. A customer who does so is still talking to us."""
    call = call_of(turn, channel)
    leg = call.talking if call else None
    if call is None or leg is None or leg.channel != channel or leg.held_since is not None:
        return
    leg.held_since = turn.now
    call.state = CallState.ON_HOLD
    turn.facts.append(CallHeld(call.id, leg.operator))
    operator = turn.floor.operators.get(leg.operator) if leg.operator is not None else None
    if operator is not None and operator.call == call.id:
        occupy(turn, operator, RoutingState.ON_HOLD, "held")


def resumed(turn: Turn, channel: ChannelId) -> None:
    """The operator took the customer off hold."""
    call = call_of(turn, channel)
    leg = call.talking if call else None
    if call is None or leg is None or leg.channel != channel or leg.held_since is None:
        return
    held_s = turn.now.mono_s - leg.held_since.mono_s
    leg.held_s += held_s
    leg.held_since = None
    call.state = CallState.TALKING
    turn.facts.append(CallResumed(call.id, leg.operator, held_s))
    operator = turn.floor.operators.get(leg.operator) if leg.operator is not None else None
    if operator is not None and operator.call == call.id:
        occupy(turn, operator, RoutingState.TALKING, "resumed")


def call_of(turn: Turn, channel: ChannelId) -> Call | None:
    """The call this channel belongs to."""
    id_ = turn.floor.by_channel.get(channel)
    return None if id_ is None else turn.floor.calls.get(id_)


def _operator_at(turn: Turn, endpoint: str) -> Operator | None:
    id_ = turn.floor.by_endpoint.get(endpoint)
    return None if id_ is None else turn.floor.operators[id_]


def _take_from_offer(turn: Turn, operator: Operator, call: Call) -> None:
    """A transfer reached a phone that another caller was just offered: that caller goes on to the next."""
    other = turn.floor.calls.get(operator.call) if operator.call is not None else None
    if other is None or other is call or other.offer is None or other.offer.operator != operator.settings.id:
        return
    operator.call = call.id
    turn.commands.append(ReturnToHold(other.id, other.offer.id, other.channel, other.channel_name))
    end_offer(turn, other, OfferOutcome.CANCELLED, "phone_taken_by_transfer")
    wait_again(turn, other, OfferOutcome.CANCELLED.value)
