"""What the floor knows: calls, legs, offers, operators, queues.

These are plain records. `calls`, `operators` and `routing` change them; nothing outside `app.floor` does.
All `*_s` values are seconds. Points in time inside the floor are `Now` pairs: monotonic seconds for
arithmetic, wall clock for the record.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, NewType

CallId = NewType("CallId", str)
"""A call's id: the PBX's unique id of the channel that began it."""
ChannelId = NewType("ChannelId", str)
"""The PBX's unique id of one channel."""
OperatorId = NewType("OperatorId", int)
QueueId = NewType("QueueId", str)
"""A queue's short name, as the dialplan knows it: letters, digits, `-` and `_`."""
OfferId = NewType("OfferId", int)
ContactId = NewType("ContactId", int)
CampaignId = NewType("CampaignId", int)
LeadId = NewType("LeadId", int)
AttemptId = NewType("AttemptId", str)
Columns = tuple[tuple[str, str], ...]
"""Names and values of a lead's own columns, in the order of its list."""
"""An attempt to reach a lead: the unique id its channel will have in the PBX."""


def channel_of(call: str) -> ChannelId:
    """The channel that began a call. An operator's call outside is numbered behind a colon: a channel may make several.

    >>> channel_of("keskus-1772442901.7:2")
    'keskus-1772442901.7'
    """
    return ChannelId(call.partition(":")[0])


class Now(NamedTuple):
    """One moment on both clocks."""

    mono_s: float
    wall: datetime


class CallState(StrEnum):
    """Where a call is."""

    WAITING = "waiting"
    OFFERED = "offered"
    RINGING = "ringing"
    TALKING = "talking"
    ON_HOLD = "on_hold"
    TRANSFERRED = "transferred"
    PARKED = "parked"
    LEAVING = "leaving"
    ENDED = "ended"


class CallOutcome(StrEnum):
    """How a call came out, seen from the customer."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    MAX_WAIT = "max_wait"
    FAILED = "failed"
    DROPPED = "dropped"
    """A campaign's live answer that no operator took in time."""
    LOST = "lost"
    """Nothing came from the caller's line any more while they waited."""
    TURNED_AWAY = "turned_away"
    """As many calls waited of their number, or of their line, as may."""
    HANDED_OVER = "handed_over"
    """An operator's own call to a queue, whose place a customer has taken."""
    REFUSED = "refused"
    """An operator's call outside that was not dialled."""
    BUSY = "busy"
    """A colleague's phone was in a call, or declined."""
    NO_ANSWER = "no_answer"
    """A colleague's phone rang in vain."""


class Direction(StrEnum):
    """Who began a call."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    """A campaign."""
    OPERATOR = "operator"
    """An operator, from their own phone or by a transfer to outside."""
    INTERNAL = "internal"
    """An operator's own phone, which called a colleague's, or a queue to consult a colleague there."""


class EndedBy(StrEnum):
    """Who ended a call."""

    CALLER = "caller"
    OPERATOR = "operator"
    OUTSIDE = "outside"
    """Somebody an operator sent the call to who is none of ours."""
    SERVICE = "service"
    PBX = "pbx"


class Presence(StrEnum):
    """What the operator says of himself."""

    OFFLINE = "offline"
    AVAILABLE = "available"
    ON_BREAK = "on_break"


class RoutingState(StrEnum):
    """What routing does with the operator."""

    IDLE = "idle"
    RESERVED = "reserved"
    RINGING = "ringing"
    TALKING = "talking"
    ON_HOLD = "on_hold"
    WRAP_UP = "wrap_up"
    PREVIEWING = "previewing"
    """Looks at a lead of a campaign, or waits for its customer to answer."""


class DeviceState(StrEnum):
    """What the PBX says of the operator's phone."""

    REGISTERED = "registered"
    UNREACHABLE = "unreachable"
    IN_USE = "in_use"
    """Ringing, talking or holding, in whatever call."""


class OfferOutcome(StrEnum):
    """How an offer ended."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    FAILED = "failed"


class TransferKind(StrEnum):
    """Blind: handed over unseen. Attended: after a word with the new party."""

    BLIND = "blind"
    ATTENDED = "attended"


class Rule(StrEnum):
    """The routing rule that decided an offer."""

    PREFERRED = "preferred"
    KEPT = "kept"
    """The operator was kept for this dial until it was answered."""
    LONGEST_IDLE = "longest_idle"
    LONGEST_WAITING = "longest_waiting"


class Reason(NamedTuple):
    """Why this operator got this call."""

    rule: Rule
    level: int
    """The operator's level in the queue; 1 is asked first."""
    skills: tuple[str, ...]
    """What the queue and the call asked for."""
    idle_s: float
    """How long the operator had been idle."""
    waited_s: float
    """How long the call had waited."""
    urgency: float
    """The call's wait as a share of the queue's service-level target."""
    idle_operators: int
    """Idle operators among the queue's members when it was decided, this one included."""
    waiting_calls: int
    """Calls waiting in the queue when it was decided, this one included."""
    kept_operators: int = 0
    """Idle operators among the queue's members who were kept for dials then, this one included if so."""


class MaxWait(StrEnum):
    """What follows when a call has waited as long as its queue allows."""

    STAY = "stay"
    QUEUE = "queue"
    LEAVE = "leave"


@dataclass(slots=True, frozen=True)
class QueueSettings:
    """How a queue works."""

    id: QueueId
    title: str
    skills: frozenset[str] = frozenset()
    """Skills that every call of this queue needs."""
    priority: int = 0
    """Higher is served first across an operator's queues."""
    target_s: float = 20.0
    """Service-level target: answer within this many seconds."""
    ring_s: int = 20
    wrap_up_s: float = 10.0
    preferred_s: float = 10.0
    """How long a call waits for its preferred operator alone; 0 turns it off."""
    miss_limit: int = 1
    """Misses in a row after which an operator is put aside; 0 never."""
    retry_s: float = 5.0
    """How long an operator who missed a call is left alone."""
    max_wait_s: float = 0.0
    """0 means no limit."""
    max_wait_then: MaxWait = MaxWait.STAY
    overflow_queue: QueueId | None = None
    leave_message: str = "please-try-call-later"
    """Sound file played before hanging up."""


@dataclass(slots=True, frozen=True)
class Membership:
    """An operator's place in a queue."""

    queue: QueueId
    level: int = 1
    """1 is asked first."""


@dataclass(slots=True, frozen=True)
class OperatorSettings:
    """Who an operator is and what they can do."""

    id: OperatorId
    name: str
    endpoint: str
    """The phone's PJSIP endpoint."""
    skills: frozenset[str] = frozenset()
    memberships: tuple[Membership, ...] = ()
    auto_answer: bool = False
    role: str = "operator"
    """Of their user; it says which numbers they may call."""


@dataclass(slots=True)
class Leg:
    """One operator's part in a call."""

    operator: OperatorId | None
    endpoint: str
    began: Now
    channel: ChannelId | None = None
    rang: Now | None = None
    answered: Now | None = None
    ended: Now | None = None
    outcome: OfferOutcome | None = None
    held_s: float = 0.0
    held_since: Now | None = None
    reason: Reason | None = None
    phone_lost: bool = False
    """The phone died in the talk."""


@dataclass(slots=True)
class LocalChannel:
    """A Local channel: who talks with its near half talks with whom the far half reached."""

    near: ChannelId
    far: ChannelId
    caller: ChannelId | None = None
    """Who dialled the near half."""
    phone: ChannelId | None = None
    """The last phone the far half dialled while the channel was no call's."""
    endpoint: str = ""
    answered: bool = False


@dataclass(slots=True)
class Offer:
    """A call offered to one operator, still open."""

    id: OfferId
    operator: OperatorId
    leg: Leg
    deadline_s: float
    """When the PBX should have said how it ended, on the monotonic clock."""
    overdue: bool = False
    """It has not said so, and was asked what it has."""


@dataclass(slots=True)
class Call:
    """One call, from its arrival to its end."""

    id: CallId
    channel: ChannelId
    channel_name: str
    caller_number: str
    caller_name: str
    dialed: str
    queue: QueueId
    language: str
    skills: frozenset[str]
    """What this call needs beyond its queue's skills: product; the language is added as `lang:xx`."""
    priority: int
    arrived: Now
    waiting_since: Now
    """Its place in line: kept when an offer comes to nothing and when it overflows to another queue."""
    joined: Now
    """When it joined the queue it is in."""
    first_queue: QueueId
    state: CallState = CallState.WAITING
    caller_sent: str = ""
    """The caller's number as the carrier sent it, where that is another spelling."""
    number_withheld: bool = False
    """The caller does not want the number to be known: it did not come."""
    contact: ContactId | None = None
    contact_name: str = ""
    matches: tuple[ContactId, ...] = ()
    preferred: OperatorId | None = None
    offer: Offer | None = None
    legs: list[Leg] = field(default_factory=list)
    talking: Leg | None = None
    answered: Now | None = None
    """First answer."""
    joins: int = 0
    """How many times it joined a queue."""
    waited_s: float = 0.0
    """Waits that are over: one for each queue joined, up to its answer."""
    not_before_s: float = 0.0
    """Not offered before this: the contact base is being asked, or the PBX refused to move the call."""
    spared_until_s: float = 0.0
    """Not offered before this: a phone that the PBX rings on its own account may still be picked up."""
    caller_operator: OperatorId | None = None
    """Whose phone called the queue, where it is an operator's: no customer, and not in its figures."""
    first_in_line: bool = False
    """Its operator's phone died: it waits before all others, until the next one answers."""
    asked_back: bool = False
    """The PBX's own queue was asked to let the caller go, and has not yet."""
    refusals: int = 0
    """Moves in a row that the PBX refused."""
    hung_up_first: EndedBy | None = None
    leaving: CallOutcome | None = None
    attempt: AttemptId | None = None
    """The attempt that placed it; None: the customer called."""
    campaign: CampaignId | None = None
    columns: Columns = ()
    """What a campaign's list tells of the customer."""
    disposed: bool = False
    """An operator has said what it came to; with a campaign's call."""
    unheard: bool = False
    """Part of its life was not heard; its record is to be completed from the PBX's own log."""
    alone_since: Now | None = None
    """When the talk ended after which nobody was told of; whoever is found with the caller has been so since then."""
    missing_since: Now | None = None
    """When a list of the PBX's channels was first without its caller; the news of its end may be on the way."""
    halves: list[ChannelId] = field(default_factory=list)
    """Of Local channels on the way to its phones."""
    place: str = ""
    """The parking place it was put on last."""
    parked: Now | None = None
    """When it was put there."""
    parked_by: OperatorId | None = None
    """Who put it there, where one of ours did."""
    ticket: int = 0
    """Renewed whenever it leaves or joins an index; entries and deadlines with an older one are void."""
    crowds: tuple[str, ...] = ()
    """What it is counted under while it waits: its line and its number."""

    @property
    def internal(self) -> bool:
        """An operator calls, to ask a colleague."""
        return self.caller_operator is not None


class Talked(NamedTuple):
    """A campaign's call that an operator talked in: they say what it came to."""

    call: CallId
    attempt: AttemptId
    campaign: CampaignId
    required: bool
    """Until they have said so, the wrap-up does not end."""
    disposed: bool = False
    """They, or somebody for them, have."""

    @property
    def owed(self) -> bool:
        """Whether the wrap-up has to wait for it."""
        return self.required and not self.disposed


@dataclass(slots=True)
class Operator:
    """One operator on the floor."""

    settings: OperatorSettings
    presence: Presence = Presence.OFFLINE
    break_reason: str = ""
    pending: tuple[Presence, str, str] | None = None
    """Presence, reason and cause asked for during a call; begins when the call ends."""
    routing: RoutingState = RoutingState.IDLE
    device: DeviceState = DeviceState.UNREACHABLE
    call: CallId | None = None
    does: tuple[object, ...] = ()
    """What they do, as people see it."""
    since: Now | None = None
    """When that began."""
    idle_since_s: float = 0.0
    rest_until_s: float = 0.0
    """Not offered a call before this, after a miss."""
    misses: int = 0
    missed: tuple[QueueId, Now] | None = None
    """An offer of this queue was refused then; the phone may be in a call of its own, which is known a moment later."""
    failures: int = 0
    """Offers in a row that the phone answered with an error."""
    busy_since_s: float = 0.0
    """When the present talk or wrap-up began, monotonic."""
    second_call: CallId | None = None
    """A talk on the phone's second line, begun during the first; it counts once the first is over."""
    talked: Talked | None = None
    """Their last talk, when a campaign had called; until the next talk is over."""
    served: QueueId | None = None
    """The queue of the caller they talked with last, when it was no campaign's call."""
    wrap_up_until_s: float = 0.0
    """When the time for the present wrap-up is over, or was."""
    ticket: int = 0
    """Renewed at each change of routing state; index entries and deadlines with an older one are void."""
    offerable: bool = False
    """Stands in the idle indexes."""
