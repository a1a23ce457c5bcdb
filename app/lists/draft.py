"""A lead to be imported. This module imports no database, so that the process that reads files starts fast."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from app.domain.ids import ContactId

NUMBERS_MOST: Final = 10
"""The most numbers of one lead."""


class DraftNumber(NamedTuple):
    """One number of a lead to be imported."""

    e164: str
    raw: str
    """The number as it was written."""
    extension: str = ""


@dataclass(slots=True, frozen=True)
class LeadDraft:
    """A lead made from one row of a list."""

    numbers: tuple[DraftNumber, ...]
    """At least one, in the order in which they are tried."""
    contact: ContactId | None = None
    external_id: str | None = None
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    company_name: str = ""
    time_zone: str = ""
    """IANA name, or empty."""
    priority: int = 0
    variables: Mapping[str, Any] = field(default_factory=dict)
    unread: tuple[Mapping[str, Any], ...] = ()
    """Why parts of its numbers could not be read, in the form of `app.lists.row_errors`; their cells are among the
    variables."""
