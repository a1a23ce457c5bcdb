"""Calls of customers, and the channels they go by: from the PBX, and from the contact base."""

from typing import NamedTuple

from app.domain.calls import OfferOutcome
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


class ContactPicked(NamedTuple):
    """An operator told which of several contacts is calling."""

    call: CallId
    contact: ContactId
    name: str


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


CallEvent = (
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
    | LocalBridged
    | ChannelReplaced
    | ContactPicked
)
