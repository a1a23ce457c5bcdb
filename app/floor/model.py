"""What the floor knows: calls, legs, offers, operators, queues.

These are plain records. `calls`, `operators` and `routing` change them; nothing outside `app.floor` does.
All `*_s` values are seconds. Points in time inside the floor are `Now` pairs: monotonic seconds for
arithmetic, wall clock for the record.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.calls import CallOutcome, CallState, EndedBy, OfferOutcome, Reason
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
    """A channel by which the PBX calls itself: who talks with its near half talks with whom the far half reached."""

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
    line: str = ""
    """What they came by: a trunk, or an operator's phone."""
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
    local_channel_ids: list[ChannelId] = field(default_factory=list)
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

    node: NodeId = field(init=False)
    """The PBX that has it: who stands in for the caller is there, too."""

    def __post_init__(self) -> None:
        """Learn the node once: it is asked for in each step."""
        self.node = node_of(self.channel)

    @property
    def internal(self) -> bool:
        """An operator calls, to ask a colleague."""
        return self.caller_operator is not None


class LastCampaignCall(NamedTuple):
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
    talked: LastCampaignCall | None = None
    """Their last talk, when a campaign had called; until the next talk is over."""
    served: QueueId | None = None
    """The queue of the caller they talked with last, when it was no campaign's call."""
    wrap_up_until: Now | None = None
    """When the time for the last wrap-up is over, or was."""
    ticket: int = 0
    """Renewed at each change of routing state; index entries and deadlines with an older one are void."""
    offerable: bool = False
    """Stands in the idle indexes."""
    node: NodeId = field(init=False)
    """The PBX that rings their phone."""

    def __post_init__(self) -> None:
        """Learn the node once: it is asked for in each step."""
        self.node = node_of(self.settings.endpoint)
