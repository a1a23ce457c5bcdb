"""Contacts: the people and companies who call, each with any number of phone numbers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.errors import UserUnknown
from app.accounts.queries import get_user
from app.accounts.service import LoggedIn
from app.crm.calls.names import user_names
from app.crm.contacts import queries
from app.crm.contacts.drafts import ContactDraft, Email, Phone, email_rows, fill, folded_name, phone_rows
from app.crm.contacts.errors import (
    CompanyHasPeople,
    ContactMerged,
    ContactUnknown,
    ContactUnnamed,
    EmployerUnfit,
    ExternalIdTaken,
)
from app.crm.contacts.queries import Belonging
from app.crm.contacts.tables import EMAIL_TOLD, PHONE_TOLD, ContactKind, ContactRow, EmailRow, PhoneRow
from app.crm.custom_fields.service import kept_values, set_values
from app.crm.merging.queries import merged_into
from app.domain.ids import ContactId, OperatorId
from app.domain.references import ReferenceUnknown
from app.domain.roles import Permission
from app.records.errors import refused_as

FAILED_LEAST: Final = 3
"""How often in a row the network must have said that there is no such number, before the number is marked."""


@dataclass(slots=True, frozen=True)
class Contact:
    """A saved contact."""

    id: ContactId
    name: str
    said: ContactDraft
    employer_name: str
    """Empty for none."""
    owner_name: str
    """Empty for none."""
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
    """Make a contact. Numbers and addresses that come twice are kept once, blank ones not at all.

    Raises:
        ContactUnnamed: without a name.
        NumberUnreadable: one of the numbers is not certain.
        PreferredTwice: several numbers, or several addresses, are preferred.
        ReferenceUnknown: there is no such company or user.
        EmployerUnfit: the employer is no company.
        RequestUnfit: values of custom fields do not fit.
        ExternalIdTaken: another contact has this external id.
    """
    row = ContactRow(kind=draft.kind.value, created_at=at, updated_at=at)
    await _save(session, row, draft, region)
    return await _whole(session, row)


async def update_contact(
    session: AsyncSession, contact: ContactId, draft: ContactDraft, at: datetime, region: str
) -> Contact:
    """Change a contact whole, its numbers, addresses and custom fields too.

    Raises:
        ContactUnknown: there is no such contact.
        CompanyHasPeople: people work for it, and it would be no company any more.
        and what `create_contact` raises.
    """
    row = await require_contact(session, contact)
    stays = draft.kind is ContactKind.COMPANY or row.kind != ContactKind.COMPANY.value
    if not stays and await queries.people_of(session, contact, limit=1):
        raise CompanyHasPeople
    before = (await kept_of(session, contact), await kept_values(session, contact))
    await _save(session, row, draft, region)
    if before != (await kept_of(session, contact), await kept_values(session, contact)):
        row.version += 1
        row.updated_at = at
    return await _whole(session, row)


async def kept_of(session: AsyncSession, contact: ContactId) -> dict[str, Any]:
    """A contact's own fields, as events tell them: columns by name, and its lists whole.

    Raises:
        ContactUnknown: there is no such contact.
    """
    row = await require_contact(session, contact)
    phones = (await queries.phones_of(session, [contact]))[contact]
    emails = (await queries.emails_of(session, [contact]))[contact]
    return {name: getattr(row, name) for name in _RESTORED} | {
        "phones": [{name: getattr(one, name) for name in PHONE_TOLD} for one in phones],
        "emails": [{name: getattr(one, name) for name in EMAIL_TOLD} for one in emails],
    }


async def restore_contact(
    session: AsyncSession, contact: ContactId, put: Mapping[str, Any], at: datetime
) -> Contact:
    """Give a contact fields as it had them, in the form of `kept_of`.

    Raises:
        ContactUnknown: there is no such contact.
        ContactUnnamed: it would have no name.
        ExternalIdTaken: another contact has this external id.
    """
    row = await require_contact(session, contact)
    for name in _RESTORED:
        if name in put:
            setattr(row, name, put[name])
    if not _draft(row).name.strip():
        raise ContactUnnamed
    row.search = folded_name(ContactKind(row.kind), row.model_dump())
    row.updated_at = at
    row.version += 1
    with refused_as(ExternalIdTaken(external_id=row.external_id or "")):
        await queries.save_contact(session, row)
    if "phones" in put or "emails" in put:
        kept = {**await kept_of(session, contact), **put}
        emails = [
            EmailRow(contact_id=contact, folded=one["address"].casefold(), **one) for one in kept["emails"]
        ]
        phones = [PhoneRow(contact_id=contact, **one) for one in kept["phones"]]
        await queries.replace_reached(session, contact, phones, emails)
    return await _whole(session, row)


_RESTORED = (
    *("kind", "surname", "given_name", "patronymic", "company_name", "registry_code"),
    *("employer_id", "job_title", "owner_id", "note", "external_id", "language"),
)
"""The columns that people set."""


async def _save(session: AsyncSession, row: ContactRow, draft: ContactDraft, region: str) -> None:
    phones, emails = phone_rows(draft, region), email_rows(draft)
    await _check(session, row.id, draft)
    fill(row, draft)
    with refused_as(ExternalIdTaken(external_id=draft.external_id or "")):
        await queries.save_contact(session, row)
    await queries.replace_reached(session, _id(row), phones, emails)
    await set_values(session, _id(row), draft.fields)


async def _check(session: AsyncSession, contact: int | None, draft: ContactDraft) -> None:
    if draft.owner is not None and await get_user(session, draft.owner) is None:
        raise ReferenceUnknown("owner", UserUnknown())
    if draft.employer is None:
        return
    employer = await queries.get_contact(session, draft.employer)
    if employer is None:
        raise ReferenceUnknown("employer", ContactUnknown())
    if (
        draft.kind is ContactKind.COMPANY
        or employer.id == contact
        or employer.kind != ContactKind.COMPANY.value
    ):
        raise EmployerUnfit


async def people_of(
    session: AsyncSession, company: ContactId, *, after: ContactCursor | None = None, limit: int = 20
) -> ContactPage:
    """People who work for a company, by name.

    Args:
        session: that reads.
        company: the company's id.
        after: the cursor of the page before.
        limit: how many at most, 1..499.

    Raises:
        ContactUnknown: there is no such contact.
    """
    await require_contact(session, company)
    return await _page(
        session, await queries.people_of(session, company, after=after, limit=limit + 1), limit
    )


async def _page(session: AsyncSession, rows: Sequence[ContactRow], limit: int) -> ContactPage:
    shown = rows[:limit]
    more = ContactCursor(shown[-1].search, _id(shown[-1])) if len(rows) > limit else None
    return ContactPage(await _wholes(session, shown), more)


async def get_contact(session: AsyncSession, contact: ContactId) -> Contact:
    """One contact.

    Raises:
        ContactUnknown: there is no such contact.
    """
    return await _whole(session, await require_contact(session, contact))


async def load_contacts(session: AsyncSession, contacts: Sequence[ContactId]) -> list[Contact]:
    """Contacts by their ids, in the same order; ids of no contact are left out."""
    rows = {_id(row): row for row in await queries.get_contacts(session, contacts)}
    return await _wholes(session, [rows[id_] for id_ in contacts if id_ in rows])


async def contact_names(session: AsyncSession, contacts: Collection[int]) -> dict[int, str]:
    """Display names of contacts, by id; contacts that were removed are left out."""
    return {_id(row): _draft(row).name for row in await queries.get_contacts(session, contacts)}


async def shown_names(session: AsyncSession, who: LoggedIn, contacts: Collection[int]) -> dict[int, str]:
    """`contact_names` for an answer: whoever may not read contacts is shown the name of none."""
    return await contact_names(session, contacts) if Permission.CONTACTS_READ in who.permissions else {}


async def is_contact(session: AsyncSession, contact: ContactId) -> bool:
    """Whether there is such a contact."""
    return await queries.get_contact(session, contact) is not None


async def require_contact(session: AsyncSession, contact: int) -> ContactRow:
    """The row of a contact that a request names: every subject looks here.

    Raises:
        ContactMerged: it went into another one.
        ContactUnknown: there is no such contact.
    """
    row = await queries.get_contact(session, contact)
    if row is not None:
        return row
    into = await merged_into(session, contact)
    raise ContactMerged(merged_into=into) if into is not None else ContactUnknown()


async def standing_contact(session: AsyncSession, contact: int | None) -> ContactId | None:
    """A contact as it is now: of one that was merged, the one it went into; None: it was forgotten, or is nobody."""
    try:
        return _id(await require_contact(session, contact)) if contact is not None else None
    except ContactMerged as merged:
        return ContactId(merged.merged_into)
    except ContactUnknown:
        return None


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
    return await _page(session, rows, limit)


def _id(row: ContactRow) -> ContactId:
    assert row.id is not None
    return ContactId(row.id)


async def _whole(session: AsyncSession, row: ContactRow) -> Contact:
    (contact,) = await _wholes(session, [row])
    return contact


async def _wholes(session: AsyncSession, rows: Sequence[ContactRow]) -> list[Contact]:
    ids = [_id(row) for row in rows]
    phones: dict[int, list[Belonging]] = {id_: [] for id_ in ids}
    emails: dict[int, list[Belonging]] = {id_: [] for id_ in ids}
    fields: dict[int, dict[str, str]] = {id_: {} for id_ in ids}
    for one in await queries.belongings_of(session, ids) if ids else ():
        if one.what == queries.VALUE:
            fields[one.contact][one.also] = one.value
        else:
            (phones if one.what == queries.PHONE else emails)[one.contact].append(one)
    numbers = {one.value for some in phones.values() for one in some}
    failing = await queries.failing_since(session, numbers, FAILED_LEAST) if numbers else {}
    employers = await contact_names(session, {row.employer_id for row in rows if row.employer_id is not None})
    owners = await user_names(session, {row.owner_id for row in rows if row.owner_id is not None})
    return [
        Contact(
            id=id_,
            name=(draft := _draft(row, phones[id_], emails[id_], fields[id_], failing)).name,
            said=draft,
            employer_name=employers.get(row.employer_id or 0, ""),
            owner_name=owners.get(row.owner_id or 0, ""),
            last_operator=OperatorId(row.last_operator_id) if row.last_operator_id is not None else None,
            last_served_at=row.last_served_at,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for id_, row in zip(ids, rows, strict=True)
    ]


def _first(rows: Sequence[Belonging]) -> Belonging | None:
    """The one that is preferred; of a contact that others were merged into, several rows are marked."""
    return next((row for row in rows if row.preferred), None)


def _draft(
    row: ContactRow,
    phones: Sequence[Belonging] = (),
    emails: Sequence[Belonging] = (),
    fields: Mapping[str, str] | None = None,
    failing: Mapping[str, datetime] | None = None,
) -> ContactDraft:
    return ContactDraft(
        kind=ContactKind(row.kind),
        surname=row.surname,
        given_name=row.given_name,
        patronymic=row.patronymic,
        company_name=row.company_name,
        note=row.note,
        external_id=row.external_id,
        language=row.language,
        phones=tuple(
            Phone(
                one.also,
                one.label,
                e164=one.value,
                preferred=one is _first(phones),
                failing_since=(failing or {}).get(one.value),
            )
            for one in phones
        ),
        emails=tuple(Email(one.value, one.label, one is _first(emails)) for one in emails),
        registry_code=row.registry_code,
        employer=ContactId(row.employer_id) if row.employer_id is not None else None,
        job_title=row.job_title,
        owner=row.owner_id,
        fields=fields or {},
    )
