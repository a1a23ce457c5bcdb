"""What a contact is to be, as somebody typed or imported it, and the rows that are made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from app.crm.contacts.errors import (
    ContactUnnamed,
    PreferredTwice,
)
from app.crm.contacts.tables import ContactKind, ContactRow, EmailRow, PhoneRow
from app.domain.ids import ContactId
from app.domain.names import display_name, fold
from app.numbers.errors import NumberUnreadable
from app.numbers.reader import contact_key, written


@dataclass(slots=True, frozen=True)
class Phone:
    """One number of a contact."""

    raw: str
    """The number as typed or imported."""
    label: str = ""
    e164: str = ""
    """The number by which the contact is looked up; made from `raw` when a contact is saved."""
    preferred: bool = False
    failing_since: datetime | None = None
    """When the first of the attempts was placed that say that the number does not work; None: none say so."""
    typed: str = ""
    """The same number as it was typed before, where `raw` is not what somebody typed; empty: it is."""


@dataclass(slots=True, frozen=True)
class Email:
    """One e-mail address of a contact."""

    address: str
    label: str = ""
    preferred: bool = False


@dataclass(slots=True, frozen=True)
class ContactDraft:
    """A contact's data, before it is saved."""

    kind: ContactKind = ContactKind.PERSON
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    company_name: str = ""
    """A company's name, or a person's employer."""
    note: str = ""
    external_id: str | None = None
    """The contact's id in another system; no two contacts share one."""
    language: str = ""
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    registry_code: str = ""
    """A company's code in the register of its country."""
    employer: ContactId | None = None
    """The company that a person works for."""
    job_title: str = ""
    owner: int | None = None
    """The user who looks after the contact."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Values of custom fields, by code."""

    @property
    def name(self) -> str:
        """How the contact is shown."""
        if self.kind is ContactKind.COMPANY:
            return self.company_name
        return display_name(
            surname=self.surname,
            given_name=self.given_name,
            patronymic=self.patronymic,
            company_name=self.company_name,
        )


def folded_name(kind: ContactKind, columns: Mapping[str, Any]) -> str:
    """The name in the order of lists, folded, from the columns of a contact."""
    person, company = ("surname", "given_name", "patronymic"), ("company_name",)
    names = company + person if kind is ContactKind.COMPANY else person + company
    return fold(" ".join(columns[name] for name in names))


def fill(row: ContactRow, draft: ContactDraft) -> None:
    """Write a draft into a contact's own row.

    Raises:
        ContactUnnamed: it has no name.
    """
    if not draft.name.strip():
        raise ContactUnnamed
    row.kind = draft.kind.value
    row.surname = draft.surname.strip()
    row.given_name = draft.given_name.strip()
    row.patronymic = draft.patronymic.strip()
    row.company_name = draft.company_name.strip()
    row.note = draft.note
    row.external_id = draft.external_id or None
    row.language = draft.language
    row.registry_code = draft.registry_code.strip()
    row.employer_id, row.job_title, row.owner_id = draft.employer, draft.job_title.strip(), draft.owner
    row.search = folded_name(draft.kind, row.model_dump())


def phone_rows(draft: ContactDraft, region: str) -> list[PhoneRow]:
    """The rows of a draft's numbers, each number once; the first is preferred where none is.

    Raises:
        PreferredTwice: several are preferred.
    """
    kept: dict[str, PhoneRow] = {}
    for phone in draft.phones:
        if raw := written(phone.raw):
            key = contact_key(phone.raw, region)
            if phone.typed and _same_key(phone.typed, key, region):
                raw = written(phone.typed)
            row = PhoneRow(contact_id=0, e164=key, raw=raw, label=phone.label, preferred=phone.preferred)
            kept.setdefault(key, row)
    return _with_one_preferred(list(kept.values()))


def _same_key(text: str, key: str, region: str) -> bool:
    """Whether a text is the number of a contact with this key."""
    try:
        return contact_key(text, region) == key
    except NumberUnreadable:
        return False


def email_rows(draft: ContactDraft) -> list[EmailRow]:
    """The rows of a draft's e-mail addresses, each address once; the first is preferred where none is.

    Raises:
        PreferredTwice: several are preferred.
    """
    kept: dict[str, EmailRow] = {}
    for email in draft.emails:
        if address := email.address.strip():
            key = address.casefold()
            row = EmailRow(
                contact_id=0, address=address, folded=key, label=email.label, preferred=email.preferred
            )
            kept.setdefault(key, row)
    return _with_one_preferred(list(kept.values()))


R = TypeVar("R", PhoneRow, EmailRow)


def _with_one_preferred(rows: list[R]) -> list[R]:
    """The same rows; the first is preferred where none is."""
    preferred = [row for row in rows if row.preferred]
    if len(preferred) > 1:
        raise PreferredTwice
    if rows and not preferred:
        rows[0].preferred = True
    return rows
