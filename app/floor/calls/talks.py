"""Talks: a phone rings for a call, is picked up, puts the caller on hold and resumes."""

from app.domain.calls import CallOutcome, CallState, OfferOutcome
from app.domain.ids import ChannelId
from app.domain.now import Now
from app.domain.operators import RoutingState
from app.floor.calls import local_channels
from app.floor.calls.legs import call_of, channel_gone, end_leg, find_leg
from app.floor.calls.offers import end_offer
from app.floor.calls.waiting import leave_queue, take_from_ringing, wait_again
from app.floor.campaigns import attempts
from app.floor.facts import CallAnswered, CallHeld, CallResumed, OfferEnded, OfferRang
from app.floor.model import Call, Leg, Operator
from app.floor.operators.states import occupy
from app.floor.turn import Turn


def leg_dialed(turn: Turn, caller: ChannelId, channel: ChannelId, endpoint: str) -> None:
    """Handle a phone that rings for a call: the offered operator's, or one that the call was transferred to."""
    call = call_of(turn, caller)
    if call is None:
        local_channels.dialed(turn, caller, channel, endpoint)
    elif find_leg(call, channel) is None and channel not in turn.floor.gone:
        rings(turn, call, channel, endpoint)


def rings(turn: Turn, call: Call, channel: ChannelId, endpoint: str) -> None:
    """Note that a phone rings for a call, in its offer or as a new leg."""
    if channel in turn.floor.by_channel:
        return
    if call.leaving is CallOutcome.HANDED_OVER or (call.offer is None and call.stopped == endpoint):
        _had_rung(turn, call, channel, endpoint)
        return
    if call.state is CallState.PARKED:
        call.state = CallState.TRANSFERRED  # nobody retrieved the caller: the phone that parked them rings
    if channel in turn.floor.locals:
        local_channels.take_in(turn, call, channel)
        return  # no phone yet: the far half dials one, and that will be the leg
    offer = call.offer
    if offer is not None and offer.leg.endpoint == endpoint and offer.leg.channel is not None:
        return  # the phone's second contact: the contact that answers becomes the leg
    turn.floor.by_channel[channel] = call.id
    operator = _operator_at(turn, endpoint)
    if offer is not None and offer.leg.endpoint == endpoint:
        leg = offer.leg
        call.state = CallState.RINGING
        call.refusals = 0
        turn.facts.append(OfferRang(call.id, offer.id, offer.operator, channel))
    else:
        leg = Leg(
            operator=None if operator is None else operator.settings.id, endpoint=endpoint, began=turn.now
        )
        call.legs.append(leg)
    leg.channel, leg.rang = channel, turn.now
    if operator is not None and _claim(turn, operator, call):
        occupy(turn, operator, RoutingState.RINGING, "ringing")


def _had_rung(turn: Turn, call: Call, channel: ChannelId, endpoint: str) -> None:
    """Note that a phone had rung whose offer was given up before the PBX told so. It rang for this call, or for the one
    whose place this call has taken.
    """
    channel_gone(turn, channel)
    leg = next((leg for leg in reversed(call.legs) if leg.endpoint == endpoint and leg.channel is None), None)
    if leg is not None:
        leg.channel = channel


def leg_answered(turn: Turn, caller: ChannelId, channel: ChannelId, endpoint: str) -> None:
    """Connect a call with the phone that was picked up."""
    call = call_of(turn, caller)
    if call is None:
        local_channels.dialed(turn, caller, channel, endpoint, answered=True)
        return
    leg_dialed(turn, caller, channel, endpoint)  # in case its ringing was not reported
    leg = find_leg(call, channel)
    if leg is None and channel in turn.floor.locals:
        if call.talking is not None:
            return  # the caller talks with the phone that the far half reached
        leg = Leg(
            operator=None, endpoint=endpoint, began=turn.now, channel=channel
        )  # the caller is with what answered there: a menu, an announcement
        call.legs.append(leg)
    if leg is None and call.offer is not None and call.offer.leg.endpoint == endpoint:
        leg = call.offer.leg
        if leg.channel is not None:
            turn.floor.by_channel.pop(leg.channel, None)
        leg.channel = channel
        turn.floor.by_channel[channel] = call.id
    if leg is None or leg.ended is not None:
        turn.fault("answer_without_leg", call.id)
    elif leg.answered is None:
        connect(turn, call, leg, _cause(call, leg))


def _cause(call: Call, leg: Leg) -> str:
    """Why a phone's answer connected it. During an offer, only a pickup lets another phone answer."""
    if call.offer is None:
        return "transfer"
    return "offer" if call.offer.leg is leg else "pickup"


def connect(turn: Turn, call: Call, leg: Leg, cause: str, since: Now | None = None) -> None:
    """Let caller and leg talk, since `since` or since the event."""
    offer = call.offer
    if offer is not None and offer.leg is leg:
        call.offer = None
        leg.outcome = OfferOutcome.ACCEPTED
        turn.facts.append(OfferEnded(call.id, offer.id, offer.operator, OfferOutcome.ACCEPTED, "answered"))
    elif offer is not None:
        end_offer(
            turn, call, OfferOutcome.CANCELLED, "picked_up" if cause == "pickup" else "answered_elsewhere"
        )
    leave_queue(turn, call, turn.happened)
    if call.talking is not None:
        end_leg(turn, call, call.talking)
    if call.leaving is not None:  # the caller was let go, and a phone picked up all the same
        call.leaving = call.hung_up_first = None
    leg.answered = since or turn.happened
    call.alone_since = None
    call.first_in_line = False
    call.stopped = None
    call.answered = call.answered or leg.answered
    call.state = CallState.TALKING
    call.talking = leg
    turn.facts.append(CallAnswered(call.id, leg.operator, leg.channel or call.channel, call.waited_s, cause))
    attempts.connected(turn, call, leg.answered)
    operator = turn.floor.operators.get(leg.operator) if leg.operator is not None else None
    if operator is None:
        return
    if _claim(turn, operator, call):
        operator.misses = operator.failures = 0
        occupy(turn, operator, RoutingState.TALKING, "answered")
    else:
        operator.second_call = call.id


def held(turn: Turn, channel: ChannelId) -> None:
    """Note that the operator put the customer on hold. A customer who holds the operator still counts as talking."""
    call = call_of(turn, channel)
    leg = call.talking if call else None
    if call is None or leg is None or leg.channel != channel or leg.held_since is not None:
        return
    leg.held_since = turn.now
    call.state = CallState.ON_HOLD
    turn.facts.append(CallHeld(call.id, leg.operator))
    _occupy_talker(turn, call, leg, RoutingState.ON_HOLD, "held")


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
    _occupy_talker(turn, call, leg, RoutingState.TALKING, "resumed")


def music_began(turn: Turn, channel: ChannelId) -> None:
    """Take a talking customer who hears hold music for one on hold, in case the hold itself was not reported."""
    if operators := _talks_with(turn, channel):
        held(turn, operators)


def music_ended(turn: Turn, channel: ChannelId) -> None:
    """Take a customer whose hold music is over off hold."""
    if operators := _talks_with(turn, channel):
        resumed(turn, operators)


def _talks_with(turn: Turn, customer: ChannelId) -> ChannelId | None:
    """The operator's channel, if `customer` is the channel of a customer who talks."""
    call = call_of(turn, customer)
    if call is None or call.channel != customer or call.talking is None:
        return None
    return call.talking.channel


def _occupy_talker(turn: Turn, call: Call, leg: Leg, routing: RoutingState, cause: str) -> None:
    operator = turn.floor.operators.get(leg.operator) if leg.operator is not None else None
    if operator is not None and operator.call == call.id:
        occupy(turn, operator, routing, cause)


def _operator_at(turn: Turn, endpoint: str) -> Operator | None:
    id_ = turn.floor.by_endpoint.get(endpoint)
    return None if id_ is None else turn.floor.operators[id_]


def _claim(turn: Turn, operator: Operator, call: Call) -> bool:
    """Make the operator this call's, if they can be; whether they are.

    An operator who is only being offered another call is taken from that offer. It happens when a transfer reaches the
    phone just before the offer does; the other caller goes on to the next operator.
    """
    if operator.call in (None, call.id):
        operator.call = call.id
        return True
    other = turn.floor.calls.get(operator.call)
    if other is None or other.offer is None or other.offer.operator != operator.settings.id:
        return False
    operator.call = call.id
    take_from_ringing(turn, other)
    end_offer(turn, other, OfferOutcome.CANCELLED, "phone_taken_by_transfer")
    wait_again(turn, other, OfferOutcome.CANCELLED.value)
    return True
