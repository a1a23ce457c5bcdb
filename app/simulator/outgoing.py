"""Campaigns' calls in the simulated PBX: a channel rings until a person or machine answers, or the call ends."""

from functools import partial

from app.domain.ids import ChannelId
from app.floor.commands import PlaceCall
from app.floor.events import AttemptAnswered, ChannelHungUp
from app.simulator.lines import NO_ANSWER, TRUNK, Line, Outgoing
from app.simulator.pbx import SimulatedPbx


def dial(pbx: SimulatedPbx, asked: PlaceCall, number: str) -> ChannelId:
    """Ring a customer for the campaign's ringing time."""
    channel = ChannelId(asked.attempt)
    pbx.outgoing[channel] = Outgoing(asked, number, pbx.world.now_s)
    pbx.world.after(asked.ring_s, partial(end, pbx, channel, NO_ANSWER))
    return channel


def answer(pbx: SimulatedPbx, channel: ChannelId, *, machine: bool = False) -> Line | None:
    """Let a person or a machine answer; None if the channel has stopped ringing."""
    out = pbx.outgoing.pop(channel, None)
    if out is None:
        return None
    line = Line(
        channel=channel,
        queue=out.asked.queue,
        number=out.number,
        entered_s=pbx.world.now_s,
        campaign=out.asked.campaign,
        live=True,
    )
    pbx.lines[channel] = line
    pbx.wait_live(line)
    pbx.say(
        AttemptAnswered(
            channel=channel,
            channel_name=f"{TRUNK}-{channel}",
            campaign=out.asked.campaign,
            number=out.number,
            machine=machine,
            line=pbx.trunk,
        )
    )
    return line


def end(pbx: SimulatedPbx, channel: ChannelId, cause: int) -> None:
    """End a channel that nobody answered; does nothing if it has ended."""
    if pbx.outgoing.pop(channel, None) is not None:
        pbx.say(ChannelHungUp(channel, cause))
