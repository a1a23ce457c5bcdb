"""What the PBX has now, merged in one step: the truth after a lost link or a start, or when in doubt.

Calls that are gone are ended, calls that were unknown are adopted, operators are freed or busy as they are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.floor.calls import begin, requeue
from app.floor.endings import end_call
from app.floor.events import CallEntered, SeenChannel, SnapshotTaken
from app.floor.facts import CallQueued
from app.floor.legs import call_of, end_leg, free
from app.floor.model import (
    Call,
    CallState,
    ChannelId,
    DeviceState,
    Leg,
    Now,
    OfferOutcome,
    Operator,
    QueueId,
)
from app.floor.offers import end_offer
from app.floor.operators import change_device
from app.floor.routing import consider_operator, rank, withdraw_operator
from app.floor.talks import connect, leg_answered, leg_dialed
from app.floor.turn import Turn
from app.floor.waiting import IN_QUEUE, dismiss_again, join, wait_on

HOLD_CONTEXT = "keskus-hold"
FALLBACK_CONTEXT = "keskus-fallback"
"""Where a caller is who waits in, or talks through, the PBX's own queue."""
SPARED_S = 2.0
"""How long a phone that the PBX rings on its own account may still be picked up before the call is routed."""
LOST_CAUSE = 0  # Q.850 has no value for "ended while nobody listened"
IN_FLIGHT_S = 2.0
"""How old an order may be that the PBX had not carried out when it listed its channels."""


def link_lost(turn: Turn) -> None:
    """Offer nothing while the PBX cannot be heard."""
    turn.floor.linked = False
    for operator in turn.floor.operators.values():
        withdraw_operator(turn.floor, operator)


def merge(turn: Turn, snapshot: SnapshotTaken) -> None:
    """Make the floor agree with the PBX, then route."""
    floor = turn.floor
    # After a lost link no order is under way: the floor gave none since.
    trusted_s = turn.now.mono_s - IN_FLIGHT_S if floor.linked else turn.now.mono_s
    link_lost(turn)  # nothing is offered until all is merged
    seen = {channel.channel: channel for channel in snapshot.channels}
    joined: defaultdict[ChannelId, list[SeenChannel]] = defaultdict(list)
    for channel in snapshot.channels:
        joined[channel.linked].append(channel)
    for call in list(floor.calls.values()):
        if call.channel in seen:
            _correct(turn, call, seen, joined[seen[call.channel].linked], trusted_s)
        else:
            end_call(turn, call, LOST_CAUSE, "ended while the PBX was out of reach")
    for channel in snapshot.channels:
        if channel.variables.get("KESKUS_QUEUE") and call_of(turn, channel.channel) is None:
            _adopt(turn, channel, joined[channel.linked])
    for id_ in [id_ for id_ in floor.by_channel if id_ not in seen]:
        del floor.by_channel[id_]
    for operator in floor.operators.values():
        if operator.call is not None and not _is_in_call(turn, operator):
            free(turn, operator, 0.0)
        device = snapshot.devices.get(operator.settings.endpoint, DeviceState.UNREACHABLE)
        change_device(turn, operator.settings.endpoint, device)
    floor.linked = True
    _route_all(turn)


def _route_all(turn: Turn) -> None:
    """Build the indexes anew and offer what can be offered: the first in rank to the best operator."""
    floor = turn.floor
    floor.preferring.clear()
    for queue in floor.queues.values():
        queue.idle.clear()
        queue.waiting.clear()
        queue.idle_operators = 0
    for operator in floor.operators.values():
        consider_operator(turn, operator)
    waiting = [call for call in floor.calls.values() if call.state is CallState.WAITING]
    for call in sorted(waiting, key=lambda call: rank(turn, call)):
        wait_on(turn, call)


def _is_in_call(turn: Turn, operator: Operator) -> bool:
    call = turn.floor.calls.get(operator.call) if operator.call is not None else None
    id_ = operator.settings.id
    return call is not None and any(leg.operator == id_ and leg.ended is None for leg in call.legs)


def _correct(
    turn: Turn,
    call: Call,
    seen: Mapping[ChannelId, SeenChannel],
    joined: Sequence[SeenChannel],
    trusted_s: float,
) -> None:
    """A call the floor knows and the PBX still has."""
    channel = seen[call.channel]
    offer = call.offer
    for leg in call.legs:
        gone = leg.channel is not None and leg.channel not in seen
        if gone and not (offer and offer.leg is leg):
            end_leg(turn, call, leg)
    if channel.context in (HOLD_CONTEXT, FALLBACK_CONTEXT) and not channel.bridge:
        _correct_on_hold(turn, call, trusted_s)
        if channel.context == FALLBACK_CONTEXT:
            _leave_ringing(turn, call, joined)
            _take_over_leg(turn, call, channel, joined)
        return
    if call.talking is None and call.state in (CallState.TALKING, CallState.ON_HOLD):
        call.state = CallState.LEAVING
    _take_over_leg(turn, call, channel, joined)


def _correct_on_hold(turn: Turn, call: Call, trusted_s: float) -> None:
    offer = call.offer
    if offer is not None:
        if offer.leg.began.mono_s <= trusted_s:
            end_offer(turn, call, OfferOutcome.FAILED, "link_lost")
            call.state = CallState.WAITING
            turn.facts.append(CallQueued(call.id, call.queue, OfferOutcome.FAILED.value))
    elif call.leaving is not None:
        dismiss_again(turn, call)
    elif call.state not in IN_QUEUE:
        requeue(turn, call, call.queue)


def _adopt(turn: Turn, channel: SeenChannel, joined: Sequence[SeenChannel]) -> None:
    """A call the floor never heard of: it came while nobody listened, or the service is new."""
    variables = channel.variables
    queue = QueueId(variables["KESKUS_QUEUE"])
    if queue not in turn.floor.queues:
        return
    priority = variables.get("KESKUS_PRIORITY", "")
    call = begin(
        turn,
        CallEntered(
            channel.channel,
            channel.channel_name,
            channel.caller_number,
            channel.caller_name,
            variables.get("KESKUS_DID", ""),
            queue,
            variables.get("KESKUS_LANGUAGE", ""),
            frozenset(filter(None, variables.get("KESKUS_SKILLS", "").split("&"))),
            int(priority) if priority.lstrip("-").isdecimal() else 0,
        ),
    )
    age_s = channel.duration_s
    call.arrived = Now(turn.now.mono_s - age_s, turn.now.wall - timedelta(seconds=age_s))
    join(turn, call, queue, "adopted", call.arrived)
    if channel.context != HOLD_CONTEXT:
        _leave_ringing(turn, call, joined)
        _take_over_leg(turn, call, channel, joined)


def _leave_ringing(turn: Turn, call: Call, joined: Sequence[SeenChannel]) -> None:
    """Let a phone that already rings for a waiting call be picked up: moving it now might tear a talk apart."""
    if call.state is CallState.WAITING and any(other.state == "Ringing" for other in joined):
        call.spared_until_s = turn.now.mono_s + SPARED_S


def _take_over_leg(turn: Turn, call: Call, channel: SeenChannel, joined: Sequence[SeenChannel]) -> None:
    """Find the phone that rings or talks with this call, and believe it."""
    if call.talking is not None:
        return
    for other in joined:
        if other.channel == channel.channel or not other.endpoint:
            continue
        if other.bridge and other.bridge == channel.bridge:
            if other.channel in turn.floor.by_channel:
                leg_answered(turn, call.channel, other.channel, other.endpoint)
            else:
                operator = turn.floor.by_endpoint.get(other.endpoint)
                leg = Leg(operator, other.endpoint, turn.now, channel=other.channel)
                call.legs.append(leg)
                turn.floor.by_channel[other.channel] = call.id
                connect(turn, call, leg, "adopted")
            return
        if other.state == "Ringing":
            leg_dialed(turn, call.channel, other.channel, other.endpoint)
            return
