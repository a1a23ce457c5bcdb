"""The channels of a simulated PBX as a snapshot's `SeenChannel`."""

from app.domain.ids import CallId, ChannelId
from app.floor.events import ChannelState, LocalHalf, SeenChannel, SeenColleague, SeenEntry
from app.simulator.lines import AWAY, LIVE, TRUNK, InternalLine, Line, Outgoing


def seen_caller(line: Line, bridge: str, trunk: str, now_s: float) -> SeenChannel:
    """The channel of a caller."""
    return SeenChannel(
        channel=line.channel,
        channel_name=f"{TRUNK}-{line.channel}",
        linked=line.channel,
        endpoint=trunk,
        state=ChannelState.ANSWERED,
        where=line.where,
        duration_s=now_s - line.entered_s,
        caller_number=line.number,
        caller_name="",
        bridge=bridge,
        entry=SeenEntry(line.queue, campaign=line.campaign),
        call=line.call or CallId(line.channel),
        first_in_line=line.first,
    )


def seen_outgoing(channel: ChannelId, out: Outgoing, trunk: str, now_s: float) -> SeenChannel:
    """A channel that a campaign dials."""
    return SeenChannel(
        channel=channel,
        channel_name=f"{TRUNK}-{channel}",
        linked=channel,
        endpoint=trunk,
        state=ChannelState.RINGING,
        where=LIVE,
        duration_s=now_s - out.since_s,
        caller_number=out.number,
        caller_name="",
        entry=SeenEntry(out.asked.queue, campaign=out.asked.campaign),
    )


def seen_internal(line: InternalLine, now_s: float) -> list[SeenChannel]:
    """The channels of two colleagues, the caller first."""
    called, bridge = line.called, f"i{line.called.channel}" if line.answered_s is not None else ""
    colleague = SeenColleague(called.call, called.number, called.channel_name, called.line, called.endpoint)
    return [
        SeenChannel(
            channel=channel,
            channel_name=f"{endpoint}-{channel}",
            linked=called.channel,
            endpoint=endpoint,
            state=ChannelState.ANSWERED if bridge else ChannelState.RINGING,
            where=AWAY,
            duration_s=now_s - line.began_s,
            caller_number=called.caller_number,
            caller_name="",
            bridge=bridge,
            colleague=colleague,
        )
        for channel, endpoint in ((called.channel, line.endpoint), (line.leg, line.other))
        if channel is not None
    ]


def seen_half(line: Line, half: ChannelId, bridge: str, *, near: bool) -> SeenChannel:
    """One half of the Local channel between a caller and a phone."""
    return SeenChannel(
        channel=half,
        channel_name="",
        linked=line.channel,
        endpoint="",
        state=ChannelState.ANSWERED if bridge else ChannelState.RINGING,
        where=AWAY,
        duration_s=0.0,
        caller_number=line.number,
        caller_name="",
        bridge=bridge,
        half=LocalHalf(f"local-{line.channel}", near),
    )


def seen_leg(line: Line, leg: ChannelId, bridge: str) -> SeenChannel:
    """The channel of an operator's phone."""
    return SeenChannel(
        channel=leg,
        channel_name=f"{line.endpoint}-{leg}",
        linked=line.channel,
        endpoint=line.endpoint,
        state=ChannelState.ANSWERED if line.talking else ChannelState.RINGING,
        where=AWAY,
        duration_s=0.0,
        caller_number="",
        caller_name="",
        bridge=bridge,
    )
