"""Events of operators: their requests, and their settings."""

from typing import NamedTuple

from app.domain.ids import (
    AttemptId,
    OperatorId,
)
from app.domain.operators import OperatorSettings, Presence


class PresenceAsked(NamedTuple):
    """An operator, or a supervisor for them, asked for a presence."""

    operator: OperatorId
    presence: Presence
    reason: str = ""
    """The break's reason."""
    cause: str = "operator"


class WrapUpEnded(NamedTuple):
    """The operator has finished the wrap-up of the last call."""

    operator: OperatorId


class DispositionSet(NamedTuple):
    """A campaign's call got its disposition, which is on record."""

    attempt: AttemptId


class PreviewDialled(NamedTuple):
    """An operator asked to dial the lead that they look at."""

    operator: OperatorId


class PreviewSkipped(NamedTuple):
    """An operator skipped the lead that they look at."""

    operator: OperatorId
    reason: str


class OperatorSet(NamedTuple):
    """An operator was made or changed."""

    settings: OperatorSettings


class OperatorRemoved(NamedTuple):
    """An operator was taken away."""

    operator: OperatorId


OperatorEvent = (
    PresenceAsked
    | WrapUpEnded
    | PreviewDialled
    | PreviewSkipped
    | DispositionSet
    | OperatorSet
    | OperatorRemoved
)
