"""Transfers that operators do from their phones, blind and attended."""

from app.floor.calls import call_of, connect
from app.floor.events import AttendedTransferred, BlindTransferred
from app.floor.facts import CallTransferred
from app.floor.legs import end_leg, find_leg
from app.floor.model import Call, CallState, ChannelId, Leg, OperatorId, TransferKind
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

    The PBX may name either of the operator's channels first, and so either party as the customer.
    """
    floor = turn.floor
    call = call_of(turn, event.transferer) or call_of(turn, event.second_transferer)
    if call is None:
        return
    ours = event.transferer if call_of(turn, event.transferer) is call else event.second_transferer
    target = event.transferee if event.target == call.channel else event.target
    to_operator = floor.by_endpoint.get(event.target_endpoint)
    from_operator = _hand_over(turn, call, ours)
    turn.facts.append(
        CallTransferred(call.id, TransferKind.ATTENDED, from_operator, to_operator, event.target_endpoint)
    )
    leg = Leg(to_operator, event.target_endpoint, turn.now, channel=target)
    call.legs.append(leg)
    floor.by_channel[target] = call.id
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
