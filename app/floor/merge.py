"""What the PBX has now, merged in one step: the truth after a lost link or a start.

Calls that are gone are ended, calls that were unknown are adopted, operators are freed or busy as they are.
"""

from collections.abc import Mapping
from datetime import timedelta

from app.floor.calls import (
    begin,
    call_of,
    connect,
    end_offer,
    join,
    leg_answered,
    leg_dialed,
    wait_again,
)
from app.floor.endings import end_call
from app.floor.events import CallEntered, SeenChannel, SnapshotTaken
from app.floor.legs import end_leg
from app.floor.model import (
    Call,
    CallState,
    ChannelId,
    DeviceState,
    Leg,
    Now,
    OfferOutcome,
    QueueId,
)
from app.floor.operators import change_device
from app.floor.routing import consider_operator, seek_operator, withdraw_operator
from app.floor.turn import Turn

HOLD_CONTEXT = "keskus-hold"
LOST_CAUSE = 0  # Q.850 has no value for "ended while nobody listened"


def link_lost(turn: Turn) -> None:
    """Offer nothing while the PBX cannot be heard; whether the last orders reached it is not known."""
    turn.floor.first_offer_of_link = turn.floor.next_offer
    _stop_offering(turn)


def _stop_offering(turn: Turn) -> None:
    turn.floor.linked = False
    for operator in turn.floor.operators.values():
        withdraw_operator(turn.floor, operator)


def merge(turn: Turn, snapshot: SnapshotTaken) -> None:
    """Make the floor agree with the PBX, then route."""
    floor = turn.floor
    _stop_offering(turn)  # until all is merged
    seen = {channel.channel: channel for channel in snapshot.channels}
    for call in list(floor.calls.values()):
        if call.channel in seen:
            _correct(turn, call, seen)
        else:
            end_call(turn, call, LOST_CAUSE, "ended while the PBX was out of reach")
    for channel in snapshot.channels:
        if channel.variables.get("KESKUS_QUEUE") and call_of(turn, channel.channel) is None:
            _adopt(turn, channel, seen)
    for operator in floor.operators.values():
        device = snapshot.devices.get(operator.settings.endpoint, DeviceState.UNREACHABLE)
        change_device(turn, operator.settings.endpoint, device)
    floor.linked = True
    _route_all(turn)


def _route_all(turn: Turn) -> None:
    """Build the indexes anew and offer what can be offered."""
    floor = turn.floor
    for queue in floor.queues.values():
        queue.idle.clear()
        queue.waiting.clear()
        queue.idle_operators = 0
    for call in floor.calls.values():
        if call.state is CallState.WAITING:
            seek_operator(turn, call)
    for operator in floor.operators.values():
        consider_operator(turn, operator)


def _correct(turn: Turn, call: Call, seen: Mapping[ChannelId, SeenChannel]) -> None:
    """A call the floor knows and the PBX still has."""
    channel = seen[call.channel]
    for leg in call.legs:
        gone = leg.channel is not None and leg.channel not in seen
        if gone and leg.ended is None and not (call.offer and call.offer.leg is leg):
            end_leg(turn, call, leg)
    if channel.context == HOLD_CONTEXT:
        if call.offer is not None:
            if call.offer.id < turn.floor.first_offer_of_link:
                end_offer(turn, call, OfferOutcome.FAILED, "link_lost")
                wait_again(turn, call, OfferOutcome.FAILED.value)
        elif call.state in (CallState.TALKING, CallState.ON_HOLD, CallState.TRANSFERRED):
            join(turn, call, call.queue, "transferred")
        return
    _take_over_leg(turn, call, channel, seen)


def _adopt(turn: Turn, channel: SeenChannel, seen: Mapping[ChannelId, SeenChannel]) -> None:
    """A call the floor never heard of: it came while nobody listened, or the service is new."""
    queue = QueueId(channel.variables["KESKUS_QUEUE"])
    if queue not in turn.floor.queues:
        return
    call = begin(
        turn,
        CallEntered(
            channel.channel,
            channel.channel_name,
            channel.caller_number,
            channel.caller_name,
            channel.variables.get("KESKUS_DID", ""),
            queue,
        ),
    )
    call.arrived = Now(
        turn.now.mono_s - channel.duration_s, turn.now.wall - timedelta(seconds=channel.duration_s)
    )
    join(turn, call, queue, "adopted")
    call.waiting_since = call.joined = call.arrived
    if channel.context != HOLD_CONTEXT:
        _take_over_leg(turn, call, channel, seen)


def _take_over_leg(
    turn: Turn, call: Call, channel: SeenChannel, seen: Mapping[ChannelId, SeenChannel]
) -> None:
    """Find the phone that rings or talks with this call, and believe it."""
    if call.talking is not None:
        return
    for other in seen.values():
        if other.linked != channel.linked or other.channel == channel.channel or not other.endpoint:
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
