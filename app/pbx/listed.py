"""Asterisk's lists -> the floor's snapshot: channels from CoreShowChannels, phones from DeviceStateList."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from app.domain.ids import (
    FIRST_NODE,
    CallId,
    CampaignId,
    ChannelId,
    NodeId,
    QueueId,
    at_node,
)
from app.domain.operators import DeviceState
from app.floor.events import (
    ChannelState,
    LocalHalf,
    OutgoingLegBegan,
    SeenChannel,
    SeenColleague,
    SeenEntry,
    Whereabouts,
)
from app.pbx.ami.message import Event
from app.pbx.clocks import ClockSet, passed_s
from app.pbx.dialplan import Context
from app.pbx.words import PJSIP, device_state, endpoint_of, known_number, whole_number

_STATES = {"Ringing": ChannelState.RINGING, "Up": ChannelState.ANSWERED}
_WHEREABOUTS: Mapping[str, Whereabouts] = {
    Context.HOLD: Whereabouts.HOLD,
    Context.CONNECT: Whereabouts.CONNECT,
    Context.FALLBACK: Whereabouts.FALLBACK,
    Context.ANSWERED: Whereabouts.LIVE,
    Context.MACHINE: Whereabouts.MACHINE,
    Context.ABANDONED: Whereabouts.ABANDONED,
    Context.LEAVE: Whereabouts.LEAVING,
    Context.OUTGOING: Whereabouts.OUTGOING,
}
"""Where a channel is, by its dialplan context."""
_ELSEWHERE, _LISTENED, _OTHER = Whereabouts.ELSEWHERE, Whereabouts.LISTENED, ChannelState.OTHER
_LISTENING = "AMD"
"""The application of a channel while Asterisk detects whether a machine answered."""
_LOCAL, _NEAR, _FAR = "Local/", ";1", ";2"
"""How the names of a Local channel's two halves begin and end; between, the two names are the same."""


def seen_channel(
    event: Event,
    node: NodeId = FIRST_NODE,
    *,
    now_s: float = 0.0,
    clock_sets: Sequence[ClockSet] = (),
    late_s: float = 0.0,
) -> SeenChannel:
    """The floor's view of a channel that CoreShowChannels lists.

    Args:
        event: the channel's event in the list.
        node: the Asterisk that lists it.
        now_s: the PBX's own time when it made the list, in seconds since 1970; 0 if unknown.
        clock_sets: each time the PBX's clock was set.
        late_s: seconds since the PBX made the list, which a slow line delivers late.
    """
    headers: dict[str, str] = {}
    variables: dict[str, str] = {}
    for line in event.raw.split("\r\n"):  # one pass for all headers: there may be thousands of channels
        header, _, value = line.partition(": ")
        if header != "ChanVariable":
            headers[header] = value
        elif "=" in value:
            variable, _, value = value.partition("=")
            variables[variable] = value
    get = headers.get
    name, since = get("Channel", ""), variables.get("KESKUS_SINCE", "")
    waited = now_s and since.isdecimal()
    channel, call = ChannelId(at_node(node, get("Uniqueid", ""))), variables.get("KESKUS_CALL")
    where = _WHEREABOUTS.get(get("Context", ""), _ELSEWHERE)
    return SeenChannel(
        channel=channel,
        channel_name=name,
        linked=ChannelId(at_node(node, get("Linkedid", ""))),
        endpoint=at_node(node, endpoint_of(name)),
        state=_STATES.get(get("ChannelStateDesc", ""), _OTHER),
        where=_LISTENED if get("Application") == _LISTENING else where,
        duration_s=passed_s(now_s - _clock_s(get("Duration", "")), now_s, clock_sets) + late_s,
        caller_number=known_number(get("CallerIDNum", "")),
        caller_name=known_number(get("CallerIDName", "")),
        bridge=get("BridgeId", ""),
        half=_half(name) if name.startswith(_LOCAL) else None,
        entry=_entry(variables),
        call=CallId(at_node(node, call)) if call else None,
        first_in_line=variables.get("KESKUS_FIRST") == "1",
        outgoing=_seen_outgoing(channel, said, node) if (said := variables.get("KESKUS_OUT")) else None,
        colleague=_seen_colleague(said, node) if (said := variables.get("KESKUS_INTERNAL")) else None,
        waited_s=passed_s(int(since), now_s, clock_sets) + late_s if waited else None,
    )


def device_states(devices: Iterable[Event], node: NodeId = FIRST_NODE) -> dict[str, DeviceState]:
    """The state of each phone in DeviceStateList, by its endpoint."""
    return {
        at_node(node, device.get("Device").removeprefix(PJSIP)): device_state(device.get("State"))
        for device in devices
        if device.get("Device").startswith(PJSIP)
    }


def _half(name: str) -> LocalHalf | None:
    """Which half of a Local channel this is, by its name."""
    half = name[-len(_NEAR) :]
    return LocalHalf(name[: -len(half)], half == _NEAR) if half in (_NEAR, _FAR) else None


def _entry(variables: Mapping[str, str]) -> SeenEntry | None:
    """The queue that a channel entered and what it asks of it; None for a channel without a queue."""
    get = variables.get
    queue = get("KESKUS_QUEUE")
    if not queue:
        return None
    return _entry_of(
        queue,
        get("KESKUS_DID", ""),
        get("KESKUS_LANGUAGE", ""),
        get("KESKUS_SKILLS", ""),
        get("KESKUS_PRIORITY", ""),
        get("KESKUS_WITHHELD", ""),
        get("KESKUS_CAMPAIGN", ""),
    )


@lru_cache(maxsize=1024)
def _entry_of(  # noqa: PLR0917 - as the channel's variables have them
    queue: str, dialed: str, language: str, skills: str, priority: str, withheld: str, campaign: str
) -> SeenEntry:
    """Entries are alike: every two seconds the same ones, and one for each queue and number dialled."""
    return SeenEntry(
        queue=QueueId(queue),
        dialed=dialed,
        language=language,
        skills=frozenset(filter(None, skills.split("&"))),
        priority=whole_number(priority) if priority else 0,
        number_withheld=withheld == "yes",
        campaign=CampaignId(int(campaign)) if campaign.isdecimal() else None,
    )


def _seen_outgoing(channel: ChannelId, said: str, node: NodeId) -> OutgoingLegBegan | None:
    """`<call>|<number>|<channel of the phone>`, on the channel that talks and on the outside leg."""
    parts = said.split("|")
    if len(parts) != 3:
        return None
    call, number, by = parts
    return OutgoingLegBegan(CallId(at_node(node, call)), channel, number, at_node(node, endpoint_of(by)))


def _seen_colleague(said: str, node: NodeId) -> SeenColleague | None:
    """`<call>|<number dialled>|<channel of the caller>|<endpoint called>`, on both channels."""
    parts = said.split("|")
    if len(parts) != 4:
        return None
    call, number, by, endpoint = parts
    line, called = at_node(node, endpoint_of(by)), at_node(node, endpoint)
    return SeenColleague(CallId(at_node(node, call)), number, by, line, called)


def _clock_s(duration: str) -> float:
    """Seconds of Asterisk's `HH:MM:SS`."""
    seconds = 0
    for part in duration.split(":"):
        seconds = seconds * 60 + whole_number(part)
    return float(seconds)
