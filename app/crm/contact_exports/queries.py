"""Contacts as exports have them, read without the session's rows: there may be a million."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.tables import UserRow
from app.crm.contacts.tables import ContactRow, EmailRow, PhoneRow
from app.crm.custom_fields.tables import CustomValueRow
from app.crm.tags.tables import ContactTagRow, TagRow
from app.records.base import table_of

_CONTACT, _PHONE, _EMAIL = table_of(ContactRow), table_of(PhoneRow), table_of(EmailRow)
_VALUE, _TAGGED, _TAG, _USER = (
    table_of(CustomValueRow),
    table_of(ContactTagRow),
    table_of(TagRow),
    table_of(UserRow),
)
_COLUMNS: Final = (
    *("id", "kind", "surname", "given_name", "patronymic", "company_name", "registry_code", "employer_id"),
    *("job_title", "external_id", "language", "note"),
)


@dataclass(slots=True)
class Exported:
    """A contact with all that is exported of it."""

    row: dict[str, Any]
    """Its columns; `employer` and `employer_code` of the company it works for, `owner` as a user name."""
    phones: list[tuple[str, str, str, bool]] = field(default_factory=list)
    """In their order: the number in E.164, as typed, its label, and whether it is preferred."""
    emails: list[tuple[str, str, bool]] = field(default_factory=list)
    """In their order: the address, its label, and whether it is preferred."""
    values: dict[str, str] = field(default_factory=dict)
    """Of custom fields, by code."""
    tags: list[str] = field(default_factory=list)


async def load(session: AsyncSession, contacts: Sequence[int]) -> list[Exported]:
    """Contacts by their ids, in the same order; a few hundred at most."""
    employer = _CONTACT.alias()
    query = (
        select(
            *(_CONTACT.c[name] for name in _COLUMNS),
            employer.c.company_name.label("employer"),
            employer.c.registry_code.label("employer_code"),
            _USER.c.username.label("owner"),
        )
        .outerjoin_from(_CONTACT, employer, employer.c.id == _CONTACT.c.employer_id)
        .outerjoin(_USER, _USER.c.id == _CONTACT.c.owner_id)
        .where(_CONTACT.c.id.in_(contacts))
    )
    found = {row.id: Exported(dict(row._mapping)) for row in await session.execute(query)}  # noqa: SLF001 - its name
    phones = select(_PHONE.c.contact_id, _PHONE.c.e164, _PHONE.c.raw, _PHONE.c.label, _PHONE.c.preferred)
    for contact, *phone in await session.execute(
        phones.where(_PHONE.c.contact_id.in_(contacts)).order_by(_PHONE.c.id)
    ):
        found[contact].phones.append(tuple(phone))
    emails = select(_EMAIL.c.contact_id, _EMAIL.c.address, _EMAIL.c.label, _EMAIL.c.preferred)
    for contact, *email in await session.execute(
        emails.where(_EMAIL.c.contact_id.in_(contacts)).order_by(_EMAIL.c.id)
    ):
        found[contact].emails.append(tuple(email))
    values = select(_VALUE.c.contact_id, _VALUE.c.code, _VALUE.c.value).where(
        _VALUE.c.contact_id.in_(contacts)
    )
    for contact, code, value in await session.execute(values):
        found[contact].values[code] = value
    tags = (
        select(_TAGGED.c.contact_id, _TAG.c.name)
        .join(_TAG, _TAG.c.id == _TAGGED.c.tag_id)
        .where(_TAGGED.c.contact_id.in_(contacts))
        .order_by(_TAG.c.folded)
    )
    for contact, name in await session.execute(tags):
        found[contact].tags.append(name)
    return [found[contact] for contact in contacts if contact in found]


async def most_of_one(session: AsyncSession) -> tuple[int, int]:
    """The most numbers, and the most addresses, that any contact has."""
    counts = []
    for table in (_PHONE, _EMAIL):
        each = select(func.count().label("count")).select_from(table).group_by(table.c.contact_id).subquery()
        counts.append(await session.scalar(select(func.max(each.c.count))) or 0)
    return counts[0], counts[1]
