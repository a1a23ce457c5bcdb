"""Contacts and their numbers."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Language, Line, Prose, RequestModel, Shown, TypedNumber
from app.crm.contacts.service import Contact, ContactDraft, Phone
from app.crm.contacts.tables import ContactKind

CONTACT_EXAMPLE: dict[str, JsonValue] = {
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
    "version": 1,
    "created_at": "2026-03-01T08:00:00Z",
    "updated_at": "2026-03-01T08:00:00Z",
}


class PhoneIn(RequestModel):
    """One number of a contact, as typed."""

    number: TypedNumber
    """The number as people write it; it must be exactly one number."""
    label: Line = ""
    """What the number is, such as `mobile` or `at work`; empty for none."""


class PhoneOut(Shown):
    """One number of a contact."""

    number: str
    """The number in E.164; a short or internal number as it is dialled."""
    raw: str
    """The number as it was typed."""
    label: str
    """What the number is; empty for none."""


class ContactIn(RequestModel):
    """A contact's data. A person needs a name, and a company a company name."""

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
    """The company's name, or a person's employer; empty for none."""
    note: Prose = ""
    """A note for everybody who talks with the contact, at most 20,000 characters."""
    external_id: Line | None = None
    """The contact's id in another system; no two contacts have the same."""
    language: Language = ""
    """The contact's preferred language, such as `et`; empty: not known."""
    phones: Annotated[list[PhoneIn], Field(max_length=50)] = Field(default_factory=list)
    """The contact's numbers, at most 50, in the order in which they are shown."""

    def draft(self) -> ContactDraft:
        """The draft that the service takes."""
        fields = self.model_dump(exclude={"phones"})
        return ContactDraft(**fields, phones=tuple(Phone(one.number, one.label) for one in self.phones))


class ContactOut(Shown):
    """A contact."""

    model_config = ConfigDict(json_schema_extra={"examples": [CONTACT_EXAMPLE]})

    id: int
    """The contact's id."""
    name: str
    """The full name, as lists and cards show it."""
    kind: ContactKind
    """A person or a company."""
    surname: str
    """Surname; empty for none."""
    given_name: str
    """Given names; empty for none."""
    patronymic: str
    """Patronymic; empty for none."""
    company_name: str
    """The company's name, or a person's employer; empty for none."""
    note: str
    """A note for everybody who talks with the contact."""
    external_id: str | None
    """The contact's id in another system; null for none."""
    language: str
    """The contact's preferred language; empty: not known."""
    phones: list[PhoneOut]
    """The contact's numbers, in the order they were given."""
    last_operator: int | None
    """The operator who last talked with the contact; null: nobody yet."""
    last_served_at: datetime | None
    """When the last talk with an operator ended."""
    version: int
    """Raised with each change; the same as in `ETag`."""
    created_at: datetime
    """When the contact was made."""
    updated_at: datetime
    """When the contact was last changed."""

    @classmethod
    def of(cls, contact: Contact) -> "ContactOut":
        """The contact as the API shows it."""
        said = asdict(contact.said)
        said["phones"] = [
            PhoneOut(number=phone.e164, raw=phone.raw, label=phone.label) for phone in contact.said.phones
        ]
        return cls(
            id=contact.id,
            name=contact.name,
            last_operator=contact.last_operator,
            last_served_at=contact.last_served_at,
            version=contact.version,
            created_at=contact.created_at,
            updated_at=contact.updated_at,
            **said,
        )


class Contacts(Shown):
    """A page of contacts by name."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [CONTACT_EXAMPLE], "next": None}]})

    items: list[ContactOut]
    """The contacts of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
