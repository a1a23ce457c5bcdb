"""Contacts and their numbers."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Final

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas import Language, Line, Prose, RequestModel, Shown, TypedNumber
from app.crm.contacts.drafts import ContactDraft, Email, Phone
from app.crm.contacts.service import Contact
from app.crm.contacts.tables import ContactKind
from app.crm.custom_fields.tables import Code
from app.crm.custom_fields.values import TEXT_MOST as VALUE_MOST
from app.numbers.faults import TEXT_MOST

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
    "registry_code": "",
    "employer": 9,
    "employer_name": "Põhjala OÜ",
    "job_title": "juhataja",
    "owner": 12,
    "owner_name": "Mari Maasikas",
    "phones": [
        {
            "number": "+37255500123",
            "raw": "5550 0123",
            "label": "mobile",
            "preferred": True,
            "failing_since": None,
        }
    ],
    "emails": [{"address": "kalle.kask@example.com", "label": "", "preferred": True}],
    "fields": {"size": "small"},
    "last_operator": 12,
    "last_served_at": "2026-03-02T09:18:09Z",
    "version": 1,
    "created_at": "2026-03-01T08:00:00Z",
    "updated_at": "2026-03-01T08:00:00Z",
}

_PLAIN: Final = tuple(one.name for one in fields(ContactDraft) if one.name not in {"phones", "emails"})
"""Fields that answers show as they are."""
EmailAddress = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
]


class PhoneIn(RequestModel):
    """One number of a contact, as typed."""

    number: TypedNumber
    """The number as people write it; it must be exactly one number."""
    raw: Annotated[str, StringConstraints(max_length=TEXT_MOST)] = ""
    """As it was typed, of an answer that is sent back: it is kept if it is the same number, else `number` is."""
    label: Line = ""
    """What the number is, such as `mobile` or `at work`; empty for none."""
    preferred: bool = False
    """The number to call first; where none is marked, the first one becomes it."""


class EmailIn(RequestModel):
    """One e-mail address of a contact."""

    address: EmailAddress
    """The address, kept as it was typed."""
    label: Line = ""
    """What the address is, such as `at work`; empty for none."""
    preferred: bool = False
    """The address to write to first; where none is marked, the first one becomes it."""


class EmailOut(Shown):
    """One e-mail address of a contact."""

    address: str
    """The address as it was typed."""
    label: str
    """What the address is; empty for none."""
    preferred: bool
    """The address to write to first."""


class PhoneOut(Shown):
    """One number of a contact."""

    number: str
    """The number in E.164; a short or internal number as it is dialled."""
    raw: str
    """The number as it was typed."""
    label: str
    """What the number is; empty for none."""
    preferred: bool
    """The number to call first."""
    failing_since: datetime | None
    """The network has said at least three times in a row that there is no such number: when it was first said. Null
    otherwise; a later answer clears it."""


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
    emails: Annotated[list[EmailIn], Field(max_length=50)] = Field(default_factory=list)
    """The contact's e-mail addresses, at most 50, in the order in which they are shown."""
    registry_code: Annotated[Line, Field(max_length=40)] = ""
    """A company's code in the register of its country; empty for none."""
    employer: Annotated[int, Field(ge=1, le=2**53)] | None = None
    """The id of the contact, a company, that the person works for; null for none. An employer that is no contact is
    named in `company_name`."""
    job_title: Line = ""
    """What the person is at the employer; empty for none."""
    owner: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """The id of the user who looks after the contact; null for nobody."""
    fields: dict[Code, Annotated[str, Field(max_length=VALUE_MOST)]] = Field(default_factory=dict)
    """Values of custom fields in use, by their codes: a number such as `12.5`, a date such as `2026-03-02`, `yes` or
    `no`, the code of a choice, or a text. A field that is left out, or blank, has no value."""

    def draft(self) -> ContactDraft:
        """The draft that the service takes."""
        said = self.model_dump(exclude={"phones", "emails"})
        return ContactDraft(
            **said,
            phones=tuple(
                Phone(one.number, one.label, preferred=one.preferred, typed=one.raw) for one in self.phones
            ),
            emails=tuple(Email(one.address, one.label, one.preferred) for one in self.emails),
        )


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
    emails: list[EmailOut]
    """The contact's e-mail addresses, in the order they were given."""
    registry_code: str
    """A company's code in the register of its country; empty for none."""
    employer: int | None
    """The id of the company that the person works for; null: none that is a contact."""
    employer_name: str
    """The name of that company; empty for none."""
    job_title: str
    """What the person is at the employer; empty for none."""
    owner: int | None
    """The id of the user who looks after the contact; null: nobody."""
    owner_name: str
    """That user's name; empty for none."""
    fields: dict[str, str]
    """Values of the custom fields in use, by code; `GET /contact-fields` says what the fields are."""
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
        said = contact.said
        return cls(
            id=contact.id,
            name=contact.name,
            employer_name=contact.employer_name,
            owner_name=contact.owner_name,
            last_operator=contact.last_operator,
            last_served_at=contact.last_served_at,
            version=contact.version,
            created_at=contact.created_at,
            updated_at=contact.updated_at,
            phones=[
                PhoneOut(
                    number=one.e164,
                    raw=one.raw,
                    label=one.label,
                    preferred=one.preferred,
                    failing_since=one.failing_since,
                )
                for one in said.phones
            ],
            emails=[
                EmailOut(address=one.address, label=one.label, preferred=one.preferred) for one in said.emails
            ],
            **{name: getattr(said, name) for name in _PLAIN},
        )


class Contacts(Shown):
    """A page of contacts by name."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [CONTACT_EXAMPLE], "next": None}]})

    items: list[ContactOut]
    """The contacts of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
