"""Transfers that operators do from their phones, blind and attended."""

from app.domain.calls import CallOutcome, CallState, EndedBy, OfferOutcome, TransferKind
from app.domain.ids import CallId, ChannelId, OperatorId
from app.floor.calls.legs import call_of, channel_gone, end_leg, find_leg, leave_alone
from app.floor.calls.local_channels import take_in
from app.floor.calls.offers import end_offer
from app.floor.calls.talks import connect, leg_dialed
from app.floor.calls.waiting import IN_QUEUE, SPARED_S, join, leave_queue, take_from_ringing
from app.floor.commands import TransferCall
from app.floor.errors import NotInTalk
from app.floor.events import AttendedTransferred, BlindTransferred, TransferAsked
from app.floor.facts import CallTransferred
from app.floor.floor import Floor
from app.floor.model import Call, Leg
from app.floor.turn import Turn


def check_transfer(floor: Floor, call: CallId, operator: OperatorId) -> ChannelId:
    """The channel of the phone with which an operator talks with a customer.

    Raises:
        NotInTalk: they do not.
    """
    found = floor.calls.get(call)
    leg = found.talking if found is not None else None
    if leg is None or leg.operator != operator or leg.channel is None:
        raise NotInTalk
    return leg.channel


def ask(turn: Turn, event: TransferAsked) -> None:
    """Handle a transfer that an operator asks the service for: the PBX tells of it as of one from the phone.

    Raises:
        NotInTalk: the operator does not talk with the customer.
    """
    channel = check_transfer(turn.floor, event.call, event.operator)
    turn.commands.append(TransferCall(event.call, channel, event.extension))


def blind(turn: Turn, event: BlindTransferred) -> None:
    """Handle a blind transfer: the operator sent the customer to an extension. Later events show what follows."""
    call = call_of(turn, event.transferee) or call_of(turn, event.transferer)
    if call is None or call.channel == event.transferer:
        return  # the caller transferred the operator's phone: that phone has a call of its own now
    leg = find_leg(call, event.transferer)
    if leg is not None and leg.ended is not None:
        return  # a late event: the caller is elsewhere by now
    from_operator = _hand_over(turn, call, event.transferer)
    turn.facts.append(CallTransferred(call.id, TransferKind.BLIND, from_operator, None, event.extension))


def attended(turn: Turn, event: AttendedTransferred) -> None:
    """Handle an attended transfer: the operator joined the customer to the party of a second call, and left.

    The PBX may name either of the operator's channels first, and so either party as the customer. The
    customer's call is the one in which the operator is a leg: on the second line they are the caller.
    """
    floor = turn.floor
    for ours in (event.transferer, event.second_transferer):
        call = call_of(turn, ours)
        if call is not None and call.channel != ours:
            break
    else:
        return
    if not event.target:
        _into_waiting(turn, call, ours, event)
        return
    if call_of(turn, event.target) is call and find_leg(call, event.target) is None:
        target, endpoint = event.transferee, event.transferee_endpoint
    else:
        target, endpoint = event.target, event.target_endpoint
    local = take_in(turn, call, target) if target in floor.locals else None
    if local is not None and local.phone is not None:
        target, endpoint = local.phone, local.endpoint
    to_operator = floor.by_endpoint.get(endpoint)
    from_operator = _hand_over(turn, call, ours)
    turn.facts.append(CallTransferred(call.id, TransferKind.ATTENDED, from_operator, to_operator, endpoint))
    if local is not None and not local.answered:
        leg_dialed(turn, local.far, target, endpoint)
        return
    leg = Leg(operator=to_operator, endpoint=endpoint, began=turn.now, channel=target)
    _take_from_second_call(turn, call, leg)
    call.legs.append(leg)
    connect(turn, call, leg, "transfer")


def _into_waiting(turn: Turn, call: Call, ours: ChannelId, event: AttendedTransferred) -> None:
    """Put the customer in the place of the operator's second line, which nobody had answered yet.

    If the second line waits in a queue, the customer waits there, and is offered once the PBX has moved them (see
    `succeeded`). If it rings a phone, that phone goes on ringing for the customer, and its answer follows as an event.
    """
    waiting = event.second_transferer if ours == event.transferer else event.transferer
    second = call_of(turn, waiting)
    from_operator = _hand_over(turn, call, ours)
    queue = second.queue if second is not None and second.state in IN_QUEUE else None
    turn.facts.append(CallTransferred(call.id, TransferKind.ATTENDED, from_operator, None, queue or ""))
    if second is None or queue is None:
        leave_alone(turn, call)
        return
    stopped = None
    if second.offer is not None:
        # The phone that rings shows the operator's name: it has to ring anew, for the customer.
        if second.offer.leg.channel is not None:
            channel_gone(turn, second.offer.leg.channel)
        stopped = second.offer.leg.endpoint
        end_offer(turn, second, OfferOutcome.CANCELLED, "transferred")
    leave_queue(turn, second)
    second.state = CallState.TRANSFERRED
    second.hung_up_first = EndedBy.CALLER
    second.leaving = CallOutcome.HANDED_OVER
    second.successor = call.id
    call.spared_until_s = turn.now.mono_s + SPARED_S
    join(turn, call, queue, "transferred")
    call.stopped = stopped


def succeeded(turn: Turn, second: Call) -> None:
    """Take the customer whom the PBX has put into an ended line's place off the phone that rings there, if one does.

    The PBX tells of a transfer before it moves the customer, and the end of the line after. In between it would lose
    any other move of the customer.
    """
    call = turn.floor.calls.get(second.successor) if second.successor is not None else None
    if call is not None and call.state is CallState.WAITING:
        take_from_ringing(turn, call)


def _hand_over(turn: Turn, call: Call, transferer: ChannelId) -> OperatorId | None:
    """End the part of the operator who hands the call over; return the operator."""
    leg = find_leg(call, transferer) or call.talking
    # The PBX's reports of this leg's answer, or of an earlier leg's end, may be missing.
    end_offer(turn, call, OfferOutcome.CANCELLED, "transferred")
    leave_queue(turn, call)
    for part in (leg, call.talking):
        if part is not None:
            end_leg(turn, call, part)
    call.hung_up_first = None
    call.state = CallState.TRANSFERRED
    return leg.operator if leg else None


def _take_from_second_call(turn: Turn, call: Call, leg: Leg) -> None:
    """End the colleague's part in the second call, if the operator reached them through a queue."""
    floor = turn.floor
    if leg.channel is None:
        return
    second = call_of(turn, leg.channel)
    if second is not None and second is not call:
        if second.channel == leg.channel:
            leg.channel = None  # two customers were joined; the other's channel stays with its own call
            return
        second_leg = find_leg(second, leg.channel)
        if second.offer is not None and second.offer.leg is second_leg:
            connect(turn, second, second_leg, "offer")  # its answer was not reported
        operator = floor.operators.get(leg.operator) if leg.operator is not None else None
        if operator is not None and operator.call == second.id:
            operator.call = call.id  # from talk to talk, with no wrap-up between
        if second_leg is not None:
            end_leg(turn, second, second_leg)
        if second.talking is None and second.state in (CallState.TALKING, CallState.ON_HOLD):
            second.state = CallState.LEAVING
            second.hung_up_first = EndedBy.CALLER
    floor.by_channel[leg.channel] = call.id
