"""The words of campaigns: purposes, modes, states, and how attempts come out."""

from enum import StrEnum


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
