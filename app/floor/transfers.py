"""Transfers that operators do from their phones, blind and attended."""

from app.floor.events import AttendedTransferred, BlindTransferred
from app.floor.facts import CallTransferred
from app.floor.legs import call_of, end_leg, find_leg
from app.floor.model import Call, CallState, ChannelId, Leg, OperatorId, TransferKind
from app.floor.talks import connect
from app.floor.turn import Turn


def blind(turn: Turn, event: BlindTransferred) -> None:
    """The operator sent the customer to an extension; what comes of it follows as events of its own."""
    call = call_of(turn, event.transferee) or call_of(turn, event.transferer)
    if call is None:
        return
    from_operator = _hand_over(turn, call, event.transferer)
    turn.facts.append(CallTransferred(call.id, TransferKind.BLIND, from_operator, None, event.extension))


def attended(turn: Turn, event: AttendedTransferred) -> None:
    """The operator joined the customer to the party of a second call and left.

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
    if event.target == call.channel:
        target, endpoint = event.transferee, event.transferee_endpoint
    else:
        target, endpoint = event.target, event.target_endpoint
    to_operator = floor.by_endpoint.get(endpoint)
    from_operator = _hand_over(turn, call, ours)
    turn.facts.append(CallTransferred(call.id, TransferKind.ATTENDED, from_operator, to_operator, endpoint))
    leg = Leg(to_operator, endpoint, turn.now, channel=target)
    _take_from_second_call(turn, call, leg)
    call.legs.append(leg)
    connect(turn, call, leg, "transfer")


def _hand_over(turn: Turn, call: Call, transferer: ChannelId) -> OperatorId | None:
    """End the part of the operator who hands over."""
    leg = find_leg(call, transferer) or call.talking
    call.hung_up_first = None
    call.state = CallState.TRANSFERRED
    if leg is None:
        return None
    end_leg(turn, call, leg)
    return leg.operator


def _take_from_second_call(turn: Turn, call: Call, leg: Leg) -> None:
    """The second call may be one of ours, made through a queue: its operator's part in it is over."""
    floor = turn.floor
    if leg.channel is None:
        return
    second = call_of(turn, leg.channel)
    if second is not None and second is not call:
        if second.channel == leg.channel:
            leg.channel = None  # two customers were joined; the other's channel stays its own call's
            return
        operator = floor.operators.get(leg.operator) if leg.operator is not None else None
        if operator is not None and operator.call == second.id:
            operator.call = call.id  # from talk to talk, with no wrap-up between
        second_leg = find_leg(second, leg.channel)
        if second_leg is not None:
            end_leg(turn, second, second_leg)
    floor.by_channel[leg.channel] = call.id
