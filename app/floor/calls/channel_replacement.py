"""One channel takes the place of another, in a talk or in a queue.

A phone takes over a colleague's talk (INVITE with Replaces), or the PBX optimises away a Local channel between caller
and operator. Or another phone goes on waiting in the caller's place, which only the start of its hold music shows. The
PBX reports the replacement, then the old channel hangs up. Between the two it may report an attended transfer, which
says more. So the new channel becomes the call's only when the old one hangs up.
"""

from app.floor.calls.legs import channel_gone, end_leg
from app.floor.calls.talks import connect
from app.floor.events import ChannelReplaced, MusicBegan
from app.floor.model import Call, Leg
from app.floor.turn import Turn


def replaced(turn: Turn, event: ChannelReplaced) -> None:
    """Remember which channel took the place of a call's channel. One that belongs to a call already keeps its part."""
    floor = turn.floor
    if event.old in floor.by_channel and event.new not in floor.by_channel:
        floor.replaced[event.old] = event
    local = floor.locals.get(event.old)
    if local is not None and local.caller is not None and local.near == event.old:
        # The operator's phone is joined to the party behind the Local channel, whose far half is the call's caller.
        replaced(turn, ChannelReplaced(local.far, local.caller, "", ""))


def instead_of_caller(turn: Turn, event: MusicBegan) -> None:
    """Note a channel that took the caller's place: it hears the hold music of the call, and is not its caller."""
    call = turn.floor.calls.get(event.call) if event.call is not None else None
    if call is not None and call.channel != event.channel:
        replaced(turn, ChannelReplaced(call.channel, event.channel, event.channel_name, event.line))


def stand_in_for_caller(turn: Turn, call: Call, by: ChannelReplaced) -> None:
    """Let the call go on with its caller at another channel."""
    del turn.floor.by_channel[call.channel]
    channel_gone(turn, call.channel)
    call.channel, call.channel_name = by.new, by.new_name or call.channel_name
    call.line = by.endpoint or call.line
    turn.floor.by_channel[by.new] = call.id


def stand_in_for_leg(turn: Turn, call: Call, leg: Leg, by: ChannelReplaced) -> None:
    """Let the talk go on at another channel; if that is another phone, it becomes a new leg."""
    turn.floor.by_channel[by.new] = call.id
    if by.endpoint == leg.endpoint:
        leg.channel = by.new
        return
    end_leg(turn, call, leg)
    operator = turn.floor.by_endpoint.get(by.endpoint)
    joined = Leg(operator=operator, endpoint=by.endpoint, began=turn.now, channel=by.new)
    call.legs.append(joined)
    connect(turn, call, joined, "taken_over")
