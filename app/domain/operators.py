"""The words of operators: what they say of themselves, what routing does with them, how their phone is."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.ids import OperatorId, QueueId


class Presence(StrEnum):
    """What the operator says of himself."""

    OFFLINE = "offline"
    AVAILABLE = "available"
    ON_BREAK = "on_break"


class RoutingState(StrEnum):
    """What routing does with the operator."""

    IDLE = "idle"
    RESERVED = "reserved"
    RINGING = "ringing"
    TALKING = "talking"
    ON_HOLD = "on_hold"
    WRAP_UP = "wrap_up"
    PREVIEWING = "previewing"
    """Looks at a lead of a campaign, or waits for its customer to answer."""


class DeviceState(StrEnum):
    """What the PBX says of the operator's phone."""

    REGISTERED = "registered"
    UNREACHABLE = "unreachable"
    IN_USE = "in_use"
    """Ringing, talking or holding, in whatever call."""


@dataclass(slots=True, frozen=True)
class Membership:
    """An operator's place in a queue."""

    queue: QueueId
    level: int = 1
    """1 is asked first."""


@dataclass(slots=True, frozen=True)
class OperatorSettings:
    """Who an operator is and what they can do."""

    id: OperatorId
    name: str
    endpoint: str
    """The phone's account at the PBX, with its node."""
    skills: frozenset[str] = frozenset()
    memberships: tuple[Membership, ...] = ()
    auto_answer: bool = False
    role: str = "operator"
    """Of their user; it says which numbers they may call."""
