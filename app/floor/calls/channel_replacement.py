"""One channel stands in for another: it took the other's place in a talk, or in a queue.

A phone takes over a colleague's talk (INVITE with Replaces), or a Local channel between caller and operator is
optimised away; or another phone waits on in the caller's place, which only the music there tells. The PBX tells of it,
then the old channel hangs up. Between the two it may tell of an attended transfer, which says more; so it is the
hang-up that makes the new channel the call's.
"""

from app.floor.calls.legs import channel_gone, end_leg
from app.floor.calls.talks import connect
from app.floor.events import ChannelReplaced, MusicBegan
from app.floor.model import Call, Leg
from app.floor.turn import Turn


def replaced(turn: Turn, event: ChannelReplaced) -> None:
    """Remember who took the place of a call's channel. One that is a call's already stays what it is."""
    floor = turn.floor
    if event.old in floor.by_channel and event.new not in floor.by_channel:
        floor.replaced[event.old] = event
    local = floor.locals.get(event.old)
    if local is not None and local.caller is not None and local.near == event.old:
        # The operator's phone goes over to who came through the Local channel, whose far half is the caller.
        replaced(turn, ChannelReplaced(local.far, local.caller, "", ""))


def instead_of_caller(turn: Turn, event: MusicBegan) -> None:
    """Who hears the music of a call that they are not the caller of has taken the caller's place."""
    call = turn.floor.calls.get(event.call) if event.call is not None else None
    if call is not None and call.channel != event.channel:
        replaced(turn, ChannelReplaced(call.channel, event.channel, event.channel_name, event.line))


def stand_in_for_caller(turn: Turn, call: Call, by: ChannelReplaced) -> None:
    """The call goes on, its caller at another channel."""
    del turn.floor.by_channel[call.channel]
    channel_gone(turn, call.channel)
    call.channel, call.channel_name = by.new, by.new_name or call.channel_name
    call.line = by.endpoint or call.line
    turn.floor.by_channel[by.new] = call.id


def stand_in_for_leg(turn: Turn, call: Call, leg: Leg, by: ChannelReplaced) -> None:
    """The talk goes on at another channel: another's phone is a leg of its own."""
    turn.floor.by_channel[by.new] = call.id
    if by.endpoint == leg.endpoint:
        leg.channel = by.new
        return
    end_leg(turn, call, leg)
    operator = turn.floor.by_endpoint.get(by.endpoint)
    joined = Leg(operator=operator, endpoint=by.endpoint, began=turn.now, channel=by.new)
    call.legs.append(joined)
    connect(turn, call, joined, "taken_over")
