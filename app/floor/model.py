"""What the floor knows: calls, legs, offers, operators.

These are plain records. Only modules of `app.floor` change them.
All `*_s` values are seconds. Points in time inside the floor are `Now` pairs: monotonic seconds for
arithmetic, wall clock for the record.
"""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.calls import CallOutcome, CallState, CrmCard, EndedBy, OfferOutcome, Reason
from app.domain.ids import (
    AttemptId,
    CallId,
    CampaignId,
    ChannelId,
    Columns,
    ContactId,
    NodeId,
    OfferId,
    OperatorId,
    QueueId,
    node_of,
)
from app.domain.now import Now
from app.domain.operators import DeviceState, OperatorSettings, Presence, RoutingState


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
    """A channel by which the PBX calls itself: the party at its near half talks with the phone behind its far half."""

    near: ChannelId
    far: ChannelId
    caller: ChannelId | None = None
    """The channel that dialled the near half."""
    phone: ChannelId | None = None
    """The last phone that the far half dialled while the Local channel belonged to no call."""
    endpoint: str = ""
    answered: bool = False


@dataclass(slots=True)
class Offer:
    """A call offered to one operator, still open."""

    id: OfferId
    operator: OperatorId
    leg: Leg
    deadline_s: float
    """When the PBX should have reported how the offer ended, on the monotonic clock."""
    overdue: bool = False
    """The PBX has not reported in time, and a snapshot was asked for."""


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
    """Skills that this call needs beyond its queue's, such as a product; the language is added as `lang:xx`."""
    priority: int
    arrived: Now
    waiting_since: Now
    """The call's place in line: kept when an offer fails and when the call overflows to another queue."""
    joined: Now
    """When the call joined its present queue."""
    first_queue: QueueId
    state: CallState = CallState.WAITING
    caller_sent: str = ""
    """The caller's number as the carrier sent it, if that differs from `caller_number`."""
    number_withheld: bool = False
    """The caller hid the number."""
    line: str = ""
    """What the call came by: a trunk, or an operator's phone."""
    contact: ContactId | None = None
    contact_name: str = ""
    matches: tuple[ContactId, ...] = ()
    crm: CrmCard | None = None
    """The caller as the centre's CRM knows them; None: it has not been asked."""
    named: bool = False
    """An operator has said who is calling: nobody is asked again, and no later answer changes it."""
    preferred: OperatorId | None = None
    offer: Offer | None = None
    legs: list[Leg] = field(default_factory=list)
    talking: Leg | None = None
    answered: Now | None = None
    """The first answer."""
    joins: int = 0
    """How many times the call joined a queue."""
    waited_s: float = 0.0
    """The waits that are over, one for each queue joined, in total."""
    not_before_s: float = 0.0
    """Not offered before this: the contact base is being asked, or the PBX refused to move the call."""
    spared_until_s: float = 0.0
    """Not offered before this: the PBX is moving the caller, or rings a phone by itself that may still be picked up."""
    caller_operator: OperatorId | None = None
    """The operator whose phone called the queue; None: a customer called. It is not counted in the queue's figures."""
    first_in_line: bool = False
    """The operator's phone died: the call waits before all others, until an operator answers it."""
    taken_s: float = -math.inf
    """When the PBX was last asked to take the caller off a dead phone, and put them on hold."""
    asked_back: bool = False
    """The PBX was asked to put the caller back on hold, and has not told yet that it has."""
    stopped: str | None = None
    """The phone that was the last to be stopped from ringing for the caller; its ringing may be told late."""
    refusals: int = 0
    """How many times in a row the PBX refused to move the call."""
    hung_up_first: EndedBy | None = None
    leaving: CallOutcome | None = None
    successor: CallId | None = None
    """The customer's call that the PBX puts into this one's place in the queue, and that goes on when this one ends."""
    attempt: AttemptId | None = None
    """The attempt that placed the call; None: the customer called."""
    campaign: CampaignId | None = None
    columns: Columns = ()
    """The customer's columns in the campaign's list."""
    disposed: bool = False
    """A campaign's call has its disposition."""
    unheard: bool = False
    """The floor missed events of this call; its record is to be completed from the PBX's own log."""
    alone_since: Now | None = None
    """When the last talk ended, while no later party is known. A party found with the caller has talked since then."""
    missing_since: Now | None = None
    """When a snapshot first did not list the caller's channel; the event of its end may be on the way."""
    local_channel_ids: list[ChannelId] = field(default_factory=list)
    """Halves of the Local channels between the caller and phones."""
    place: str = ""
    """The parking place on which the caller was put last."""
    parked: Now | None = None
    """When the caller was parked there."""
    parked_by: OperatorId | None = None
    """The operator who parked the caller, if one did."""
    ticket: int = 0
    """Renewed whenever the call leaves or joins an index; entries and deadlines with an older ticket are void."""
    crowds: tuple[str, ...] = ()
    """The keys under which the call counts in `Floor.waiting_of` while it waits: its line and its number."""

    node: NodeId = field(init=False)
    """The PBX that has the call. A channel that takes the caller's place is at the same PBX."""

    def __post_init__(self) -> None:
        """Compute the node once: each step needs it."""
        self.node = node_of(self.channel)

    @property
    def internal(self) -> bool:
        """Whether an operator called the queue, to consult a colleague."""
        return self.caller_operator is not None


class LastCampaignCall(NamedTuple):
    """A campaign's call in which an operator talked: it needs a disposition."""

    call: CallId
    attempt: AttemptId
    campaign: CampaignId
    required: bool
    """The wrap-up does not end before the disposition is set."""
    disposed: bool = False
    """The operator, or somebody for them, has set the disposition."""

    @property
    def owed(self) -> bool:
        """Whether the wrap-up has to wait for the disposition."""
        return self.required and not self.disposed


@dataclass(slots=True)
class Operator:
    """One operator on the floor."""

    settings: OperatorSettings
    presence: Presence = Presence.OFFLINE
    break_reason: str = ""
    break_began: Now | None = None
    pending: tuple[Presence, str, str] | None = None
    """Presence, reason and cause asked for during a call; takes effect when the call ends."""
    routing: RoutingState = RoutingState.IDLE
    device: DeviceState = DeviceState.UNREACHABLE
    call: CallId | None = None
    does: tuple[object, ...] = ()
    """The operator's state as people see it."""
    since: Now | None = None
    """When that state began."""
    idle_since_s: float = 0.0
    rest_until_s: float = 0.0
    """Not offered a call before this, after a miss."""
    misses: int = 0
    missed: tuple[QueueId, Now] | None = None
    """The queue and moment of a refused offer, until it is judged: the phone may be in a call of its own, which the
    floor learns a moment later."""
    failures: int = 0
    """Offers in a row that the phone answered with an error."""
    busy_since_s: float = 0.0
    """When the present talk or wrap-up began, monotonic."""
    second_call: CallId | None = None
    """A talk on the phone's second line, begun during the first; it becomes the operator's call when the first ends."""
    talked: LastCampaignCall | None = None
    """The operator's last talk, if it was in a campaign's call; kept until the next talk is over."""
    served: QueueId | None = None
    """The queue of the operator's last talk, if that was with a customer who called."""
    wrap_up_until: Now | None = None
    """When the time for the last wrap-up ends, or ended."""
    ticket: int = 0
    """Renewed at each change of routing state; index entries and deadlines with an older ticket are void."""
    offerable: bool = False
    """The operator is in the idle indexes."""
    node: NodeId = field(init=False)
    """The PBX that rings their phone."""

    def __post_init__(self) -> None:
        """Compute the node once: each step needs it."""
        self.node = node_of(self.settings.endpoint)
