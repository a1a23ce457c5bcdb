"""The words of calls: where one is, how it came out, why an operator got it."""

from enum import StrEnum
from typing import NamedTuple


class CallState(StrEnum):
    """Where a call is."""

    WAITING = "waiting"
    OFFERED = "offered"
    RINGING = "ringing"
    TALKING = "talking"
    ON_HOLD = "on_hold"
    TRANSFERRED = "transferred"
    PARKED = "parked"
    LEAVING = "leaving"
    ENDED = "ended"


class CallOutcome(StrEnum):
    """How a call came out, seen from the customer."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    MAX_WAIT = "max_wait"
    FAILED = "failed"
    DROPPED = "dropped"
    """A campaign's live answer that no operator took in time."""
    LOST = "lost"
    """Nothing came from the caller's line any more while they waited."""
    TURNED_AWAY = "turned_away"
    """As many calls waited of their number, or of their line, as may."""
    HANDED_OVER = "handed_over"
    """An operator's own call to a queue, whose place a customer has taken."""
    REFUSED = "refused"
    """An operator's call outside that was not dialled."""
    BUSY = "busy"
    """A colleague's phone was in a call, or declined."""
    NO_ANSWER = "no_answer"
    """A colleague's phone rang in vain."""


class Direction(StrEnum):
    """Who began a call."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    """A campaign."""
    OPERATOR = "operator"
    """An operator, from their own phone or by a transfer to outside."""
    INTERNAL = "internal"
    """An operator's own phone, which called a colleague's, or a queue to consult a colleague there."""


class EndedBy(StrEnum):
    """Who ended a call."""

    CALLER = "caller"
    OPERATOR = "operator"
    OUTSIDE = "outside"
    """Somebody an operator sent the call to who is none of ours."""
    SERVICE = "service"
    PBX = "pbx"


class OfferOutcome(StrEnum):
    """How an offer ended."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    FAILED = "failed"


class TransferKind(StrEnum):
    """Blind: handed over unseen. Attended: after a word with the new party."""

    BLIND = "blind"
    ATTENDED = "attended"


class Rule(StrEnum):
    """The routing rule that decided an offer."""

    PREFERRED = "preferred"
    KEPT = "kept"
    """The operator was kept for this dial until it was answered."""
    LONGEST_IDLE = "longest_idle"
    LONGEST_WAITING = "longest_waiting"


class Reason(NamedTuple):
    """Why this operator got this call."""

    rule: Rule
    level: int
    """The operator's level in the queue; 1 is asked first."""
    skills: tuple[str, ...]
    """What the queue and the call asked for."""
    idle_s: float
    """How long the operator had been idle."""
    waited_s: float
    """How long the call had waited."""
    urgency: float
    """The call's wait as a share of the queue's service-level target."""
    idle_operators: int
    """Idle operators among the queue's members when it was decided, this one included."""
    waiting_calls: int
    """Calls waiting in the queue when it was decided, this one included."""
    kept_operators: int = 0
    """Idle operators among the queue's members who were kept for dials then, this one included if so."""
