"""What the floor keeps of a campaign: its attempts to reach customers, its trunk and its statistics.

The dialer, outside the floor, decides which customer an attempt is for and whether they may be dialled. The floor
decides how many calls to place, gives each attempt its id, and takes its answer like any call of a queue.
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
    """The operator whom the answer is for; None: any free operator."""
    keeper: OperatorId | None = None
    """The operator who is kept for its answer."""
    promised: bool = False
    """An operator was kept for it once: its customer must not be abandoned."""
    withdrawn: bool = False
    """The floor gave it up: it must not be dialled, or must stop ringing. Its next event shows whether that was in
    time."""
    picked_up: bool = False
    """It was too late to withdraw it: a person or a machine has answered, and the event follows soon."""
    state: AttemptState = AttemptState.ASKED
    lead: LeadId | None = None
    number: str = ""
    contact: ContactId | None = None
    contact_name: str = ""
    columns: Columns = ()
    """The lead's columns in its list."""
    ordinal: int = 1
    """The number of this attempt at the lead, from 1."""
    dialled: Now | None = None
    answered: Now | None = None
    connected: Now | None = None
    abandoned: bool = False
    """A person answered and got no operator in time; an operator who takes the call later does not change that."""
    call: CallId | None = None
    """The call that the attempt is from the answer on."""
    amd: str = ""
    """The verdict of answering-machine detection, and its reason."""


@dataclass(slots=True)
class Preview:
    """A lead for one operator to look at: asked for, shown, dialled."""

    id: AttemptId
    """The id of the attempt, should the lead be dialled."""
    campaign: CampaignId
    operator: OperatorId
    lead: LeadFound | None = None
    """The lead that is shown; None: the dialer is still looking for one."""
    until: Now | None = None
    """When the lead is dialled or given back by itself."""
    dialled: bool = False


@dataclass(slots=True)
class Trunk:
    """A trunk's limits, and how much of them is in use."""

    channels: int = 30
    """The most attempts at one time."""
    calls_per_s: float = 5.0
    attempts: int = 0
    """Attempts that are under way."""
    credit: float = 5.0
    """Calls that may be placed at once now. It grows by `calls_per_s` up to one second's worth, at least one call."""
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
    """The number of the last dial among the attempts at its lead, from 1; the next dial most likely has the same."""
    decided: PacingDecided | None = None
    """The last decision on how many calls to place."""
    decided_at: Now | None = None
    told: tuple[int, Bound] | None = None
    """The number placed and its bound in the last decision that became a fact."""
    told_s: float = -inf
    """When that decision became a fact, monotonic."""

    @property
    def node(self) -> NodeId:
        """The PBX through which the campaign dials: only operators of that PBX can take its answers."""
        return node_of(self.settings.trunk)

    def record(self, now: Now) -> AbandonmentRecord:
        """The live answers in the abandonment window now, and the limit."""
        answers = self.abandonment.at(now.wall)
        return AbandonmentRecord(answers.answered, answers.abandoned, self.settings.abandon_limit)
