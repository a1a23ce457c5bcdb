"""Operators: their presence, routing state and device state, and their settings."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.ids import OperatorId, QueueId


class Presence(StrEnum):
    """What operators say of themselves: whether they are there for calls."""

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
    """The operator looks at a campaign's lead, or waits for that customer to answer."""


class DeviceState(StrEnum):
    """What the PBX reports of the operator's phone."""

    REGISTERED = "registered"
    UNREACHABLE = "unreachable"
    IN_USE = "in_use"
    """Ringing, talking or on hold, in any call."""


@dataclass(slots=True, frozen=True)
class Membership:
    """An operator's place in a queue."""

    queue: QueueId
    level: int = 1
    """Operators of level 1 are offered calls first."""


@dataclass(slots=True, frozen=True)
class OperatorSettings:
    """Who an operator is and what they can do."""

    id: OperatorId
    name: str
    endpoint: str
    """The phone's account at the PBX, with its node."""
    skills: frozenset[str] = frozenset()
    memberships: tuple[Membership, ...] = ()
    """Places in queues whose calls the operator takes."""
    left: tuple[Membership, ...] = ()
    """Places in queues that the operator has left for now: the operator is offered none of their calls."""
    auto_answer: bool = False
    role: str = "operator"
    """The role of the operator's user; it decides which outside numbers they may call."""

    @property
    def places(self) -> tuple[Membership, ...]:
        """All places in queues, those that are left included."""
        return (*self.memberships, *self.left)
