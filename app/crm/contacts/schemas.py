"""Contacts and their numbers."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Language, Line, Prose, RequestModel, Shown, TypedNumber
from app.crm.contacts.service import Contact, ContactDraft, Phone
from app.crm.contacts.tables import ContactKind

_CONTACT: dict[str, JsonValue] = {
    "id": 7,
    "name": "Kask Kalle",
    "kind": "person",
    "surname": "Kask",
    "given_name": "Kalle",
    "patronymic": "",
    "company_name": "",
    "note": "",
    "external_id": "crm-1007",
    "language": "et",
    "phones": [{"number": "+37255500123", "raw": "5550 0123", "label": "mobile"}],
    "last_operator": 12,
    "last_served_at": "2026-03-02T09:18:09Z",
    "created_at": "2026-03-01T08:00:00Z",
    "updated_at": "2026-03-01T08:00:00Z",
}


class PhoneIn(RequestModel):
    """One number of a contact, as typed."""

    number: TypedNumber
    """The number as people write it; one certain number."""
    label: Line = ""
    """What it is: `mobile`, `at work`; empty for nothing."""


class PhoneOut(Shown):
    """One number of a contact."""

    number: str
    """E.164; a short or internal number as it is dialed."""
    raw: str
    """As it was typed."""
    label: str
    """What it is; empty for nothing."""


class ContactIn(RequestModel):
    """What is said of a contact. A person needs a name, a company its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "person",
                    "surname": "Kask",
                    "given_name": "Kalle",
                    "language": "et",
                    "phones": [{"number": "5550 0123", "label": "mobile"}],
                }
            ]
        }
    )

    kind: ContactKind = ContactKind.PERSON
    """A person or a company."""
    surname: Line = ""
    """The surname; empty for none."""
    given_name: Line = ""
    """The given names; empty for none."""
    patronymic: Line = ""
    """The patronymic; empty for none."""
    company_name: Line = ""
    """The company's name."""
    note: Prose = ""
    """What everybody who talks with them is to know; at most 20,000 characters."""
    external_id: Line | None = None
    """Its id in another system; no two contacts have the same."""
    language: Language = ""
    """The language they want to be spoken to in, such as `et`; empty: not known."""
    phones: Annotated[list[PhoneIn], Field(max_length=50)] = Field(default_factory=list)
    """Their numbers, at most 50; the first is shown first."""

    def draft(self) -> ContactDraft:
        """As the contact base takes it."""
        fields = self.model_dump(exclude={"phones"})
        return ContactDraft(**fields, phones=tuple(Phone(one.number, one.label) for one in self.phones))


class ContactOut(Shown):
    """A contact."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CONTACT]})

    id: int
    """Its id."""
    name: str
    """Its name as a whole, as lists and cards show it."""
    kind: ContactKind
    """A person or a company."""
    surname: str
    """Surname; empty for none."""
    given_name: str
    """Given names; empty for none."""
    patronymic: str
    """Patronymic; empty for none."""
    company_name: str
    """The company's name; empty for none."""
    note: str
    """What everybody who talks with them is to know."""
    external_id: str | None
    """Its id in another system; null for none."""
    language: str
    """The language they want to be spoken to in; empty: not known."""
    phones: list[PhoneOut]
    """Their numbers, in the order they were given."""
    last_operator: int | None
    """The operator who talked with them last; null: nobody yet."""
    last_served_at: datetime | None
    """When that talk ended."""
    created_at: datetime
    """When it was made."""
    updated_at: datetime
    """When it was changed last."""

    @classmethod
    def of(cls, contact: Contact) -> "ContactOut":
        """A contact as it is told."""
        said = asdict(contact.said)
        said["phones"] = [
            PhoneOut(number=phone.e164, raw=phone.raw, label=phone.label) for phone in contact.said.phones
        ]
        return cls(
            id=contact.id,
            name=contact.name,
            last_operator=contact.last_operator,
            last_served_at=contact.last_served_at,
            created_at=contact.created_at,
            updated_at=contact.updated_at,
            **said,
        )


class Contacts(Shown):
    """A page of contacts by name."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_CONTACT], "next": None}]})

    items: list[ContactOut]
    """The contacts of this page."""
    next: str | None
    """Give it as `cursor`; None on the last page."""
