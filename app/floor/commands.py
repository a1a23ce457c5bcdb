"""Commands: what the floor asks of the PBX, the dialer and the contact base. Imperative."""

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
    adopted: bool = False
    """The call was there when the service began: somebody may have said before that who calls."""


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
    """The caller's name from the contact base; empty leaves the name that the PBX has."""


class ReturnToHold(NamedTuple):
    """Take a caller off a phone that rings, and put them back on hold; the PBX tells when they are."""

    call: CallId
    channel: ChannelId


class TransferCall(NamedTuple):
    """Send whoever talks with a phone to an extension, as if the phone had transferred them."""

    call: CallId
    channel: ChannelId
    """The phone's channel."""
    extension: str


class TakeFromPhone(NamedTuple):
    """Take a customer out of the talk with a dead phone, and put them on hold."""

    call: CallId
    channel: ChannelId


class HangUpPhone(NamedTuple):
    """Hang up a phone's channel: it died in a call outside or with a colleague, or a supervisor ends its talk."""

    call: CallId
    channel: ChannelId


class TakeBack(NamedTuple):
    """Let the PBX's own queue send a caller back to hold, if it has not connected them yet."""

    call: CallId
    channel: ChannelId
    channel_name: str
    queue: QueueId
    """The queue's name at the PBX."""


class DismissCall(NamedTuple):
    """Play a message to a caller and hang up; without a message they hear the busy tone."""

    call: CallId
    channel: ChannelId
    message: str


class PlaceCall(NamedTuple):
    """Pick a lead of a campaign and dial it once; the attempt's row is committed before the dial."""

    attempt: AttemptId
    campaign: CampaignId
    trunk: str
    caller_id: str
    ring_s: int
    queue: QueueId
    detect_machines: bool
    detector: tuple[int | None, ...] = ()
    """The detector's parameters in the order of `app.domain.campaigns.DETECTOR`; None: the PBX's setting."""
    message: str = ""
    """Sound file for a customer who answers while neither an operator nor the service is there."""
    operator: OperatorId | None = None
    """The operator who previewed a lead for this attempt: that lead is dialled. None: the dialer picks a lead."""


class WithdrawCall(NamedTuple):
    """End a dial that nobody has answered; the PBX refuses if somebody has."""

    attempt: AttemptId
    campaign: CampaignId


class FindLead(NamedTuple):
    """Reserve a lead for an operator to look at; the answer is `LeadFound` or `AttemptNotPlaced`."""

    attempt: AttemptId
    """The id of the attempt, should the lead be dialled."""
    campaign: CampaignId
    operator: OperatorId


class ReleaseLead(NamedTuple):
    """Give back a lead that an operator looked at and that is not dialled."""

    attempt: AttemptId
    campaign: CampaignId
    reason: str
    skipped: bool
    """The operator skipped the lead; if False, it may be shown to another operator at once."""


class AbandonCall(NamedTuple):
    """Play the message that says who called to a customer who got no operator in time; without one just hang up."""

    call: CallId
    channel: ChannelId
    message: str
    machine: bool = False
    """A machine answered: leave the message after its greeting."""


class ReadNumber(NamedTuple):
    """Ask what kind of number was dialled and what it costs; the answer comes back as `NumberRead`."""

    call: CallId
    number: str


class DialOutside(NamedTuple):
    """Let the PBX dial a phone's outside call."""

    call: CallId
    channel: ChannelId
    number: str
    trunk: str
    """Empty: the PBX's setting."""
    caller_id: str
    """Empty: the PBX's setting."""
    longest_s: int
    """After this long the PBX ends the talk by itself."""


class RefuseOutside(NamedTuple):
    """Do not dial a phone's outside call; a customer who was transferred goes back into the queue."""

    call: CallId
    channel: ChannelId
    rule: OutgoingRule


class EndOutside(NamedTuple):
    """Hang up an outside call that was answered."""

    call: CallId
    channel: ChannelId
    """The channel of the outside party."""
    rule: OutgoingRule


class TakeSnapshot(NamedTuple):
    """Ask a PBX for its channels and phones; the answer comes back as `SnapshotTaken`."""

    cause: str
    node: NodeId = FIRST_NODE


Order = (
    OfferCall
    | ReturnToHold
    | TransferCall
    | TakeFromPhone
    | HangUpPhone
    | TakeBack
    | DismissCall
    | AbandonCall
    | DialOutside
    | RefuseOutside
    | EndOutside
)
"""Commands that move or end a channel: a customer's, or one of an operator's own call."""
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
