"""What the floor knows of campaigns: their words and settings, and each attempt to reach a customer while it lasts.

Which customer an attempt is for, and whether they may be dialled, is decided outside: the floor says how many calls to
place, gives each attempt its id, and takes its answer like any call of a queue.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

from app.floor.model import AttemptId, CallId, CampaignId, ContactId, LeadId, Now, OperatorId, QueueId


class Purpose(StrEnum):
    """Why a campaign calls."""

    MARKETING = "marketing"
    SURVEY = "survey"
    SERVICE = "service"
    REMINDER = "reminder"


class CampaignState(StrEnum):
    """Where a campaign is."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    """Nothing is dialled; it may go on."""
    DRAINED = "drained"
    """No lead is picked any more; callbacks that are due are still made."""
    FINISHED = "finished"
    """Over for good."""


class DialMode(StrEnum):
    """How a campaign dials."""

    PREVIEW = "preview"
    """The operator sees the lead and dials, or skips it."""
    PROGRESSIVE = "progressive"
    """One line for each free operator."""
    RATIO = "ratio"
    """A fixed number of lines for each free operator."""
    PREDICTIVE = "predictive"
    """As many as will be answered when operators become free."""


class MachineHandling(StrEnum):
    """What follows when an answering machine picks up."""

    HANG_UP = "hang_up"
    MESSAGE = "message"
    PASS_ON = "pass_on"  # noqa: S105 - a way of handling


class AttemptOutcome(StrEnum):
    """How an attempt came out."""

    ANSWERED = "answered"
    """Live, and an operator was there."""
    ABANDONED = "abandoned"
    """Live, and no operator within the time the rules allow."""
    HUNG_UP = "hung_up"
    """Live, and the customer hung up before an operator was due."""
    MACHINE = "machine"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    FAILED = "failed"
    """The network could not."""
    REFUSED = "refused"
    """The PBX would not dial."""
    UNKNOWN = "unknown"
    """Nobody heard; the PBX's own log is asked, the number is never simply dialled again."""


class AttemptState(StrEnum):
    """Where an attempt is."""

    ASKED = "asked"
    """The dialer was asked to place it: a lead is picked, its row committed."""
    DIALLING = "dialling"
    ANSWERED = "answered"
    """Somebody, or a machine, picked up."""


@dataclass(slots=True, frozen=True)
class CampaignSettings:
    """How a campaign works. Times are seconds."""

    id: CampaignId
    title: str
    mode: DialMode
    queue: QueueId
    """Whose operators take its answers."""
    running: bool = False
    trunk: str = "trunk"
    """The PJSIP endpoint it dials through."""
    caller_id: str = ""
    """The number customers see; empty leaves the trunk's own."""
    ring_s: int = 25
    """15 to 60."""
    priority: int = 0
    """Higher dials first where campaigns share operators."""
    lines: float = 1.0
    """Lines for each free operator, in mode ratio; at least 1."""
    connect_s: float = 2.0
    """From the answer to the operator; then the customer hears who called and the attempt counts as abandoned."""
    detect_machines: bool = False
    machine: MachineHandling = MachineHandling.HANG_UP
    message: str = "please-try-call-later"
    """Sound file that a customer hears whom no operator could take."""
    disposition_required: bool = False
    """A wrap-up goes on until the operator has said what the call came to."""


@dataclass(slots=True)
class Attempt:
    """One call being placed, until it is over."""

    id: AttemptId
    campaign: CampaignId
    asked: Now
    operator: OperatorId | None = None
    """Whom it was placed for; None: whoever is free."""
    state: AttemptState = AttemptState.ASKED
    lead: LeadId | None = None
    number: str = ""
    contact: ContactId | None = None
    contact_name: str = ""
    dialled: Now | None = None
    answered: Now | None = None
    connected: Now | None = None
    call: CallId | None = None
    """From the answer on it is this call."""
    amd: str = ""
    """What the detector of answering machines said."""


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
    attempts: dict[AttemptId, Attempt] = field(default_factory=dict)
    nothing_until_s: float = 0.0
    """The dialer has no lead for it before this, monotonic."""
    looked_s: float = -inf
    """When it was last decided how many to place, monotonic."""
