"""Contacts that were found, as the API shows them."""

from typing import Self

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.crm.contact_search.service import Hit
from app.crm.contacts.schemas import CONTACT_EXAMPLE, ContactOut

_HIT: dict[str, JsonValue] = {
    "contact": CONTACT_EXAMPLE,
    "reasons": [{"field": "phones", "value": "+37255500123"}],
}


class ReasonOut(Shown):
    """Why a contact was found."""

    field: str
    """The name of the contact's field that fits, such as `surname` or `phones`."""
    value: str
    """The value of that field; a number in E.164."""


class HitOut(Shown):
    """A contact that was found."""

    model_config = ConfigDict(json_schema_extra={"examples": [_HIT]})

    contact: ContactOut
    """The contact."""
    reasons: list[ReasonOut]
    """The fields that fit the words of the query, in their order; empty where only filters were given."""

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """The contact as the API shows it."""
        reasons = [ReasonOut(field=one.field, value=one.value) for one in hit.reasons]
        return cls(contact=ContactOut.of(hit.contact), reasons=reasons)
