"""A lead that is to come in. It imports no database, so that a process which only reads a file starts fast."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.floor.model import ContactId


@dataclass(slots=True, frozen=True)
class LeadDraft:
    """Somebody to be called, as a list says it."""

    numbers: tuple[tuple[str, str], ...]
    """E.164 and as it was written, in the order they are tried; at least one."""
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
