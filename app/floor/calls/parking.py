"""Parked callers: an operator parks the caller on a place, and anybody retrieves the caller by dialling it.

While a caller is parked, nobody talks and routing looks for no operator: that time is neither wait nor talk. If nobody
retrieves the caller, the PBX rings the operator who parked them, and then the queue; events of their own report this.
"""

from app.domain.calls import CallState, OfferOutcome
from app.domain.ids import ChannelId
from app.floor.calls.legs import call_of, end_legs
from app.floor.calls.offers import end_offer
from app.floor.calls.talks import connect
from app.floor.calls.waiting import leave_queue
from app.floor.facts import CallParked
from app.floor.model import Leg
from app.floor.turn import Turn


def parked(turn: Turn, channel: ChannelId, place: str) -> None:
    """Note that the caller is on a parking place; the operator who talked with them is free."""
    call = call_of(turn, channel)
    if call is None or call.channel != channel or call.state is CallState.PARKED:
        return
    end_offer(turn, call, OfferOutcome.CANCELLED, "parked")
    leave_queue(turn, call)
    end_legs(turn, call)
    talkers = [leg.operator for leg in call.legs if leg.answered is not None]
    call.hung_up_first = call.alone_since = None
    call.state, call.place, call.parked = CallState.PARKED, place, turn.now
    call.parked_by = talkers[-1] if talkers else None
    turn.facts.append(CallParked(call.id, call.parked_by, place))


def retrieved(turn: Turn, channel: ChannelId, by: ChannelId, endpoint: str) -> None:
    """Connect the caller with the phone that dialled the parking place."""
    call = call_of(turn, channel)
    if call is None or call.channel != channel or by in turn.floor.by_channel:
        return
    leg = Leg(operator=turn.floor.by_endpoint.get(endpoint), endpoint=endpoint, began=turn.now, channel=by)
    call.legs.append(leg)
    turn.floor.by_channel[by] = call.id
    connect(turn, call, leg, "retrieved")
