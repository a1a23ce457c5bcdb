"""Local channels: the PBX calls itself. Its near half is dialled, or talks; its far half dials on.

To the floor they are nobody: a leg is the phone that the far half reaches, whether the PBX takes the Local channel out
of the talk (optimises it away) or not.
"""

from app.floor.model import Call, ChannelId, LocalChannel
from app.floor.turn import Turn


def bridged(turn: Turn, near: ChannelId, far: ChannelId) -> None:
    """There is one more."""
    turn.floor.locals[near] = turn.floor.locals[far] = LocalChannel(near, far)


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
        call.halves.append(id_)
    return local
