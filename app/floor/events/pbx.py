"""What a PBX says of itself: how orders went, what it has, and that it cannot be heard."""

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
    """The PBX said no to a command; nothing happened."""

    command: PbxCommand | PlaceCall
    reason: str


class CommandLost(NamedTuple):
    """The link dropped or the answer did not come: whether the command was carried out is not known."""

    command: PbxCommand | PlaceCall


class LinkLost(NamedTuple):
    """A PBX cannot be heard."""

    reason: str
    node: NodeId = FIRST_NODE


class ParkingFilled(NamedTuple):
    """All parking places of a PBX are taken, or one is free again."""

    full: bool
    node: NodeId = FIRST_NODE


class DeviceChanged(NamedTuple):
    """The PBX's word on a phone."""

    endpoint: str
    state: DeviceState


class ChannelState(Enum):
    """How far a channel is."""

    RINGING = auto()
    ANSWERED = auto()
    OTHER = auto()


class Whereabouts(Enum):
    """Where a channel is, as far as the floor has a word for it."""

    HOLD = auto()
    """On hold, until the floor finds an operator."""
    CONNECT = auto()
    """A phone is rung for it, or talks with it, by the floor's order."""
    FALLBACK = auto()
    """Waits in, or talks through, the PBX's own queue."""
    LIVE = auto()
    """Was called by a campaign, and waits for a word."""
    LISTENED = auto()
    """It is listened whether a machine has answered."""
    MACHINE = auto()
    """A machine has answered."""
    ABANDONED = auto()
    """Hears the campaign's message."""
    LEAVING = auto()
    """Hears a queue's message, and is let go."""
    OUTGOING = auto()
    """Waits for leave to be connected outside."""
    ELSEWHERE = auto()


class LocalHalf(NamedTuple):
    """One half of a channel by which the PBX calls itself."""

    name: str
    """What both halves are called."""
    near: bool


class SeenEntry(NamedTuple):
    """What a channel in a snapshot asked a queue for."""

    queue: QueueId
    dialed: str = ""
    language: str = ""
    skills: frozenset[str] = frozenset()
    priority: int = 0
    number_withheld: bool = False
    campaign: CampaignId | None = None
    """Which called; None: the customer did."""


class SeenColleague(NamedTuple):
    """The call between colleagues that a channel in a snapshot belongs to."""

    call: CallId
    number: str
    """As dialled."""
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
    """The id of the oldest channel it is joined with."""
    endpoint: str
    """Its phone or trunk; empty for other kinds of channel."""
    state: ChannelState
    where: Whereabouts
    duration_s: float
    caller_number: str
    caller_name: str
    bridge: str = ""
    half: LocalHalf | None = None
    entry: SeenEntry | None = None
    call: CallId | None = None
    """The call whose place in line it has."""
    first_in_line: bool = False
    """The phone that they talked with last was dead."""
    outgoing: OutgoingLegBegan | None = None
    """The call outside it belongs to, told as of the leg outside."""
    colleague: SeenColleague | None = None
    waited_s: float | None = None
    """How long ago it entered its queue, by the PBX's clock; None where that is not known."""
    caller_sent: str = ""
    """The number as the carrier sent it, where that is another spelling."""


class SnapshotTaken(NamedTuple):
    """What a PBX has now. Sent as one event, so that the merge is one step."""

    channels: tuple[SeenChannel, ...]
    devices: Mapping[str, DeviceState]
    told: frozenset[str] = frozenset()
    """Channels and endpoints of which events follow that were heard while the PBX was asked: they tell the rest."""
    node: NodeId = FIRST_NODE


PbxEvent = ParkingFilled | DeviceChanged | CommandRefused | CommandLost | LinkLost | SnapshotTaken
