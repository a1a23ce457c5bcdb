"""Contacts and their numbers."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.schemas.common import Language, Line, Prose, Said, TypedNumber
from app.crm.contacts import Contact, ContactDraft, Phone
from app.records.tables import ContactKind

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


class PhoneIn(Said):
    """One number of a contact, as typed."""

    number: TypedNumber
    label: Line = ""


class PhoneOut(BaseModel):
    """One number of a contact."""

    number: str
    """E.164; a short or internal number as it is dialed."""
    raw: str
    label: str


class ContactIn(Said):
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
    surname: Line = ""
    given_name: Line = ""
    patronymic: Line = ""
    company_name: Line = ""
    note: Prose = ""
    external_id: Line | None = None
    language: Language = ""
    phones: Annotated[list[PhoneIn], Field(max_length=50)] = Field(default_factory=list)

    def draft(self) -> ContactDraft:
        """As the contact base takes it."""
        fields = self.model_dump(exclude={"phones"})
        return ContactDraft(**fields, phones=tuple(Phone(one.number, one.label) for one in self.phones))


class ContactOut(BaseModel):
    """A contact."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CONTACT]})

    id: int
    name: str
    kind: ContactKind
    surname: str
    given_name: str
    patronymic: str
    company_name: str
    note: str
    external_id: str | None
    language: str
    phones: list[PhoneOut]
    last_operator: int | None
    last_served_at: datetime | None
    created_at: datetime
    updated_at: datetime

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


class Contacts(BaseModel):
    """A page of contacts by name."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_CONTACT], "next": None}]})

    items: list[ContactOut]
    next: str | None
    """Give it as `cursor`; None on the last page."""
