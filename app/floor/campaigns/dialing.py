"""What the floor keeps of a campaign while it lives: its attempts to reach customers, its trunk, what it has learned.

Which customer an attempt is for, and whether they may be dialled, is decided outside: the floor says how many calls to
place, gives each attempt its id, and takes its answer like any call of a queue.
"""

from dataclasses import dataclass, field
from math import inf

from app.domain.campaigns import AttemptState, CampaignSettings
from app.domain.ids import (
    AttemptId,
    CallId,
    CampaignId,
    Columns,
    ContactId,
    LeadId,
    NodeId,
    OperatorId,
    node_of,
)
from app.domain.now import Now
from app.floor.events import LeadFound
from app.floor.facts import PacingDecided
from app.pacing.abandonment import Abandonment
from app.pacing.calls_to_place import Bound
from app.pacing.risk import AbandonmentRecord
from app.pacing.statistics import CampaignStatistics


@dataclass(slots=True)
class Attempt:
    """One call being placed, until it is over."""

    id: AttemptId
    campaign: CampaignId
    asked: Now
    operator: OperatorId | None = None
    """Whom it was placed for; None: whoever is free."""
    keeper: OperatorId | None = None
    """Who is kept for its answer."""
    promised: bool = False
    """An operator was kept for it once: its customer must not be abandoned."""
    withdrawn: bool = False
    """It is not to be dialled, or to ring no more; what is told of it next says whether it came to that."""
    picked_up: bool = False
    """It could not be withdrawn any more: somebody, or a machine, has answered, and which is told soon."""
    state: AttemptState = AttemptState.ASKED
    lead: LeadId | None = None
    number: str = ""
    contact: ContactId | None = None
    contact_name: str = ""
    columns: Columns = ()
    """What its list tells of the lead."""
    ordinal: int = 1
    """Which attempt at this lead it is, from 1."""
    dialled: Now | None = None
    answered: Now | None = None
    connected: Now | None = None
    abandoned: bool = False
    """Answered, and no operator in time; whoever takes it after that does not undo it."""
    call: CallId | None = None
    """From the answer on it is this call."""
    amd: str = ""
    """What the detector of answering machines said."""


@dataclass(slots=True)
class Preview:
    """A lead for one operator to look at: asked for, shown, dialled."""

    id: AttemptId
    """What the attempt will be called."""
    campaign: CampaignId
    operator: OperatorId
    lead: LeadFound | None = None
    """Once it is shown."""
    until: Now | None = None
    """Then it is dialled, or given back."""
    dialled: bool = False


@dataclass(slots=True)
class Trunk:
    """A trunk's limits, and what is taken of them."""

    channels: int = 30
    """Calls placed at one time, at most."""
    calls_per_s: float = 5.0
    attempts: int = 0
    """Calls placed that are not over."""
    credit: float = 5.0
    """Calls that may be placed at once now; grows by `calls_per_s` up to one second's worth, at least one call."""
    counted_s: float = 0.0
    """When the credit was last counted, monotonic."""


@dataclass(slots=True)
class Campaign:
    """One campaign on the floor."""

    settings: CampaignSettings
    statistics: CampaignStatistics
    abandonment: Abandonment
    attempts: dict[AttemptId, Attempt] = field(default_factory=dict)
    placed_s: float = -inf
    """When it last placed a call, monotonic."""
    nothing_until_s: float = 0.0
    """The dialer has no lead for it before this, monotonic."""
    ordinal: int = 1
    """Which attempt at its lead the last dial was: the next is most likely the same."""
    decided: PacingDecided | None = None
    """The last decision how many to place."""
    decided_at: Now | None = None
    told: tuple[int, Bound] | None = None
    """What was placed, and its bound, in the last decision that was told."""
    told_s: float = -inf
    """When that was, monotonic."""

    @property
    def node(self) -> NodeId:
        """The PBX that it dials by: operators of that one alone can take its answers."""
        return node_of(self.settings.trunk)

    def record(self, now: Now) -> AbandonmentRecord:
        """The live answers that count now, and the limit."""
        answers = self.abandonment.at(now.wall)
        return AbandonmentRecord(answers.answered, answers.abandoned, self.settings.abandon_limit)
