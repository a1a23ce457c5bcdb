"""The person who is asked about: the contact, its numbers, and which rows are theirs.

A number that another contact has, too (a family's, a company's), shows nothing: rows with such a number and without a
contact are not taken for the person's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contacts.service import contact_names, require_contact
from app.crm.contacts.tables import ContactKind, ContactRow, EmailRow, PhoneRow
from app.crm.merging.rows import contacts_before
from app.crm.merging.tables import ContactMergeRow
from app.crm.privacy.holdings import HOLDINGS, Holding
from app.domain.names import display_name
from app.records.base import table_of
from app.records.event_table import EventRow

_PHONE, _EMAIL, _MERGE = table_of(PhoneRow), table_of(EmailRow), table_of(ContactMergeRow)
_EVENT = table_of(EventRow)
_PARTS: Final = ("kind", "surname", "given_name", "patronymic", "company_name")
NOBODY: Final = 0
"""The id of no contact: somebody who is known by numbers alone."""
_MOMENTS: Final[Mapping[str, str]] = {"call": "arrived_at", "attempt": "placed_at", "consent": "created_at"}
"""Columns with the moment of rows that may come again after an erasure."""


@dataclass(slots=True, frozen=True)
class Person:
    """Somebody, by what their rows are found by."""

    contact: int
    """`NOBODY`: no contact."""
    numbers: tuple[str, ...]
    """In E.164; the person's alone."""
    shared: tuple[str, ...] = ()
    """Numbers that another contact has, too."""
    names: tuple[str, ...] = ()
    """The name as it is shown, and its parts of three letters and more."""
    name: str = ""
    earlier_names: tuple[str, ...] = ()
    """Names that the contact had before, and those of contacts that went into it, as they would be shown."""
    surnames: tuple[str, ...] = ()
    """The surname, and earlier ones."""
    emails: tuple[str, ...] = ()
    origins: tuple[tuple[int, datetime], ...] = ()
    """The id of the contact and the moment when it was made, then those of all contacts that went into it."""
    before: datetime | None = None
    """Rows that are known by their number alone are the person's only up to this moment; None: at any time."""

    @property
    def identities(self) -> Sequence[tuple[int, str]]:
        """What tells each contact of `origins` from another one that a restored database gave the same id."""
        return [(contact, f"{contact} {made_at.isoformat()}") for contact, made_at in self.origins]


async def find_person(session: AsyncSession, contact: int) -> Person:
    """A contact as a person.

    Raises:
        ContactUnknown: there is no such contact.
    """
    row = await require_contact(session, contact)
    numbers = list(await session.scalars(select(_PHONE.c.e164).where(_PHONE.c.contact_id == contact)))
    others = await session.scalars(
        select(_PHONE.c.e164).where(_PHONE.c.e164.in_(numbers), _PHONE.c.contact_id != contact)
    )
    shared = set(others)
    emails = await session.scalars(select(_EMAIL.c.folded).where(_EMAIL.c.contact_id == contact))
    parts = (row.surname, row.given_name, row.patronymic, row.company_name if row.kind == "company" else "")
    shown = (await contact_names(session, [contact])).get(contact, "")
    merges = await session.scalars(
        select(_MERGE.c.changes).where(_MERGE.c.contact_id == contact).order_by(_MERGE.c.id)
    )
    merged = [one for changes in merges for one in contacts_before(changes)]
    was = [*merged, *await _earlier(session, row)]
    earlier = sorted({_name(one) for one in was} - {shown, ""})
    return Person(
        contact,
        numbers=tuple(one for one in numbers if one not in shared),
        shared=tuple(sorted(shared)),
        names=tuple(dict.fromkeys((shown, *(one for one in parts if len(one) > 2), *earlier))),
        name=shown,
        emails=tuple(emails),
        earlier_names=tuple(earlier),
        surnames=tuple({row.surname, *(one["surname"] for one in was)} - {""}),
        origins=tuple(
            dict.fromkeys(((contact, row.created_at), *((one["id"], one["created_at"]) for one in merged)))
        ),
    )


async def _earlier(session: AsyncSession, row: ContactRow) -> list[dict[str, Any]]:
    """The parts of a contact's name as they were before each change, by what events tell."""
    query = select(_EVENT.c.before).where(
        _EVENT.c.subject == "contact", _EVENT.c.contact_id == row.id, _EVENT.c.before.is_not(None)
    )
    name, found = {part: getattr(row, part) for part in _PARTS}, []
    for before in await session.scalars(query.order_by(_EVENT.c.id.desc())):
        if changed := {part: before[part] for part in _PARTS if isinstance((before or {}).get(part), str)}:
            name = name | changed
            found.append(name)
    return found


def _name(contact: Mapping[str, Any]) -> str:
    name = contact["company_name"]
    if contact["kind"] == ContactKind.PERSON.value:
        name = display_name(**{part: contact[part] for part in _PARTS if part != "kind"})
    return str(name)


_NEEDED: Final[Mapping[str, str]] = {"subject": "–"}
"""What stands in columns that people may not leave empty."""


def is_theirs(holding: Holding, person: Person) -> ColumnElement[bool]:
    """The condition for a person's rows in a table."""
    table = table_of(holding.row)
    if holding.through is not None:
        column, parent = holding.through
        above = HOLDINGS[table_of(parent).name]
        of = select(_key(table_of(parent))).where(is_theirs(above, person))
        return table.c[column].in_(of)
    by_number: ColumnElement[bool] = false()
    if holding.number and person.numbers:
        by_number = table.c[holding.number].in_(person.numbers)
        if person.before is not None and holding.table in _MOMENTS:
            by_number = and_(by_number, table.c[_MOMENTS[holding.table]] <= person.before)
    if holding.numbered is not None and person.numbers:
        row, key, number = holding.numbered
        numbers = table_of(row)
        by_number = _key(table).in_(select(numbers.c[key]).where(numbers.c[number].in_(person.numbers)))
    if holding.made_in_calls:
        calls = table_of(HOLDINGS["call"].row)
        of_calls = select(calls.c.id).where(is_theirs(HOLDINGS["call"], person))
        by_number = or_(by_number, table.c.call_id.in_(of_calls))
    if not holding.contact:
        return by_number
    contact = table.c[holding.contact]
    if holding.table == "duplicate":
        return or_(contact == person.contact, table.c.other_id == person.contact)
    return or_(contact == person.contact, and_(contact.is_(None), by_number))


def _key(table: Table) -> ColumnElement[Any]:
    (key,) = table.primary_key.columns
    return key


def empty(one: Holding) -> Mapping[str, Any]:
    """The values that cleared columns get: null where they may be null, else what is there when nothing was said."""
    columns = table_of(one.row).c
    return {name: _nothing(one, columns[name]) for name in one.clears}


def _nothing(one: Holding, column: Column[Any]) -> Any:
    if column.name in _NEEDED:
        return _NEEDED[column.name]
    if column.nullable:
        return None
    if "JSON" in type(column.type).__name__.upper():
        return one.row.model_fields[column.name].get_default(call_default_factory=True)
    return ""
