"""Contacts: the people and companies who call, each with any number of phone numbers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contacts import queries
from app.crm.contacts.errors import ContactUnknown, ContactUnnamed, ExternalIdTaken
from app.crm.contacts.tables import ContactKind, ContactRow, PhoneRow
from app.domain.ids import ContactId, OperatorId
from app.domain.names import display_name, fold
from app.numbers.reader import contact_key, written
from app.records.errors import refused_as


@dataclass(slots=True, frozen=True)
class Phone:
    """One number of a contact."""

    raw: str
    """The number as typed or imported."""
    label: str = ""
    e164: str = ""
    """The number by which the contact is looked up; made from `raw` when a contact is saved."""


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


@dataclass(slots=True, frozen=True)
class Contact:
    """A saved contact."""

    id: ContactId
    name: str
    said: ContactDraft
    last_operator: OperatorId | None
    last_served_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class ContactCursor(NamedTuple):
    """The last contact of the page before."""

    search: str
    id: ContactId


@dataclass(slots=True, frozen=True)
class ContactPage:
    """Contacts by name."""

    contacts: Sequence[Contact]
    next: ContactCursor | None
    """The cursor for the next page; None on the last page."""


async def create_contact(session: AsyncSession, draft: ContactDraft, at: datetime, region: str) -> Contact:
    """Make a contact. Numbers that come twice are kept once, blank ones not at all.

    Raises:
        ContactUnnamed: without a name.
        NumberUnreadable: one of the numbers is not certain.
        ExternalIdTaken: another contact has this external id.
    """
    row = ContactRow(kind=draft.kind.value, created_at=at, updated_at=at)
    _fill(row, draft)
    phones = _phones(draft, region)
    with refused_as(ExternalIdTaken(external_id=draft.external_id or "")):
        await queries.add_contact(session, row, phones)
    return await _whole(session, row)


async def update_contact(
    session: AsyncSession, contact: ContactId, draft: ContactDraft, at: datetime, region: str
) -> Contact:
    """Change a contact whole, its numbers too.

    Raises:
        ContactUnknown: there is no such contact.
        ContactUnnamed: without a name.
        NumberUnreadable: one of the numbers is not certain.
        ExternalIdTaken: another contact has this external id.
    """
    row = await _row(session, contact)
    _fill(row, draft)
    row.updated_at = at
    row.version += 1
    phones = _phones(draft, region)
    with refused_as(ExternalIdTaken(external_id=draft.external_id or "")):
        await queries.replace_phones(session, row, phones)
    return await _whole(session, row)


async def get_contact(session: AsyncSession, contact: ContactId) -> Contact:
    """One contact.

    Raises:
        ContactUnknown: there is no such contact.
    """
    return await _whole(session, await _row(session, contact))


async def load_contacts(session: AsyncSession, contacts: Sequence[ContactId]) -> list[Contact]:
    """Contacts by their ids, in the same order; ids of no contact are left out."""
    rows = {_id(row): row for row in await queries.get_contacts(session, contacts)}
    phones = await queries.phones_of(session, list(rows))
    return [_contact(rows[id_], phones[id_]) for id_ in contacts if id_ in rows]


async def contact_names(session: AsyncSession, contacts: Collection[int]) -> dict[int, str]:
    """Display names of contacts, by id; contacts that were removed are left out."""
    return {_id(row): _contact(row, ()).name for row in await queries.get_contacts(session, contacts)}


async def is_contact(session: AsyncSession, contact: ContactId) -> bool:
    """Whether there is such a contact."""
    return await queries.get_contact(session, contact) is not None


async def contacts_of_list(
    session: AsyncSession, external_ids: Collection[str], numbers: Collection[str]
) -> tuple[dict[str, ContactId], dict[str, ContactId]]:
    """Contacts that the rows of a list refer to: by external id, and by a number, in E.164, that only one contact
    has.
    """
    by_id = await queries.ids_by_external_id(session, external_ids)
    by_number = await queries.ids_by_number(session, numbers)
    alone = {e164: ContactId(ids.pop()) for e164, ids in by_number.items() if len(ids) == 1}
    return {external: ContactId(id_) for external, id_ in by_id.items()}, alone


async def list_contacts(
    session: AsyncSession, *, after: ContactCursor | None = None, limit: int = 20
) -> ContactPage:
    """All contacts by name.

    Args:
        session: that reads.
        after: the cursor of the page before.
        limit: how many at most, 1..499.
    """
    rows = await queries.list_contacts(session, after=after, limit=limit + 1)
    shown = rows[:limit]
    phones = await queries.phones_of(session, [_id(row) for row in shown])
    contacts = [_contact(row, phones[_id(row)]) for row in shown]
    more = len(rows) > limit
    return ContactPage(contacts, ContactCursor(shown[-1].search, _id(shown[-1])) if more else None)


def folded_name(kind: ContactKind, columns: Mapping[str, Any]) -> str:
    """The name in the order of lists, folded, from the columns of a contact."""
    person, company = ("surname", "given_name", "patronymic"), ("company_name",)
    names = company + person if kind is ContactKind.COMPANY else person + company
    return fold(" ".join(columns[name] for name in names))


def _fill(row: ContactRow, draft: ContactDraft) -> None:
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
    row.search = folded_name(draft.kind, row.model_dump())


def _phones(draft: ContactDraft, region: str) -> list[PhoneRow]:
    kept: dict[str, PhoneRow] = {}
    for phone in draft.phones:
        if raw := written(phone.raw):
            key = contact_key(phone.raw, region)
            kept.setdefault(key, PhoneRow(contact_id=0, e164=key, raw=raw, label=phone.label))
    return list(kept.values())


def _id(row: ContactRow) -> ContactId:
    assert row.id is not None
    return ContactId(row.id)


async def _row(session: AsyncSession, contact: ContactId) -> ContactRow:
    row = await queries.get_contact(session, contact)
    if row is None:
        raise ContactUnknown
    return row


async def _whole(session: AsyncSession, row: ContactRow) -> Contact:
    return _contact(row, (await queries.phones_of(session, [_id(row)]))[_id(row)])


def _contact(row: ContactRow, phones: Sequence[PhoneRow]) -> Contact:
    draft = ContactDraft(
        kind=ContactKind(row.kind),
        surname=row.surname,
        given_name=row.given_name,
        patronymic=row.patronymic,
        company_name=row.company_name,
        note=row.note,
        external_id=row.external_id,
        language=row.language,
        phones=tuple(Phone(phone.raw, phone.label, phone.e164) for phone in phones),
    )
    last_operator = OperatorId(row.last_operator_id) if row.last_operator_id is not None else None
    return Contact(
        id=_id(row),
        name=draft.name,
        said=draft,
        last_operator=last_operator,
        last_served_at=row.last_served_at,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
