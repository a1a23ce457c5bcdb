"""Events of a PBX: refused and lost commands, snapshots, devices, and a lost link."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple

from app.domain.ids import (
    FIRST_NODE,
    CallId,
    CampaignId,
    ChannelId,
    NodeId,
    QueueId,
)
from app.domain.operators import DeviceState
from app.floor.commands import PbxCommand, PlaceCall
from app.floor.events.outgoing import OutgoingLegBegan


class CommandRefused(NamedTuple):
    """The PBX refused a command; nothing happened."""

    command: PbxCommand | PlaceCall
    reason: str


class CommandLost(NamedTuple):
    """The link dropped, or no answer came: it is not known whether the PBX carried out the command."""

    command: PbxCommand | PlaceCall


class LinkLost(NamedTuple):
    """The link to a PBX was lost."""

    reason: str
    node: NodeId = FIRST_NODE


class ParkingFilled(NamedTuple):
    """All parking places of a PBX are taken, or one is free again."""

    full: bool
    node: NodeId = FIRST_NODE


class DeviceChanged(NamedTuple):
    """The PBX reported a new state of a phone."""

    endpoint: str
    state: DeviceState


class ChannelState(Enum):
    """The state of a channel."""

    RINGING = auto()
    ANSWERED = auto()
    OTHER = auto()


class Whereabouts(Enum):
    """Where a channel is, in the floor's terms."""

    HOLD = auto()
    """On hold, until the floor finds an operator."""
    CONNECT = auto()
    """A phone rings for it, or talks with it, as the floor ordered."""
    FALLBACK = auto()
    """It waits in, or talks through, the PBX's own queue."""
    LIVE = auto()
    """A campaign called it, somebody answered, and it waits for the floor's order."""
    LISTENED = auto()
    """A campaign called it, and answering-machine detection runs."""
    MACHINE = auto()
    """A campaign called it, and a machine has answered."""
    ABANDONED = auto()
    """It hears the campaign's message."""
    LEAVING = auto()
    """It hears a queue's message, and is let go."""
    OUTGOING = auto()
    """It waits for permission to be connected outside."""
    ELSEWHERE = auto()


class LocalHalf(NamedTuple):
    """One half of a channel by which the PBX calls itself."""

    name: str
    """The name that both halves share."""
    near: bool


class SeenEntry(NamedTuple):
    """What a channel in a snapshot asked for when it entered a queue."""

    queue: QueueId
    dialed: str = ""
    language: str = ""
    skills: frozenset[str] = frozenset()
    priority: int = 0
    number_withheld: bool = False
    campaign: CampaignId | None = None
    """The campaign that called; None: the customer called."""


class SeenColleague(NamedTuple):
    """The call between colleagues that a channel in a snapshot belongs to."""

    call: CallId
    number: str
    """The number as dialled."""
    by: str
    """The name of the channel that called."""
    line: str
    """The phone that called."""
    endpoint: str
    """The phone that was called."""


class SeenChannel(NamedTuple):
    """One channel in a snapshot."""

    channel: ChannelId
    channel_name: str
    linked: ChannelId
    """The id of the oldest channel among those it belongs together with; the same for all of them."""
    endpoint: str
    """The channel's phone or trunk; empty for other kinds of channel."""
    state: ChannelState
    where: Whereabouts
    duration_s: float
    caller_number: str
    caller_name: str
    bridge: str = ""
    half: LocalHalf | None = None
    entry: SeenEntry | None = None
    call: CallId | None = None
    """The call whose place in line the channel has."""
    first_in_line: bool = False
    """The phone with which this caller talked last was dead."""
    outgoing: OutgoingLegBegan | None = None
    """The outside call the channel belongs to, in the form of the event of its outside leg."""
    colleague: SeenColleague | None = None
    waited_s: float | None = None
    """How long ago the channel entered its queue, by the PBX's clock; None: not known."""
    caller_sent: str = ""
    """The number as the carrier sent it, if that differs from `caller_number`."""


class SnapshotTaken(NamedTuple):
    """The channels and devices that a PBX has now. It is one event, so that the merge is one step."""

    channels: tuple[SeenChannel, ...]
    devices: Mapping[str, DeviceState]
    told: frozenset[str] = frozenset()
    """Channels and endpoints of events that came while the snapshot was taken. These events follow, and are newer."""
    node: NodeId = FIRST_NODE


PbxEvent = ParkingFilled | DeviceChanged | CommandRefused | CommandLost | LinkLost | SnapshotTaken
