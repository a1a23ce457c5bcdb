"""The floor itself: everything live, with the indexes that make each decision cheap."""

from collections import Counter
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
    """What is due."""

    SEEK = auto()
    """The call has waited long enough for its preferred operator, the contact base or a retry."""
    OFFER = auto()
    """The PBX should have said by now how the offer ended."""
    MAX_WAIT = auto()
    LEAVE = auto()
    """The caller who was let go should be gone."""
    MISSING = auto()
    """The news of a caller's end should be here whom the PBX did not list any more."""
    WRAP_UP = auto()
    REST = auto()
    """The operator who missed a call may be offered one again."""
    MISS = auto()
    """It should be known by now whether a phone that refused an offer is in a call of its own."""
    ATTEMPT = auto()
    """It should be known by now what became of an attempt."""
    CONNECT = auto()
    """The customer who answered should have an operator by now."""
    SHARED = auto()
    """The PBX's own queue should have let all callers go by now."""
    PREVIEW = auto()
    """The operator has looked at the lead for long enough; or there should be one by now."""
    OUTGOING = auto()
    """The time that a talk outside has paid is about to be over."""
    LOOK = auto()
    """Look how many calls campaigns are to place."""


class Deadline(NamedTuple):
    """A moment at which the clock itself is an event: for a call, an attempt, an operator, or campaigns."""

    at_s: float
    order: int
    kind: DeadlineKind
    call: CallId | None
    operator: OperatorId | None
    ticket: int
    """What must still be so: the call's or operator's ticket, the offer's id, or the wait's number."""
    attempt: AttemptId | None = None


class Sought(NamedTuple):
    """What a call asks of an operator: a phone at its own PBX, and skills."""

    node: NodeId
    skills: frozenset[str]


@dataclass(slots=True)
class Node:
    """One PBX, and how far it can be heard."""

    id: NodeId
    linked: bool = False
    """It can be heard, and a snapshot of it has been merged."""
    lost: Now | None = None
    """When it was last heard, while it cannot be."""
    parking_full: bool = False
    """All its parking places are taken: nobody can be parked."""
    taking_back: set[CallId] = field(default_factory=set)
    """Calls that its own queue was asked to let go. Until then it may ring any free phone."""
    shared_until_s: float = 0.0
    """How long that is waited for, monotonic."""

    def routes(self, now_s: float) -> bool:
        """Whether anything may be offered: it is heard, and nobody else gives its callers to its phones."""
        return self.linked and not (self.taking_back and now_s < self.shared_until_s)


@dataclass(slots=True)
class Queue:
    """A queue with its members and its waiting calls, indexed by the skills that are asked for."""

    settings: QueueSettings
    members: dict[OperatorId, int] = field(default_factory=dict)
    """Level by operator."""
    idle: dict[Sought, list[IdleEntry]] = field(default_factory=dict)
    """A heap of idle operators for each node and set of skills that a call has asked for."""
    waiting: dict[Sought, list[WaitingEntry]] = field(default_factory=dict)
    """A heap of waiting calls for each node and set of skills."""
    waiting_calls: dict[CallId, None] = field(default_factory=dict)
    """Calls that wait or are being offered, in the order they joined."""
    idle_operators: int = 0
    arrivals: Arrivals = field(default_factory=Arrivals)
    """Of calls that no campaign placed."""
    caller_s: CallerTimes = field(default_factory=CallerTimes)
    """What they take of operators."""


@dataclass(slots=True)
class Floor:
    """All live state. Changed by `control.step` alone."""

    queues: dict[QueueId, Queue] = field(default_factory=dict)
    operators: dict[OperatorId, Operator] = field(default_factory=dict)
    calls: dict[CallId, Call] = field(default_factory=dict)
    by_channel: dict[ChannelId, CallId] = field(default_factory=dict)
    """Every live channel of a call: the caller's and the operators', of whatever node."""
    locals: dict[ChannelId, LocalChannel] = field(default_factory=dict)
    """Local channels, by either half."""
    replaced: dict[ChannelId, ChannelReplaced] = field(default_factory=dict)
    """Who took the place of a call's channel that has still to hang up."""
    gone: dict[ChannelId, None] = field(default_factory=dict)
    """The last channels that ended: a caller told late to have entered has not come back, nor does a phone ring again
    that rang for a call which was handed over."""
    by_endpoint: dict[str, OperatorId] = field(default_factory=dict)
    preferring: dict[OperatorId, list[WaitingEntry]] = field(default_factory=dict)
    """Calls that wait for one operator alone, for a few seconds."""
    deadlines: list[Deadline] = field(default_factory=list)
    nodes: dict[NodeId, Node] = field(default_factory=lambda: {FIRST_NODE: Node(FIRST_NODE)})
    """Every PBX."""
    waiting_of: Counter[str] = field(default_factory=Counter)
    """How many calls wait of each line and of each number (`app.floor.calls.crowds`)."""
    most_of_line: int = 0
    """How many calls may wait that came by one line, such as a trunk; 0 for no bound."""
    most_of_number: int = 0
    """How many calls may wait of one caller's number; 0 for no bound."""
    identify_s: float = 0.25
    """How long routing waits for the contact base."""
    campaigns: dict[CampaignId, Campaign] = field(default_factory=dict)
    trunks: dict[str, Trunk] = field(default_factory=dict)
    attempts: dict[AttemptId, Attempt] = field(default_factory=dict)
    """Every attempt under way."""
    kept: dict[OperatorId, AttemptId] = field(default_factory=dict)
    """Idle operators who are kept for a dial: see `app.floor.campaigns.keeping`."""
    unkept: dict[AttemptId, None] = field(default_factory=dict)
    """Dials that have lost their operator in this step, and need another."""
    unserved: dict[CallId, None] = field(default_factory=dict)
    """Calls for which this step found nobody idle, while operators are kept."""
    previews: dict[OperatorId, Preview] = field(default_factory=dict)
    """Leads that operators look at."""
    outgoing: Outgoing = field(default_factory=Outgoing)
    """Operators' calls outside."""
    internal: Internal = field(default_factory=Internal)
    """Operators' calls to each other."""
    look_at_campaigns: bool = False
    """Something changed that may let a campaign place calls."""
    looked_s: float = -inf
    """When it was last decided how many calls campaigns place, monotonic."""
    look_at_s: float = inf
    """When that is looked at next by itself, monotonic."""
    next_attempt: int = 1
    """Never given out again, by this floor or an earlier one: the service begins with the time of its start."""
    next_offer: int = 1
    next_order: int = 1

    @property
    def linked(self) -> bool:
        """Whether every PBX can be heard."""
        return all(node.linked for node in self.nodes.values())

    @property
    def parking_full(self) -> bool:
        """Whether at some PBX nobody can be parked."""
        return any(node.parking_full for node in self.nodes.values())

    def node(self, id_: NodeId) -> Node:
        """A PBX; one that nobody has heard of yet cannot be heard."""
        node = self.nodes.get(id_)
        if node is None:
            node = self.nodes[id_] = Node(id_)
        return node

    def is_on_the_phone(self, id_: OperatorId) -> bool:
        """Whether an operator's phone is in a call of its own: outside, or with a colleague."""
        return self.outgoing.is_calling(id_) or self.internal.holds(id_)
