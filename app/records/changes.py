"""What the PBX's own log changed in a record."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from app.domain.ids import CallId


class Kind(StrEnum):
    """What was done with a record."""

    ADDED = "added"
    """There was none."""
    COMPLETED = "completed"
    """It was open, or part of the call had not been heard."""
    CORRECTED = "corrected"
    """It had been heard whole, and said otherwise."""


class Change(NamedTuple):
    """One record that is otherwise now."""

    call: CallId
    kind: Kind
    differences: dict[str, tuple[Any, Any]]
    """By column: what it was, and what it is."""
    values: Mapping[str, Any]
    """By column: what was written."""

    @property
    def ended(self) -> bool:
        """No record told of the call's end before."""
        return self.kind is Kind.ADDED or self.differences.get("ended_at", ("",))[0] is None
