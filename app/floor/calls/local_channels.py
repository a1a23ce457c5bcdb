"""Local channels: the PBX calls itself. Its near half is dialled, or talks; its far half dials on.

To the floor they are nobody: a leg is the phone that the far half reaches, whether the PBX takes the Local channel out
of the talk (optimises it away) or not.
"""

from collections.abc import Iterable

from app.domain.ids import ChannelId
from app.floor.calls.legs import call_of, find_leg
from app.floor.events import SeenChannel
from app.floor.model import Call, LocalChannel
from app.floor.turn import Turn


def bridged(turn: Turn, near: ChannelId, far: ChannelId) -> None:
    """There is one more."""
    floor = turn.floor
    if near in floor.locals:
        return
    floor.locals[near] = floor.locals[far] = LocalChannel(near, far)
    call = call_of(turn, near)
    leg = find_leg(call, near) if call is not None else None
    if call is not None and leg is not None and leg.answered is None and far not in floor.by_channel:
        call.legs.remove(leg)  # it was told to be dialled before it was told to be a half
        take_in(turn, call, near)


def seen(turn: Turn, channels: Iterable[SeenChannel]) -> None:
    """Learn from a snapshot of those that were not told of, or not to be a call's."""
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
    """A channel that is no call's dials, or had its answer: it may call a queue, or ask a colleague, through one."""
    locals_ = turn.floor.locals
    if channel in locals_:
        locals_[channel].caller = caller
    local = locals_.get(caller)
    if local is not None and local.far == caller:
        local.phone, local.endpoint, local.answered = channel, endpoint, answered


def take_in(turn: Turn, call: Call, half: ChannelId) -> LocalChannel:
    """From now it is on the way to a phone of this call."""
    local = turn.floor.locals[half]
    for id_ in (local.near, local.far):
        turn.floor.by_channel[id_] = call.id
        call.local_channel_ids.append(id_)
    return local
