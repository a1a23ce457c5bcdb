"""Events of customers' calls and their channels, from the PBX and from the contact base."""

from typing import NamedTuple

from app.domain.calls import CrmCard, OfferOutcome
from app.domain.ids import (
    CallId,
    ChannelId,
    ContactId,
    OfferId,
    OperatorId,
    QueueId,
)


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
    """How many seconds before this event the channel entered, if known and long enough to matter."""
    caller_sent: str = ""
    """The number as the carrier sent it, if that differs from `caller_number`."""
    number_withheld: bool = False
    """The caller hid the number."""
    line: str = ""
    """What the call came by: a trunk, or an operator's phone."""


class CallerIdentified(NamedTuple):
    """The contact base answered `IdentifyCaller`."""

    call: CallId
    name: str = ""
    contact: ContactId | None = None
    """Set if exactly one contact has this number."""
    matches: tuple[ContactId, ...] = ()
    preferred: OperatorId | None = None
    """The last operator who served this contact."""


class CrmAnswered(NamedTuple):
    """The centre's CRM was asked who is calling, or answered."""

    call: CallId
    card: CrmCard


class ContactPicked(NamedTuple):
    """An operator said who is calling: one contact, or none of the candidates."""

    call: CallId
    contact: ContactId | None
    """None: none of them."""
    name: str


class TransferAsked(NamedTuple):
    """An operator asked for a blind transfer of the customer they talk with."""

    call: CallId
    operator: OperatorId
    extension: str
    """What a phone would dial."""


class MoveAsked(NamedTuple):
    """A supervisor asked that a waiting caller wait in another queue."""

    call: CallId
    queue: QueueId


class EndAsked(NamedTuple):
    """A supervisor asked that a call be ended."""

    call: CallId


class LegDialed(NamedTuple):
    """The PBX rings an endpoint on behalf of a caller's channel."""

    caller: ChannelId
    leg: ChannelId
    endpoint: str


class LegAnswered(NamedTuple):
    """The endpoint that the PBX rang for a caller's channel answered."""

    caller: ChannelId
    leg: ChannelId
    endpoint: str
    late_s: float = 0.0
    """How many seconds before this event the phone answered, if known and long enough to matter."""


class OfferReturned(NamedTuple):
    """The PBX put the caller back on hold: the offer failed."""

    channel: ChannelId
    offer: OfferId
    outcome: OfferOutcome
    cause: int
    """Q.850 hang-up cause; 0: none."""


class CallerLost(NamedTuple):
    """Nothing has come from a waiting caller's line for so long that the PBX ends the call."""

    channel: ChannelId


class PhoneDied(NamedTuple):
    """An operator's phone is dead in its talk: no sound comes from it, and no answer."""

    channel: ChannelId
    """The phone's channel."""


class TalkLost(NamedTuple):
    """The PBX put a customer on hold because the phone they talked with is dead."""

    channel: ChannelId
    """The customer's channel."""


class CallerTakenBack(NamedTuple):
    """The PBX has put a caller back on hold, as the floor asked: out of its own queue, or off a phone that rang."""

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
    """The call whose place in line the channel has; another channel's call, if it took that caller's place."""
    line: str = ""
    """The channel's trunk or phone."""


class MusicEnded(NamedTuple):
    """The music is over."""

    channel: ChannelId


class HangupRequested(NamedTuple):
    """A party asked to hang up; the first to do so ended the call."""

    channel: ChannelId
    cause: int = 0
    """Q.850 hang-up cause; 0: not known."""


class ChannelHungUp(NamedTuple):
    """A channel is gone. Always the last event of its channel."""

    channel: ChannelId
    cause: int
    cause_text: str = ""
    late_s: float = 0.0
    """How many seconds before this event the channel ended, if known and long enough to matter."""
    entering: CallEntered | None = None
    """Set if the channel was about to enter a queue, and may have ended before the PBX could report that."""


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
    """The endpoint of `transferee`: the PBX may name the colleague as transferee and the customer as target."""


class CallParked(NamedTuple):
    """A caller was parked on a place, from which anybody may retrieve them."""

    channel: ChannelId
    place: str


class CallRetrieved(NamedTuple):
    """A phone retrieved a parked caller."""

    channel: ChannelId
    leg: ChannelId
    endpoint: str


class LocalBridged(NamedTuple):
    """The PBX called itself by a Local channel: the party at its near half talks with the phone behind its far half."""

    near: ChannelId
    far: ChannelId


class ChannelReplaced(NamedTuple):
    """A channel took another's place in a talk; the other hangs up next."""

    old: ChannelId
    new: ChannelId
    new_name: str
    endpoint: str
    """The new channel's phone or trunk; empty for other kinds of channel."""


CallEvent = (
    CallEntered
    | CallerIdentified
    | CrmAnswered
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
    | LocalBridged
    | ChannelReplaced
    | ContactPicked
    | TransferAsked
    | MoveAsked
    | EndAsked
)
