"""Calls: their states and outcomes, and why an operator was offered one."""

from enum import StrEnum
from typing import NamedTuple


class CallState(StrEnum):
    """What a call is doing now."""

    WAITING = "waiting"
    OFFERED = "offered"
    RINGING = "ringing"
    TALKING = "talking"
    ON_HOLD = "on_hold"
    TRANSFERRED = "transferred"
    PARKED = "parked"
    LEAVING = "leaving"
    ENDED = "ended"


class CrmState(StrEnum):
    """What is known of a caller from the centre's other program, its CRM."""

    ASKING = "asking"
    LATE = "late"
    """The CRM has not answered in time: nobody should wait for it any more, but its answer may still come."""
    FOUND = "found"
    UNKNOWN = "unknown"
    """The CRM does not know the number."""
    FAILED = "failed"
    """The CRM refused, or did not answer at all."""


class CrmCard(NamedTuple):
    """The caller as the CRM knows them."""

    state: CrmState
    name: str = ""
    company: str = ""
    url: str = ""
    """The caller's page in the CRM."""
    id: str = ""
    """The caller's id in the CRM."""


class CallOutcome(StrEnum):
    """How a call came out, seen from the customer."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    MAX_WAIT = "max_wait"
    FAILED = "failed"
    DROPPED = "dropped"
    """A campaign's live answer that no operator took in time."""
    LOST = "lost"
    """The caller's line went silent while the caller waited: no audio packets arrived any more."""
    TURNED_AWAY = "turned_away"
    """Too many calls from the same number, or by the same line, were waiting already."""
    HANDED_OVER = "handed_over"
    """An operator's own call to a queue ended because a customer was transferred into its place."""
    REFUSED = "refused"
    """An operator's outside call was not dialled."""
    BUSY = "busy"
    """The colleague's phone was in a call, or declined."""
    NO_ANSWER = "no_answer"
    """The colleague's phone rang and nobody answered."""


class Direction(StrEnum):
    """Who began a call."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    """A campaign dialled the customer."""
    OPERATOR = "operator"
    """An operator dialled an outside number, or transferred somebody to one."""
    INTERNAL = "internal"
    """An operator's phone called a colleague's phone, or a queue to consult a colleague."""


class EndedBy(StrEnum):
    """Who ended a call."""

    CALLER = "caller"
    OPERATOR = "operator"
    OUTSIDE = "outside"
    """Somebody who is no operator here, and to whom an operator transferred the call."""
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
    """Blind: without speaking to the new party first. Attended: after speaking to the new party."""

    BLIND = "blind"
    ATTENDED = "attended"


class Rule(StrEnum):
    """The routing rule that decided an offer."""

    PREFERRED = "preferred"
    KEPT = "kept"
    """The operator was kept free for this dial until the customer answered."""
    LONGEST_IDLE = "longest_idle"
    LONGEST_WAITING = "longest_waiting"


class Reason(NamedTuple):
    """Why this operator was offered this call."""

    rule: Rule
    level: int
    """The operator's level in the queue; 1 is asked first."""
    skills: tuple[str, ...]
    """The skills that the queue and the call require."""
    idle_s: float
    """How long the operator had been idle."""
    waited_s: float
    """How long the call had waited."""
    urgency: float
    """The call's wait as a share of the queue's service-level target."""
    idle_operators: int
    """Idle members of the queue at the decision, this operator included."""
    waiting_calls: int
    """Calls waiting in the queue at the decision, this call included."""
    kept_operators: int = 0
    """Members of the queue who were kept for dials at the decision, this operator included if kept."""
