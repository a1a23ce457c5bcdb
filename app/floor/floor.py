"""The floor itself: everything live, with the indexes that make each decision cheap."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from math import inf
from typing import NamedTuple

from app.domain.ids import (
    FIRST_NODE,
    AttemptId,
    CallId,
    CampaignId,
    ChannelId,
    NodeId,
    OperatorId,
    QueueId,
)
from app.domain.now import Now
from app.domain.queues import QueueSettings
from app.floor.campaigns.dialing import Attempt, Campaign, Preview, Trunk
from app.floor.events import ChannelReplaced
from app.floor.internal.state import Internal
from app.floor.model import Call, LocalChannel, Operator
from app.floor.outgoing.state import Outgoing
from app.pacing.arrivals import Arrivals
from app.pacing.caller_times import CallerTimes


class IdleEntry(NamedTuple):
    """An idle operator in a queue's index: best level first, then longest idle."""

    level: int
    idle_since_s: float
    operator: OperatorId
    ticket: int


class WaitingEntry(NamedTuple):
    """A waiting call in a queue's index: highest priority first, then longest waiting."""

    minus_priority: int
    waiting_since_s: float
    call: CallId
    ticket: int


class DeadlineKind(Enum):
    """What a deadline is for."""

    SEEK = auto()
    """The call has waited long enough for its preferred operator, the contact base or a retry."""
    OFFER = auto()
    """The PBX should have reported by now how the offer ended."""
    MAX_WAIT = auto()
    LEAVE = auto()
    """A caller who was let go, or whose talk ended, should be gone by now."""
    MISSING = auto()
    """A call whose channel the last snapshot did not list should have ended by now."""
    WRAP_UP = auto()
    REST = auto()
    """The operator who missed a call may be offered one again."""
    MISS = auto()
    """The floor should know by now whether a phone that refused an offer is in a call of its own."""
    ATTEMPT = auto()
    """The floor should know by now how an attempt came out."""
    CONNECT = auto()
    """The customer who answered should have an operator by now."""
    SHARED = auto()
    """The PBX's own queue should have given back all callers by now."""
    PREVIEW = auto()
    """The operator's time to look at the lead is over; or the dialer should have found a lead by now."""
    OUTGOING = auto()
    """The paid time of an outside talk is about to run out."""
    LOOK = auto()
    """Decide again how many calls the campaigns place."""


class Deadline(NamedTuple):
    """A moment at which the clock itself is an event: for a call, an attempt, an operator, or campaigns."""

    at_s: float
    order: int
    kind: DeadlineKind
    call: CallId | None
    operator: OperatorId | None
    ticket: int
    """The deadline is void unless this matches when it is due: the call's or operator's ticket, the offer's id, or
    `Call.joins`."""
    attempt: AttemptId | None = None


class Sought(NamedTuple):
    """What a call requires of an operator: a phone at the call's PBX, and skills."""

    node: NodeId
    skills: frozenset[str]


@dataclass(slots=True)
class Node:
    """One PBX, and the state of the link to it."""

    id: NodeId
    linked: bool = False
    """The link is up, and a snapshot has been merged since."""
    lost: Now | None = None
    """When the link was lost; None: it is up, or has never been."""
    parking_full: bool = False
    """All its parking places are taken: nobody can be parked."""
    taking_back: set[CallId] = field(default_factory=set)
    """Calls that the PBX's own queue was asked to give back. Until it has, it may ring any free phone."""
    shared_until_s: float = 0.0
    """How long the floor waits for these calls, monotonic."""

    def routes(self, now_s: float) -> bool:
        """Whether the floor may offer calls here: the link is up, and the PBX's own queue rings none of the phones."""
        return self.linked and not (self.taking_back and now_s < self.shared_until_s)


@dataclass(slots=True)
class Queue:
    """A queue with its members and its waiting calls, indexed by node and required skills."""

    settings: QueueSettings
    members: dict[OperatorId, int] = field(default_factory=dict)
    """Each member's level in the queue."""
    idle: dict[Sought, list[IdleEntry]] = field(default_factory=dict)
    """A heap of idle operators for each node and set of skills that a call has required."""
    waiting: dict[Sought, list[WaitingEntry]] = field(default_factory=dict)
    """A heap of waiting calls for each node and set of skills."""
    waiting_calls: dict[CallId, None] = field(default_factory=dict)
    """Calls that wait or are being offered, in the order they joined."""
    idle_operators: int = 0
    arrivals: Arrivals = field(default_factory=Arrivals)
    """How often customers call this queue; calls of campaigns do not count."""
    caller_s: CallerTimes = field(default_factory=CallerTimes)
    """How long operators talk with these customers, and wrap up."""


@dataclass(slots=True)
class Floor:
    """All live state. Changed by `control.step` alone."""

    queues: dict[QueueId, Queue] = field(default_factory=dict)
    operators: dict[OperatorId, Operator] = field(default_factory=dict)
    calls: dict[CallId, Call] = field(default_factory=dict)
    by_channel: dict[ChannelId, CallId] = field(default_factory=dict)
    """Every live channel of a call: the caller's and the operators', at any node."""
    locals: dict[ChannelId, LocalChannel] = field(default_factory=dict)
    """Local channels, by either half."""
    replaced: dict[ChannelId, ChannelReplaced] = field(default_factory=dict)
    """By the old channel of a call: which channel took its place. The old channel has yet to hang up."""
    gone: dict[ChannelId, None] = field(default_factory=dict)
    """The last channels that ended. A late event of one starts neither a new call nor new ringing."""
    by_endpoint: dict[str, OperatorId] = field(default_factory=dict)
    preferring: dict[OperatorId, list[WaitingEntry]] = field(default_factory=dict)
    """Calls that wait for their preferred operator only, for a few seconds."""
    deadlines: list[Deadline] = field(default_factory=list)
    nodes: dict[NodeId, Node] = field(default_factory=lambda: {FIRST_NODE: Node(FIRST_NODE)})
    """Every PBX."""
    waiting_of: Counter[str] = field(default_factory=Counter)
    """How many calls wait by line and by caller's number (`app.floor.calls.crowds`)."""
    most_of_line: int = 0
    """The most waiting calls by one line, such as a trunk; 0: no limit."""
    most_of_number: int = 0
    """The most waiting calls from one number; 0: no limit."""
    identify_s: float = 0.25
    """How long routing waits for the contact base."""
    break_s: Mapping[str, float] = field(default_factory=dict)
    """How long breaks are meant to last, by reason."""
    campaigns: dict[CampaignId, Campaign] = field(default_factory=dict)
    trunks: dict[str, Trunk] = field(default_factory=dict)
    attempts: dict[AttemptId, Attempt] = field(default_factory=dict)
    """Every attempt under way."""
    kept: dict[OperatorId, AttemptId] = field(default_factory=dict)
    """Idle operators who are kept for a dial: see `app.floor.campaigns.keeping`."""
    unkept: dict[AttemptId, None] = field(default_factory=dict)
    """Dials that lost their operator in this step, and need another."""
    unserved: dict[CallId, None] = field(default_factory=dict)
    """Calls for which this step found no idle operator while operators are kept for dials."""
    previews: dict[OperatorId, Preview] = field(default_factory=dict)
    """Leads that operators look at."""
    outgoing: Outgoing = field(default_factory=Outgoing)
    """Operators' outside calls."""
    internal: Internal = field(default_factory=Internal)
    """Operators' calls to each other."""
    look_at_campaigns: bool = False
    """Something changed that may let a campaign place calls: `step` decides again."""
    looked_s: float = -inf
    """When the floor last decided how many calls campaigns place, monotonic."""
    look_at_s: float = inf
    """When it decides next even if nothing changes, monotonic."""
    next_attempt: int = 1
    """The number of the next attempt. No attempt, of this floor or an earlier one, gets the same number: the service
    starts counting at the time of its start."""
    next_offer: int = 1
    next_order: int = 1

    @property
    def linked(self) -> bool:
        """Whether the link to every PBX is up."""
        return all(node.linked for node in self.nodes.values())

    @property
    def parking_full(self) -> bool:
        """Whether all parking places of some PBX are taken."""
        return any(node.parking_full for node in self.nodes.values())

    def node(self, id_: NodeId) -> Node:
        """The PBX of this id; a new one is added as not linked."""
        node = self.nodes.get(id_)
        if node is None:
            node = self.nodes[id_] = Node(id_)
        return node

    def is_on_the_phone(self, id_: OperatorId) -> bool:
        """Whether an operator's phone is in a call of its own: outside, or with a colleague."""
        return self.outgoing.is_calling(id_) or self.internal.holds(id_)
