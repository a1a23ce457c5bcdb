"""What happened: the floor's input. Past tense: from the PBX, an operator, the administrator, the clock."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from typing import NamedTuple

from app.compliance.outgoing import DialledNumber, OutgoingRule
from app.domain.calls import OfferOutcome
from app.domain.campaigns import AttemptOutcome, CampaignSettings
from app.domain.ids import (
    FIRST_NODE,
    AttemptId,
    CallId,
    CampaignId,
    ChannelId,
    Columns,
    ContactId,
    LeadId,
    NodeId,
    OfferId,
    OperatorId,
    QueueId,
)
from app.domain.operators import DeviceState, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.domain.tariffs import Tariff
from app.floor.commands import PbxCommand, PlaceCall
from app.pacing.abandonment import LiveAnswers


class CallEntered(NamedTuple):
    """A channel asks for an operator of a queue: a new call, or one transferred to a queue."""

    channel: ChannelId
    channel_name: str
    caller_number: str
    caller_name: str
    dialed: str
    queue: QueueId
    language: str = ""
    skills: frozenset[str] = frozenset()
    priority: int = 0
    late_s: float = 0.0
    """How long it was on its way, in seconds, where that is known and counts."""
    caller_sent: str = ""
    """The number as the carrier sent it, where that is another spelling."""
    number_withheld: bool = False
    """The caller does not want the number to be known: it did not come."""
    line: str = ""
    """What it came by: a trunk, or an operator's phone."""


class CallerIdentified(NamedTuple):
    """The contact base answered `IdentifyCaller`."""

    call: CallId
    name: str = ""
    contact: ContactId | None = None
    """Set when exactly one contact has this number, or an operator picked one."""
    matches: tuple[ContactId, ...] = ()
    preferred: OperatorId | None = None
    """The last operator who served this contact."""


class LegDialed(NamedTuple):
    """The PBX rings an endpoint on behalf of a caller's channel."""

    caller: ChannelId
    leg: ChannelId
    endpoint: str


class LegAnswered(NamedTuple):
    """The endpoint rung for a caller's channel answered."""

    caller: ChannelId
    leg: ChannelId
    endpoint: str
    late_s: float = 0.0
    """How long it was on its way, in seconds, where that is known and counts."""


class OfferReturned(NamedTuple):
    """The PBX put the caller back on hold: the offer came to nothing."""

    channel: ChannelId
    offer: OfferId
    outcome: OfferOutcome
    cause: int
    """Q.850 hang-up cause; 0 where there is none."""


class CallerLost(NamedTuple):
    """Nothing has come from a waiting caller's line for so long that the PBX ends the call."""

    channel: ChannelId


class PhoneDied(NamedTuple):
    """An operator's phone is dead in its talk: no sound comes from it, and no answer."""

    channel: ChannelId
    """The phone's."""


class TalkLost(NamedTuple):
    """A customer whose talk was with a phone that is dead has been put on hold."""

    channel: ChannelId
    """The customer's."""


class CallerTakenBack(NamedTuple):
    """The PBX's own queue has sent a caller back to hold, as it was asked to."""

    channel: ChannelId


class ChannelHeld(NamedTuple):
    """A party put the other on hold."""

    channel: ChannelId


class ChannelResumed(NamedTuple):
    """A party took the other off hold."""

    channel: ChannelId


class MusicBegan(NamedTuple):
    """A channel is played music: somebody waits, or is on hold."""

    channel: ChannelId
    channel_name: str = ""
    call: CallId | None = None
    """The call whose place in line it has: another's, where it took that caller's place."""
    line: str = ""
    """The trunk or phone it is of."""


class MusicEnded(NamedTuple):
    """The music is over."""

    channel: ChannelId


class HangupRequested(NamedTuple):
    """A party asked to hang up; the first to do so ended the call."""

    channel: ChannelId
    cause: int = 0
    """Q.850; 0: not told."""


class ChannelHungUp(NamedTuple):
    """A channel is gone. Always the last event of its channel."""

    channel: ChannelId
    cause: int
    cause_text: str = ""
    late_s: float = 0.0
    """How long it was on its way, in seconds, where that is known and counts."""
    entering: CallEntered | None = None
    """It was on its way into a queue, and the PBX may not have come to tell of it."""


class BlindTransferred(NamedTuple):
    """An operator sent the other party to an extension."""

    transferer: ChannelId
    transferee: ChannelId
    extension: str


class AttendedTransferred(NamedTuple):
    """An operator joined the customer to the party of a second call and left."""

    transferer: ChannelId
    second_transferer: ChannelId
    transferee: ChannelId
    target: ChannelId
    target_endpoint: str
    transferee_endpoint: str = ""
    """Needed when the PBX names the colleague as transferee and the customer as target."""


class CallParked(NamedTuple):
    """A caller was put on a parking place, where anybody may take them off."""

    channel: ChannelId
    place: str


class ParkingFilled(NamedTuple):
    """All parking places of a PBX are taken, or one is free again."""

    full: bool
    node: NodeId = FIRST_NODE


class CallRetrieved(NamedTuple):
    """A parked caller was taken off."""

    channel: ChannelId
    leg: ChannelId
    endpoint: str


class LocalBridged(NamedTuple):
    """The PBX called itself: who talks with the near half of that channel talks with whom the far half reaches."""

    near: ChannelId
    far: ChannelId


class ChannelReplaced(NamedTuple):
    """A channel took another's place in a talk; the other hangs up next."""

    old: ChannelId
    new: ChannelId
    new_name: str
    endpoint: str
    """The new one's phone or trunk; empty for other kinds of channel."""


class DeviceChanged(NamedTuple):
    """The PBX's word on a phone."""

    endpoint: str
    state: DeviceState


class OutgoingAsked(NamedTuple):
    """A phone dialled a number outside, or transferred somebody there; nothing is dialled before the answer."""

    call: CallId
    """Given by the PBX: the channel's id, a colon, and which of its calls outside it is."""
    channel: ChannelId
    """Of who will talk with whom is called."""
    channel_name: str
    number: str
    """As dialled: digits, a plus sign before them or not."""
    endpoint: str
    """The phone that dialled or transferred."""
    transferred: bool = False
    """Somebody else will talk: who was transferred."""
    alive: bool = True
    """The PBX waits for the answer; else it goes by its own list."""


class NumberRead(NamedTuple):
    """The numbering plan and the price list answered `ReadNumber`."""

    call: CallId
    number: DialledNumber
    tariff: Tariff | None = None
    contact: ContactId | None = None
    """Set when exactly one contact has this number."""


class OutgoingLegBegan(NamedTuple):
    """A call outside is being dialled."""

    call: CallId
    leg: ChannelId
    number: str
    endpoint: str
    """The phone that dialled or transferred."""


class OutgoingStopped(NamedTuple):
    """The PBX did not dial a call outside, by the service's word or its own."""

    call: CallId
    rule: str


class OutgoingCharged(NamedTuple):
    """The records have a call outside that the floor did not hear whole, or an earlier life of it did."""

    operator: OperatorId
    day: date
    """The centre's."""
    amount: Decimal


class OutgoingMissed(NamedTuple):
    """The records have a call outside that the PBX judged by itself, while nobody heard it."""

    operator: OperatorId | None
    endpoint: str
    """The phone that is nobody's; empty: the operator's."""
    asked_at: datetime
    rule: OutgoingRule | None
    """None: it was dialled, and is a call for help."""


class ColleagueCalled(NamedTuple):
    """A phone rings, or would ring, an operator's, and is no customer of a queue."""

    call: CallId
    """Given by the PBX: the channel's id, a colon, and which of its calls it is."""
    channel: ChannelId
    """Of who calls."""
    channel_name: str
    caller_number: str
    caller_name: str
    number: str
    """As dialled."""
    endpoint: str
    """The phone that is called."""
    line: str
    """The phone that calls."""


class ColleagueRang(NamedTuple):
    """The phone of a call between colleagues is dialled."""

    call: CallId
    leg: ChannelId
    called_by: ColleagueCalled
    """What was told when it began."""


class Missed(Enum):
    """Why a phone was not reached."""

    BUSY = auto()
    NO_ANSWER = auto()
    UNREACHABLE = auto()
    FAILED = auto()


class ColleagueMissed(NamedTuple):
    """A call between colleagues reached nobody."""

    call: CallId
    why: Missed


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


class PresenceAsked(NamedTuple):
    """An operator, or a supervisor for them, asks for a presence."""

    operator: OperatorId
    presence: Presence
    reason: str = ""
    """The break's reason."""
    cause: str = "operator"


class WrapUpEnded(NamedTuple):
    """The operator is done with the last call's work."""

    operator: OperatorId


class ContactPicked(NamedTuple):
    """An operator told which of several contacts is calling."""

    call: CallId
    contact: ContactId
    name: str


class AttemptDialled(NamedTuple):
    """The dialer picked a lead and committed the attempt; the PBX is told to dial."""

    attempt: AttemptId
    lead: LeadId
    number: str
    contact: ContactId | None = None
    contact_name: str = ""
    operator: OperatorId | None = None
    """Who has to call this customer back; None: whoever is free."""
    ordinal: int = 1
    """Which attempt at this lead it is, from 1."""
    columns: Columns = ()
    """What its list tells of it, for who talks with them."""


class AttemptRestored(NamedTuple):
    """An attempt of the service's last life whose end is not on record: the PBX says next what became of it."""

    attempt: AttemptId
    campaign: CampaignId
    lead: LeadId
    number: str
    contact: ContactId | None = None
    contact_name: str = ""
    operator: OperatorId | None = None
    """Who had to call this customer back; None: whoever is free."""
    columns: Columns = ()
    """What its list tells of it, for who talks with them."""


class LeadFound(NamedTuple):
    """The dialer has reserved a lead for an operator to look at."""

    attempt: AttemptId
    campaign: CampaignId
    lead: LeadId
    number: str
    """That will be dialled."""
    contact: ContactId | None = None
    contact_name: str = ""
    ordinal: int = 1
    """Which attempt at this lead it would be, from 1."""
    callback_at: datetime | None = None
    """When the customer asked to be called."""
    columns: Columns = ()
    """What its list tells of it."""


class PreviewDialled(NamedTuple):
    """An operator wants the lead called that they look at."""

    operator: OperatorId


class PreviewSkipped(NamedTuple):
    """An operator does not want to call the lead that they look at, not now."""

    operator: OperatorId
    reason: str


class AttemptNotPlaced(NamedTuple):
    """There is no lead for an attempt; nothing was dialled."""

    attempt: AttemptId
    again_s: float
    """Look again after so many seconds."""


class AttemptAnswered(NamedTuple):
    """Somebody, or a machine, answered a call that was placed."""

    channel: ChannelId
    channel_name: str
    campaign: CampaignId
    number: str
    machine: bool = False
    amd: str = ""
    """The detector's verdict and why; empty where nobody listened."""
    line: str = ""
    """The trunk it was placed through."""


class AttemptFailed(NamedTuple):
    """The PBX could not place a call, or nobody answered it; told besides the hang-up, where there was a channel."""

    attempt: AttemptId
    outcome: AttemptOutcome


class CustomerOptedOut(NamedTuple):
    """A customer pressed the key not to be called again."""

    channel: ChannelId
    campaign: CampaignId


class CampaignSet(NamedTuple):
    """A campaign was made or changed."""

    settings: CampaignSettings


class RecalledDial(NamedTuple):
    """One dial of an earlier day or life, as it is on file."""

    at: datetime
    answered: bool
    """By a person."""
    rang_s: float
    """From the dial to the answer, or to the end."""
    ordinal: int
    """Which attempt at its lead it was, from 1."""


class CampaignRecalled(NamedTuple):
    """What is on file of a campaign: to be told once it is set, and again when its window changes."""

    campaign: CampaignId
    answers: tuple[tuple[datetime, LiveAnswers], ...] = ()
    """Live answers in the window of its rules, all of them, counted by the moment they were answered."""
    dials: tuple[RecalledDial, ...] = ()
    """The last ones, the oldest first. A campaign that has learned by itself does not learn from them."""
    talks_s: tuple[float, ...] = ()
    """How long operators talked, the oldest first."""
    wrap_ups_s: tuple[float, ...] = ()
    """How long they wrapped up."""


class CampaignRemoved(NamedTuple):
    """A campaign was taken away."""

    campaign: CampaignId


class TrunkSet(NamedTuple):
    """A trunk's limits were set."""

    name: str
    channels: int
    """Calls placed at one time, at most."""
    calls_per_s: float


class DispositionSet(NamedTuple):
    """It was said what a campaign's call came to; it is on file."""

    attempt: AttemptId


class QueueSet(NamedTuple):
    """A queue was made or changed."""

    settings: QueueSettings


class QueueRemoved(NamedTuple):
    """A queue was taken away."""

    queue: QueueId


class OperatorSet(NamedTuple):
    """An operator was made or changed."""

    settings: OperatorSettings


class OperatorRemoved(NamedTuple):
    """An operator was taken away."""

    operator: OperatorId


class ClockTicked(NamedTuple):
    """The time `next_deadline` named has come."""


Event = (
    CallEntered
    | CallerIdentified
    | LegDialed
    | LegAnswered
    | OfferReturned
    | CallerLost
    | CallerTakenBack
    | PhoneDied
    | TalkLost
    | ChannelHeld
    | MusicBegan
    | MusicEnded
    | ChannelResumed
    | HangupRequested
    | ChannelHungUp
    | BlindTransferred
    | AttendedTransferred
    | CallParked
    | CallRetrieved
    | ParkingFilled
    | LocalBridged
    | ChannelReplaced
    | DeviceChanged
    | OutgoingAsked
    | NumberRead
    | OutgoingLegBegan
    | OutgoingStopped
    | OutgoingCharged
    | OutgoingMissed
    | ColleagueCalled
    | ColleagueRang
    | ColleagueMissed
    | CommandRefused
    | CommandLost
    | LinkLost
    | SnapshotTaken
    | PresenceAsked
    | WrapUpEnded
    | ContactPicked
    | AttemptDialled
    | AttemptRestored
    | AttemptNotPlaced
    | LeadFound
    | PreviewDialled
    | PreviewSkipped
    | AttemptAnswered
    | AttemptFailed
    | CustomerOptedOut
    | CampaignSet
    | CampaignRecalled
    | CampaignRemoved
    | TrunkSet
    | DispositionSet
    | QueueSet
    | QueueRemoved
    | OperatorSet
    | OperatorRemoved
    | ClockTicked
)
