"""A lead that is to come in. It imports no database, so that a process which only reads a file starts fast."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from app.domain.ids import ContactId

NUMBERS_MOST: Final = 10
"""Of one lead."""


class DraftNumber(NamedTuple):
    """One number of a lead that is to come in."""

    e164: str
    raw: str
    """As it was written."""
    extension: str = ""


@dataclass(slots=True, frozen=True)
class LeadDraft:
    """Somebody to be called, as a list says it."""

    numbers: tuple[DraftNumber, ...]
    """In the order they are tried; at least one."""
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
    unread: tuple[str, ...] = ()
    """What of its numbers could not be read, in words; the cells are among the variables."""
