"""What the PBX's own log changed in a record."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from app.domain.ids import CallId


class Kind(StrEnum):
    """What was done with a record."""

    ADDED = "added"
    """There was no record."""
    COMPLETED = "completed"
    """The record was open, or part of the call had not been heard."""
    CORRECTED = "corrected"
    """The call had been heard whole, and its record differed from the log."""


class Change(NamedTuple):
    """One record that was changed."""

    call: CallId
    kind: Kind
    differences: dict[str, tuple[Any, Any]]
    """The value before and the value now, by column."""
    values: Mapping[str, Any]
    """The values that were written, by column."""

    @property
    def ended(self) -> bool:
        """Whether no record had the call's end before."""
        return self.kind is Kind.ADDED or self.differences.get("ended_at", ("",))[0] is None
