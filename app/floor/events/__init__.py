"""Events: the floor's input, in the past tense. They come from the PBX, operators, the administrator and the clock."""

from typing import NamedTuple

from app.floor.events.calls import (
    AttendedTransferred,
    BlindTransferred,
    CallEntered,
    CallerIdentified,
    CallerLost,
    CallerTakenBack,
    CallEvent,
    CallParked,
    CallRetrieved,
    ChannelHeld,
    ChannelHungUp,
    ChannelReplaced,
    ChannelResumed,
    ContactPicked,
    CrmAnswered,
    EndAsked,
    HangupRequested,
    LegAnswered,
    LegDialed,
    LocalBridged,
    MoveAsked,
    MusicBegan,
    MusicEnded,
    OfferReturned,
    PhoneDied,
    TalkLost,
    TransferAsked,
)
from app.floor.events.campaigns import (
    AttemptAnswered,
    AttemptDialled,
    AttemptFailed,
    AttemptNotPlaced,
    AttemptRestored,
    CampaignEvent,
    CampaignRecalled,
    CampaignRemoved,
    CampaignSet,
    CustomerOptedOut,
    LeadFound,
    RecalledDial,
    TrunkSet,
)
from app.floor.events.internal import (
    ColleagueCalled,
    ColleagueMissed,
    ColleagueRang,
    InternalEvent,
    Missed,
)
from app.floor.events.operators import (
    DispositionSet,
    OperatorEvent,
    OperatorRemoved,
    OperatorSet,
    PresenceAsked,
    PreviewDialled,
    PreviewSkipped,
    WrapUpEnded,
)
from app.floor.events.outgoing import (
    NumberRead,
    OutgoingAsked,
    OutgoingCharged,
    OutgoingEvent,
    OutgoingLegBegan,
    OutgoingMissed,
    OutgoingStopped,
)
from app.floor.events.pbx import (
    ChannelState,
    CommandLost,
    CommandRefused,
    DeviceChanged,
    LinkLost,
    LocalHalf,
    ParkingFilled,
    PbxEvent,
    SeenChannel,
    SeenColleague,
    SeenEntry,
    SnapshotTaken,
    Whereabouts,
)
from app.floor.events.queues import (
    QueueEvent,
    QueueRemoved,
    QueueSet,
)

__all__ = [
    "AttemptAnswered",
    "AttemptDialled",
    "AttemptFailed",
    "AttemptNotPlaced",
    "AttemptRestored",
    "AttendedTransferred",
    "BlindTransferred",
    "CallEntered",
    "CallParked",
    "CallRetrieved",
    "CallerIdentified",
    "CallerLost",
    "CallerTakenBack",
    "CampaignRecalled",
    "CampaignRemoved",
    "CampaignSet",
    "ChannelHeld",
    "ChannelHungUp",
    "ChannelReplaced",
    "ChannelResumed",
    "ChannelState",
    "ClockTicked",
    "ColleagueCalled",
    "ColleagueMissed",
    "ColleagueRang",
    "CommandLost",
    "CommandRefused",
    "ContactPicked",
    "CrmAnswered",
    "CustomerOptedOut",
    "DeviceChanged",
    "DispositionSet",
    "EndAsked",
    "Event",
    "HangupRequested",
    "LeadFound",
    "LegAnswered",
    "LegDialed",
    "LinkLost",
    "LocalBridged",
    "LocalHalf",
    "Missed",
    "MoveAsked",
    "MusicBegan",
    "MusicEnded",
    "NumberRead",
    "OfferReturned",
    "OperatorRemoved",
    "OperatorSet",
    "OutgoingAsked",
    "OutgoingCharged",
    "OutgoingLegBegan",
    "OutgoingMissed",
    "OutgoingStopped",
    "ParkingFilled",
    "PhoneDied",
    "PresenceAsked",
    "PreviewDialled",
    "PreviewSkipped",
    "QueueRemoved",
    "QueueSet",
    "RecalledDial",
    "SeenChannel",
    "SeenColleague",
    "SeenEntry",
    "SnapshotTaken",
    "TalkLost",
    "TransferAsked",
    "TrunkSet",
    "Whereabouts",
    "WrapUpEnded",
]


class ClockTicked(NamedTuple):
    """The moment that `next_deadline` gave has come."""


Event = (
    CallEvent
    | CampaignEvent
    | InternalEvent
    | OperatorEvent
    | OutgoingEvent
    | PbxEvent
    | QueueEvent
    | ClockTicked
)
