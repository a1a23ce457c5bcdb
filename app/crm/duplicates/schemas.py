"""Duplicates as the API shows them."""

from datetime import datetime
from typing import Self

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.crm.contacts.schemas import CONTACT_EXAMPLE, ContactOut
from app.crm.duplicates.service import Pair

_PAIR: dict[str, JsonValue] = {
    "id": 12,
    "score": 99,
    "reasons": [{"what": "phone", "value": "+37255500123"}, {"what": "name", "value": "alphabet"}],
    "contacts": [CONTACT_EXAMPLE, CONTACT_EXAMPLE],
    "found_at": "2026-03-02T09:18:09Z",
}


class AgreementOut(Shown):
    """One thing in which two contacts agree."""

    what: str
    """`registry_code`, `phone`, `email`, `name`, or `similar_phone`: a number with one slip of the finger."""
    value: str
    """The value that both have; of a name how it agrees: `same`, `alphabet`, `order` or `typing`."""


class DuplicateOut(Shown):
    """Two contacts that are probably the same."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PAIR]})

    id: int
    """The pair's id."""
    score: int
    """How probably they are the same, in percent."""
    reasons: list[AgreementOut]
    """What they agree in."""
    contacts: list[ContactOut]
    """The two contacts, the older one first."""
    found_at: datetime
    """When the pair was found."""

    @classmethod
    def of(cls, pair: Pair) -> Self:
        """The pair as the API shows it."""
        return cls(
            id=pair.row.id or 0,
            score=pair.row.score,
            reasons=[AgreementOut(**one) for one in pair.row.reasons],
            contacts=[ContactOut.of(pair.one), ContactOut.of(pair.other)],
            found_at=pair.row.found_at,
        )


class Duplicates(Shown):
    """A page of pairs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_PAIR], "next": None}]})

    items: list[DuplicateOut]
    """The pairs, the most probable first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
