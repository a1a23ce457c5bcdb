"""What must be done: the floor's orders to the PBX and the contact base. Imperative."""

from typing import NamedTuple

from app.compliance.outgoing import OutgoingRule
from app.domain.ids import (
    FIRST_NODE,
    AttemptId,
    CallId,
    CampaignId,
    ChannelId,
    NodeId,
    OfferId,
    OperatorId,
    QueueId,
    node_of,
)


class IdentifyCaller(NamedTuple):
    """Ask the contact base who calls; the answer comes back as `CallerIdentified`."""

    call: CallId
    number: str
    queue: QueueId


class OfferCall(NamedTuple):
    """Ring one operator for a waiting caller."""

    call: CallId
    offer: OfferId
    channel: ChannelId
    operator: OperatorId
    endpoint: str
    ring_s: int
    auto_answer: bool
    caller_name: str
    """What the contact base knows; empty leaves the PBX's own."""


class ReturnToHold(NamedTuple):
    """Take a caller out of an offer and put them back on hold."""

    call: CallId
    offer: OfferId
    channel: ChannelId


class TakeFromPhone(NamedTuple):
    """Take a customer out of a talk with a phone that is dead, and put them on hold."""

    call: CallId
    channel: ChannelId


class HangUpPhone(NamedTuple):
    """End the channel of a phone that is dead in a call of its own."""

    call: CallId
    channel: ChannelId


class TakeBack(NamedTuple):
    """Let the PBX's own queue send a caller back to hold, if it has not connected them yet."""

    call: CallId
    channel: ChannelId
    channel_name: str
    queue: QueueId
    """As the PBX names it."""


class DismissCall(NamedTuple):
    """Play a message to a caller and hang up; without a message they hear that it is busy."""

    call: CallId
    channel: ChannelId
    message: str


class PlaceCall(NamedTuple):
    """Pick a lead of a campaign and dial it: the attempt is committed first, and dialled once."""

    attempt: AttemptId
    campaign: CampaignId
    trunk: str
    caller_id: str
    ring_s: int
    queue: QueueId
    detect_machines: bool
    detector: tuple[int | None, ...] = ()
    """Its parameters in the order of `app.domain.campaigns.DETECTOR`; None: as the PBX has it."""
    message: str = ""
    """What the customer hears should nobody, not even the service, be there."""
    operator: OperatorId | None = None
    """Who has looked at its lead: that one is dialled. None: pick one."""


class WithdrawCall(NamedTuple):
    """Let a dial ring no more that nobody has answered; refused where somebody has."""

    attempt: AttemptId
    campaign: CampaignId


class FindLead(NamedTuple):
    """Reserve a lead for an operator to look at; `LeadFound` or `AttemptNotPlaced` answers."""

    attempt: AttemptId
    """What it will be when it is dialled."""
    campaign: CampaignId
    operator: OperatorId


class ReleaseLead(NamedTuple):
    """Give a lead back that an operator looked at; it is not dialled."""

    attempt: AttemptId
    campaign: CampaignId
    reason: str
    skipped: bool
    """The operator would not call them now; else it may be shown to another at once."""


class AbandonCall(NamedTuple):
    """Tell a customer who answered, and whom no operator takes, who called; without a message just hang up."""

    call: CallId
    channel: ChannelId
    message: str
    machine: bool = False
    """It is left on a machine, once that has greeted."""


class ReadNumber(NamedTuple):
    """Ask what a dialled number is and costs; the answer comes back as `NumberRead`."""

    call: CallId
    number: str


class DialOutside(NamedTuple):
    """Let a phone's call outside be dialled."""

    call: CallId
    channel: ChannelId
    number: str
    trunk: str
    """Empty: as the PBX has it."""
    caller_id: str
    """Empty: as the PBX has it."""
    longest_s: int


class RefuseOutside(NamedTuple):
    """Do not dial a phone's call outside; a customer who was transferred goes back into the queue."""

    call: CallId
    channel: ChannelId
    rule: OutgoingRule


class EndOutside(NamedTuple):
    """Hang up a call outside that was answered."""

    call: CallId
    channel: ChannelId
    """Outside."""
    rule: OutgoingRule


class TakeSnapshot(NamedTuple):
    """Ask a PBX what it has now; the answer comes back as `SnapshotTaken`."""

    cause: str
    node: NodeId = FIRST_NODE


Order = (
    OfferCall
    | ReturnToHold
    | TakeFromPhone
    | HangUpPhone
    | TakeBack
    | DismissCall
    | AbandonCall
    | DialOutside
    | RefuseOutside
    | EndOutside
)
"""What moves a customer's channel, or that of a phone which calls outside."""
PbxCommand = Order | WithdrawCall | TakeSnapshot
DialerCommand = PlaceCall | FindLead | ReleaseLead
Command = IdentifyCaller | ReadNumber | DialerCommand | PbxCommand


def node_of_command(command: PbxCommand | PlaceCall) -> NodeId:
    """The PBX that is to carry out a command."""
    if isinstance(command, TakeSnapshot):
        return command.node
    if isinstance(command, WithdrawCall | PlaceCall):
        return node_of(command.attempt)
    return node_of(command.channel)
