"""The words of campaigns, and how one is set."""

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


class Window(StrEnum):
    """What an abandonment rate is measured over; the strictest first."""

    ROLLING_DAY = "rolling_day"
    """The last 24 hours, at any moment."""
    CALENDAR_DAY = "calendar_day"
    """From midnight to midnight where the campaign is."""
    THIRTY_DAYS = "thirty_days"
    """Each successive period of 30 days since the campaign began, or the part of it that has passed."""
    CAMPAIGN = "campaign"
    """The whole campaign."""


class AgainAt(StrEnum):
    """When a lead that did not answer is tried again."""

    GAP = "gap"
    """As soon as the gap of its outcome has passed."""
    BEST_HOUR = "best_hour"
    """At the hour after that in which people answer best: see `app.pacing.best_hour`."""


class MachineHandling(StrEnum):
    """What follows when an answering machine picks up."""

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
"""Parameters of the detector of answering machines, in the order in which `CampaignSettings.detector` has them."""


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
    WITHDRAWN = "withdrawn"
    """We let it ring no more: the operator kept for it was needed for somebody on the line, or had to leave."""
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
    """Its name at the PBX, with its node; the campaign dials through it, and by operators of that node alone."""
    caller_id: str = ""
    """The number customers see; empty leaves the trunk's own."""
    ring_s: int = 25
    """15 to 60."""
    priority: int = 0
    """Higher dials first where campaigns share operators."""
    lines: float = 1.0
    """Lines for each free operator, in mode ratio; at least 1."""
    preview_s: float = 0.0
    """How long an operator may look at a lead before it is dialled, in mode preview; 0: as long as they like."""
    connect_s: float = 2.0
    """From the answer to the operator; then the customer hears who called and the attempt counts as abandoned."""
    detect_machines: bool = False
    detector: tuple[int | None, ...] = ()
    """The detector's parameters in the order of `DETECTOR`; None: as the PBX has it. Empty: all."""
    machine: MachineHandling = MachineHandling.HANG_UP
    message: str = "please-try-call-later"
    """Sound file that a customer hears whom no operator could take."""
    machine_message: str = ""
    """Sound file left on an answering machine, where that is what is done with it; empty: `message`."""
    abandon_limit: float = 0.03
    """Share of live answers that may be abandoned over `window`, 0..1: a hard stop."""
    window: Window = Window.ROLLING_DAY
    begun: datetime | None = None
    """When it began, aware: periods of 30 days count from that day. None: when it came to the floor."""
    callers_weight: float = 0.8
    """Of a caller answered in time against a customer reached, where operators serve both: 0 the campaign alone counts,
    1 callers alone; w is w / (1 - w) customers where 15 callers in 100 are late because of the campaign, less where
    fewer are, more where more."""
    zone: tzinfo = UTC
    """Where it is: its days and hours are those there."""
    disposition_required: bool = False
    """A wrap-up goes on until the operator has said what the call came to."""
