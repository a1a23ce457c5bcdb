"""Campaigns: their states, modes and outcomes, and their settings."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from app.domain.ids import CampaignId, QueueId


class Purpose(StrEnum):
    """Why a campaign calls."""

    MARKETING = "marketing"
    SURVEY = "survey"
    SERVICE = "service"
    REMINDER = "reminder"


class CampaignState(StrEnum):
    """The state of a campaign."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    """Nothing is dialled; the campaign may be resumed."""
    DRAINED = "drained"
    """No new lead is picked; callbacks that are due are still made."""
    FINISHED = "finished"
    """The campaign is over, and cannot be resumed."""


class DialMode(StrEnum):
    """How a campaign dials."""

    PREVIEW = "preview"
    """The operator sees the lead and dials, or skips it."""
    PROGRESSIVE = "progressive"
    """One line for each free operator."""
    RATIO = "ratio"
    """A fixed number of lines for each free operator."""
    PREDICTIVE = "predictive"
    """As many lines as are expected to be answered when operators become free."""


class Window(StrEnum):
    """The period over which the abandonment rate is measured; the strictest first."""

    ROLLING_DAY = "rolling_day"
    """The last 24 hours, at any moment."""
    CALENDAR_DAY = "calendar_day"
    """From midnight to midnight in the campaign's time zone."""
    THIRTY_DAYS = "thirty_days"
    """Each successive period of 30 days since the campaign began, or the part of it that has passed."""
    CAMPAIGN = "campaign"
    """The whole campaign."""


class AgainAt(StrEnum):
    """When a lead that did not answer is tried again."""

    GAP = "gap"
    """As soon as the gap set for the attempt's outcome has passed."""
    BEST_HOUR = "best_hour"
    """After that gap, at the hour in which people answer best: see `app.pacing.best_hour`."""


class MachineHandling(StrEnum):
    """What the service does when an answering machine picks up."""

    HANG_UP = "hang_up"
    MESSAGE = "message"
    PASS_ON = "pass_on"  # noqa: S105 - a way of handling


DETECTOR = (
    "initial_silence",
    "greeting",
    "after_greeting_silence",
    "total_analysis_time",
    "minimum_word_length",
    "between_words_silence",
    "maximum_number_of_words",
    "silence_threshold",
    "maximum_word_length",
)
"""Parameters of answering-machine detection, in the order of `CampaignSettings.detector`."""


class AttemptOutcome(StrEnum):
    """How an attempt came out."""

    ANSWERED = "answered"
    """A person answered, and an operator was connected."""
    ABANDONED = "abandoned"
    """A person answered, and no operator was connected within the time the rules allow."""
    HUNG_UP = "hung_up"
    """A person answered, and hung up before an operator was due."""
    MACHINE = "machine"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    FAILED = "failed"
    """The network could not complete the call."""
    REFUSED = "refused"
    """The PBX refused to dial."""
    WITHDRAWN = "withdrawn"
    """The service stopped the ringing: the operator kept for it was needed for somebody on the line, or left."""
    UNKNOWN = "unknown"
    """The service did not learn the outcome. It asks the PBX's own log, and never just dials the number again."""


class AttemptState(StrEnum):
    """The state of an attempt."""

    ASKED = "asked"
    """The floor asked the dialer for the attempt; the dialer picks a lead and commits its row."""
    DIALLING = "dialling"
    ANSWERED = "answered"
    """Somebody, or a machine, picked up."""


@dataclass(slots=True, frozen=True)
class CampaignSettings:
    """The settings of a campaign. Times are seconds."""

    id: CampaignId
    title: str
    mode: DialMode
    queue: QueueId
    """The queue whose operators take the answered calls."""
    running: bool = False
    trunk: str = "trunk"
    """The trunk's name at the PBX, with its node. The campaign uses operators of that node only."""
    caller_id: str = ""
    """The number customers see; empty: the trunk's own."""
    ring_s: int = 25
    """How long a dial rings, 15 to 60 s."""
    priority: int = 0
    """Higher dials first where campaigns share operators."""
    lines: float = 1.0
    """Lines for each free operator, in mode ratio; at least 1."""
    preview_s: float = 0.0
    """How long an operator may look at a lead before it is dialled, in mode preview; 0: as long as they like."""
    connect_s: float = 2.0
    """The most time from the answer to the operator. After that the customer hears who called, and the attempt
    counts as abandoned."""
    detect_machines: bool = False
    detector: tuple[int | None, ...] = ()
    """The detector's parameters in the order of `DETECTOR`; None: the PBX's setting. Empty: the PBX's for all."""
    machine: MachineHandling = MachineHandling.HANG_UP
    message: str = "please-try-call-later"
    """Sound file for a customer who answered and got no operator in time."""
    machine_message: str = ""
    """Sound file left on an answering machine if `machine` is `message`; empty: the file of `message`."""
    abandon_limit: float = 0.03
    """Share of live answers that may be abandoned over `window`, 0..1: a hard stop."""
    window: Window = Window.ROLLING_DAY
    begun: datetime | None = None
    """When the campaign began, aware: periods of 30 days count from that day. None: when it came to the floor."""
    callers_weight: float = 0.8
    """How much a caller answered in time counts against a customer reached, where operators serve both, 0..1.
    0: only the campaign counts; 1: only callers count. With w, a caller counts as w / (1 - w) customers while the
    campaign makes 15 callers in 100 late; as fewer customers while fewer callers are late, as more while more are."""
    zone: tzinfo = UTC
    """The campaign's time zone: its days and hours are local to it."""
    disposition_required: bool = False
    """The operator's wrap-up lasts until the call has a disposition."""
