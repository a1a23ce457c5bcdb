"""Local channels, by which the PBX calls itself: the near half is dialled, or talks; the far half dials on.

A Local channel is no party of a call. The leg is the phone that the far half reaches, whether or not the PBX takes the
Local channel out of the talk (optimises it away).
"""

from collections.abc import Iterable

from app.domain.ids import ChannelId
from app.floor.calls.legs import call_of, find_leg
from app.floor.events import SeenChannel
from app.floor.model import Call, LocalChannel
from app.floor.turn import Turn


def bridged(turn: Turn, near: ChannelId, far: ChannelId) -> None:
    """Add a Local channel."""
    floor = turn.floor
    if near in floor.locals:
        return
    floor.locals[near] = floor.locals[far] = LocalChannel(near, far)
    call = call_of(turn, near)
    leg = find_leg(call, near) if call is not None else None
    if call is not None and leg is not None and leg.answered is None and far not in floor.by_channel:
        call.legs.remove(leg)  # the PBX reported the dial before it reported the Local channel
        take_in(turn, call, near)


def seen(turn: Turn, channels: Iterable[SeenChannel]) -> None:
    """Add the Local channels of a snapshot that the floor does not know, or does not know to belong to a call."""
    floor = turn.floor
    halves = {channel.half: channel for channel in channels if channel.half is not None}
    for half, near in halves.items():
        far = halves.get(half._replace(near=False)) if half.near else None
        if far is None:
            continue
        bridged(turn, near.channel, far.channel)
        call = call_of(turn, near.linked)
        if call is not None and not floor.by_channel.keys() & {near.channel, far.channel}:
            take_in(turn, call, near.channel)


def dialed(
    turn: Turn, caller: ChannelId, channel: ChannelId, endpoint: str, *, answered: bool = False
) -> None:
    """Note who dialled what through a Local channel that belongs to no call, such as one from a phone to a queue.

    Args:
        turn: the step.
        caller: the channel that dialled; it belongs to no call.
        channel: the channel that was dialled.
        endpoint: the dialled phone.
        answered: whether it answered; False: it rings.
    """
    locals_ = turn.floor.locals
    if channel in locals_:
        locals_[channel].caller = caller
    local = locals_.get(caller)
    if local is not None and local.far == caller:
        local.phone, local.endpoint, local.answered = channel, endpoint, answered


def take_in(turn: Turn, call: Call, half: ChannelId) -> LocalChannel:
    """Make both halves of a Local channel part of this call: they lead to one of its phones."""
    local = turn.floor.locals[half]
    for id_ in (local.near, local.far):
        turn.floor.by_channel[id_] = call.id
        call.local_channel_ids.append(id_)
    return local
