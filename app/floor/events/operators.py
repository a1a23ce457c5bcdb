"""What operators ask for, and who they are."""

from typing import NamedTuple

from app.domain.ids import (
    AttemptId,
    OperatorId,
)
from app.domain.operators import OperatorSettings, Presence


class PresenceAsked(NamedTuple):
    """An operator, or a supervisor for them, asks for a presence."""

    operator: OperatorId
    presence: Presence
    reason: str = ""
    """The break's reason."""
    cause: str = "operator"


class WrapUpEnded(NamedTuple):
    """The operator is done with the last call's work."""

    operator: OperatorId


class DispositionSet(NamedTuple):
    """It was said what a campaign's call came to; it is on file."""

    attempt: AttemptId


class PreviewDialled(NamedTuple):
    """An operator wants the lead called that they look at."""

    operator: OperatorId


class PreviewSkipped(NamedTuple):
    """An operator does not want to call the lead that they look at, not now."""

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
