"""Queues: their settings, and what follows the longest wait."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.ids import QueueId


class MaxWait(StrEnum):
    """What follows when a call has waited as long as its queue allows."""

    STAY = "stay"
    QUEUE = "queue"
    LEAVE = "leave"


@dataclass(slots=True, frozen=True)
class QueueSettings:
    """The settings of a queue."""

    id: QueueId
    title: str
    skills: frozenset[str] = frozenset()
    """Skills that every call of this queue needs."""
    priority: int = 0
    """Among an operator's queues, those of higher priority are served first."""
    target_s: float = 20.0
    """Service-level target: answer within this many seconds."""
    ring_s: int = 20
    wrap_up_s: float = 10.0
    preferred_s: float = 10.0
    """How long a call waits for its preferred operator only; 0 turns it off."""
    miss_limit: int = 1
    """Missed offers in a row after which an operator is put on a break; 0: never."""
    retry_s: float = 5.0
    """How long an operator who missed an offer gets no other."""
    max_wait_s: float = 0.0
    """0 means no limit."""
    max_wait_then: MaxWait = MaxWait.STAY
    overflow_queue: QueueId | None = None
    leave_message: str = "please-try-call-later"
    """Sound file played before hanging up."""
    pop_url: str = ""
    """The address that the operator's desktop opens when the phone rings, with variables in braces; empty: none."""
    paused: str | None = None
    """Why a supervisor has paused the queue, which may be empty: nobody waits in it. None: it is not paused."""
