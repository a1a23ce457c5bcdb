"""Contacts as rows. The service composes names and turns numbers into E.164."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import aiosqlite
from sqlalchemy import (
    CompoundSelect,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    union_all,
    update,
)
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col, select

from app.crm.attempts.tables import AttemptRow
from app.crm.contacts.tables import ContactKind, ContactRow, EmailRow, PhoneRow
from app.crm.custom_fields.tables import CustomFieldRow, CustomValueRow
from app.crm.merging.queries import ids_by_external_id as merged_by_external_id
from app.domain.campaigns import AttemptOutcome
from app.records.among import Among, Is
from app.records.base import table_of
from app.records.tables import CallEventRow, CallRow

_ASKED = 500  # values in one question
_CALL, _CALL_EVENT, _ATTEMPT = table_of(CallRow), table_of(CallEventRow), table_of(AttemptRow)
_WORKS = [
    one.value
    for one in (
        AttemptOutcome.ANSWERED,
        AttemptOutcome.ABANDONED,
        AttemptOutcome.HUNG_UP,
        AttemptOutcome.MACHINE,
    )
]
"""Outcomes that say that a number works: somebody, or a machine, answered."""


class Caller(NamedTuple):
    """The columns of a contact that a call needs."""

    id: int
    kind: str
    surname: str
    given_name: str
    patronymic: str
    company_name: str
    last_operator_id: int | None


class Belonging(NamedTuple):
    """A number, an address, or the value of a custom field in use."""

    what: str
    """`PHONE`, `EMAIL` or `VALUE`."""
    contact: int
    place: int
    value: str
    """A number in E.164, an address, a value."""
    also: str
    """The number as it was typed; the field's code."""
    label: str
    preferred: bool


PHONE, EMAIL, VALUE = "phone", "email", "value"


async def save_contact(session: AsyncSession, contact: ContactRow) -> None:
    """Save a contact; the row comes back with its id.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when the external id is taken.
    """
    session.add(contact)
    await session.flush()


async def replace_reached(
    session: AsyncSession, contact: int, phones: Sequence[PhoneRow], emails: Sequence[EmailRow]
) -> None:
    """Put numbers and e-mail addresses in place of those that a contact had."""
    for phone in (await phones_of(session, [contact]))[contact]:
        await session.delete(phone)
    for email in (await emails_of(session, [contact]))[contact]:
        await session.delete(email)
    await session.flush()
    for row in (*phones, *emails):
        row.contact_id = contact
    session.add_all((*phones, *emails))
    await session.flush()


async def get_contact(session: AsyncSession, contact_id: int) -> ContactRow | None:
    """One contact, or None."""
    return await session.get(ContactRow, contact_id)


async def get_contacts(session: AsyncSession, contact_ids: Collection[int]) -> Sequence[ContactRow]:
    """Those of the given contacts that exist, in no order."""
    return (await session.scalars(_BY_ID.of(session), _BY_ID.given(contact_ids))).all() if contact_ids else ()


async def remove_contact(session: AsyncSession, row: ContactRow) -> None:
    """Forget a contact and its numbers; whoever works for it has no employer then."""
    employer = col(ContactRow.employer_id)
    await session.execute(update(ContactRow).where(employer == row.id).values(employer_id=None))
    await session.delete(row)
    await session.flush()


async def forget_name(session: AsyncSession, contact: int, numbers: Sequence[str]) -> None:
    """Take a contact's name out of the timelines of calls: of the contact's own, and of those from the numbers.

    The contact's id stays there.
    """
    calls = (
        select(_CALL.c.id)
        .where(_CALL.c.contact_id == contact)
        .union(select(_CALL.c.id).where(_CALL.c.caller_number.in_(numbers)))
    )
    nameless = {"name": "", "contact": contact, "matches": [contact]}
    await session.execute(
        update(_CALL_EVENT)
        .where(
            _CALL_EVENT.c.call_id.in_(calls),
            _CALL_EVENT.c.kind == "CallerKnown",
            _CALL_EVENT.c.data["contact"].as_integer() == contact,
        )
        .values(data=nameless)
    )


async def phones_of(session: AsyncSession, contact_ids: Sequence[int]) -> dict[int, list[PhoneRow]]:
    """Numbers by contact, in the order they were given."""
    found: dict[int, list[PhoneRow]] = {contact_id: [] for contact_id in contact_ids}
    for phone in await session.scalars(_PHONES.of(session), _PHONES.given(contact_ids)):
        found[phone.contact_id].append(phone)
    return found


async def emails_of(session: AsyncSession, contact_ids: Sequence[int]) -> dict[int, list[EmailRow]]:
    """E-mail addresses by contact, in the order they were given."""
    found: dict[int, list[EmailRow]] = {contact_id: [] for contact_id in contact_ids}
    for email in await session.scalars(_EMAILS.of(session), _EMAILS.given(contact_ids)):
        found[email.contact_id].append(email)
    return found


async def belongings_of(session: AsyncSession, contact_ids: Collection[int]) -> list[Belonging]:
    """What belongs to contacts: numbers and addresses in the order they were given, values in that of their fields.

    One statement: a search reads twenty contacts at each letter that is typed.
    """
    connection = await session.connection()
    found = await connection.execute(_BELONGINGS.of(session), _BELONGINGS.given(contact_ids))
    return [Belonging(*row) for row in found]


async def people_of(
    session: AsyncSession, company: int, *, after: tuple[str, int] | None = None, limit: int = 20
) -> Sequence[ContactRow]:
    """People who work for a company, by name; `after` is `search` and `id` of the last row of the page before."""
    search, key = col(ContactRow.search), col(ContactRow.id)
    query = (
        select(ContactRow).where(col(ContactRow.employer_id) == company).order_by(search, key).limit(limit)
    )
    if after is not None:
        query = query.where(or_(search > after[0], and_(search == after[0], key > after[1])))
    return (await session.scalars(query)).all()


async def failing_since(session: AsyncSession, numbers: Collection[str], least: int) -> dict[str, datetime]:
    """Numbers that do not work, each with the first of the attempts that say so since it last answered.

    Args:
        session: that reads.
        numbers: in E.164; those of a page.
        least: how many attempts must have ended with `wrong_number` since anybody, or a machine, last answered.
    """
    values = _FAILING.given(numbers) | {"least": least}
    return dict((await session.execute(_FAILING.of(session), values)).all())


async def list_contacts(
    session: AsyncSession, *, after: tuple[str, int] | None = None, limit: int = 20
) -> Sequence[ContactRow]:
    """Contacts in the order of their names; `after` is `search` and `id` of the last row of the page before."""
    search, key = col(ContactRow.search), col(ContactRow.id)
    query = select(ContactRow).order_by(search, key).limit(limit)
    if after is not None:
        query = query.where(or_(search > after[0], and_(search == after[0], key > after[1])))
    return (await session.scalars(query)).all()


async def ids_by_external_id(session: AsyncSession, external_ids: Collection[str]) -> dict[str, int]:
    """Ids of contacts by their ids in another system; those of contacts that went into them, too."""
    found: dict[str, int] = {}
    asked = list(external_ids)
    for start in range(0, len(asked), _ASKED):
        part = asked[start : start + _ASKED]
        found.update(await merged_by_external_id(session, part))
        some = select(ContactRow.external_id, ContactRow.id).where(col(ContactRow.external_id).in_(part))
        found.update({external: id_ for external, id_ in await session.execute(some) if external and id_})
    return found


async def ids_by_number(session: AsyncSession, numbers: Collection[str]) -> dict[str, set[int]]:
    """Ids of all contacts that have each of these numbers, in E.164."""
    found: dict[str, set[int]] = {}
    asked = list(numbers)
    for start in range(0, len(asked), _ASKED):
        having = select(PhoneRow.e164, PhoneRow.contact_id).where(
            col(PhoneRow.e164).in_(asked[start : start + _ASKED])
        )
        for e164, contact in await session.execute(having):
            found.setdefault(e164, set()).add(contact)
    return found


async def ids_by_address(session: AsyncSession, folded: Collection[str]) -> dict[str, set[int]]:
    """Ids of all contacts that have each of these addresses, in small letters."""
    return await _ids_by(session, col(EmailRow.folded), col(EmailRow.contact_id), folded)


async def ids_by_registry_code(session: AsyncSession, codes: Collection[str]) -> dict[str, set[int]]:
    """Ids of all contacts that have each of these registry codes."""
    return await _ids_by(session, col(ContactRow.registry_code), col(ContactRow.id), codes)


async def companies_by_name(session: AsyncSession, folded: Collection[str]) -> dict[str, set[int]]:
    """Ids of all companies of each of these names, folded."""
    is_company = col(ContactRow.kind) == ContactKind.COMPANY.value
    return await _ids_by(session, col(ContactRow.search), col(ContactRow.id), folded, is_company)


async def kinds_of(session: AsyncSession, contacts: Collection[int]) -> dict[int, str]:
    """The kinds of those of the given contacts that exist."""
    query = select(ContactRow.id, ContactRow.kind).where(col(ContactRow.id).in_(contacts))
    return {id_: kind for id_, kind in await session.execute(query) if id_ is not None}


async def _ids_by(
    session: AsyncSession, key: Any, id_: Any, values: Collection[str], *where: Any
) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    asked = list(values)
    for start in range(0, len(asked), _ASKED):
        some = select(key, id_).where(key.in_(asked[start : start + _ASKED]), *where)
        for value, contact in await session.execute(some):
            found.setdefault(value, set()).add(contact)
    return found


async def callers(connection: AsyncConnection, e164: str, limit: int) -> Sequence[Caller]:
    """Contacts with this number, the one served most recently first.

    Every call waits for this. On SQLite each step of SQLAlchemy's (begin, cursor, execute, fetch, close, roll back)
    is a trip to the driver's thread and back, so there the driver is asked in one trip.

    Raises:
        SQLAlchemyError, OSError, sqlite3.Error: when the database is away.
    """
    values = {"e164": e164, "limit": limit}
    if connection.dialect.name != "sqlite":
        return [Caller(*row) for row in await connection.execute(_CALLERS, values)]
    driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, aiosqlite.Connection)
    filled = _CALLERS_ON_SQLITE.construct_params(values)
    places = [filled[name] for name in _CALLERS_ON_SQLITE.positiontup or ()]
    return [Caller(*row) for row in await driver.execute_fetchall(str(_CALLERS_ON_SQLITE), places)]


class Picked(NamedTuple):
    """Whom an operator picked as the caller."""

    contact: int | None
    """None: none of the candidates."""


async def last_picked(connection: AsyncConnection, call: str) -> Picked | None:
    """Whom an operator picked last as the caller, by the call's timeline; None: nobody has picked."""
    query = (
        select_columns(_CALL_EVENT.c.data)
        .where(
            _CALL_EVENT.c.call_id == call,
            _CALL_EVENT.c.kind == "CallerKnown",
            _CALL_EVENT.c.cause == "picked",
        )
        .order_by(_CALL_EVENT.c.seq.desc())
        .limit(1)
    )
    data = (await connection.execute(query)).scalar()
    return Picked(data["contact"]) if data is not None else None


async def caller(connection: AsyncConnection, contact: int) -> Caller | None:
    """One contact as a call needs it, or None."""
    row = (await connection.execute(_CALLER.where(col(ContactRow.id) == contact))).first()
    return Caller(*row) if row is not None else None


def _failing(among: Is) -> Select[str, datetime]:
    answered = _ATTEMPT.alias()
    later = exists().where(
        answered.c.number == _ATTEMPT.c.number,
        answered.c.placed_at > _ATTEMPT.c.placed_at,
        answered.c.outcome.in_(_WORKS),
    )
    return (
        select_columns(_ATTEMPT.c.number, func.min(_ATTEMPT.c.placed_at))
        .where(among(_ATTEMPT.c.number), _ATTEMPT.c.outcome == AttemptOutcome.WRONG_NUMBER.value, ~later)
        .group_by(_ATTEMPT.c.number)
        .having(func.count() >= bindparam("least"))
    )


def _belongings(among: Is) -> CompoundSelect[str, int, int, str, str, str, bool]:
    phone, email = table_of(PhoneRow), table_of(EmailRow)
    value, field = table_of(CustomValueRow), table_of(CustomFieldRow)
    phones = select_columns(
        literal(PHONE).label("what"),
        phone.c.contact_id.label("contact"),
        phone.c.id.label("place"),
        phone.c.e164.label("value"),
        phone.c.raw.label("also"),
        phone.c.label,
        phone.c.preferred,
    ).where(among(phone.c.contact_id))
    emails = select_columns(
        literal(EMAIL),
        email.c.contact_id,
        email.c.id,
        email.c.address,
        literal(""),
        email.c.label,
        email.c.preferred,
    ).where(among(email.c.contact_id))
    values = (
        select_columns(
            literal(VALUE),
            value.c.contact_id,
            field.c.position,
            value.c.value,
            value.c.code,
            literal(""),
            false(),
        )
        .join_from(value, field, field.c.code == value.c.code)
        .where(among(value.c.contact_id), field.c.active)
    )
    return union_all(phones, emails, values).order_by("place", "also")


_BY_ID = Among(lambda among: select(ContactRow).where(among(ContactRow.id)))
_PHONES = Among(lambda among: select(PhoneRow).where(among(PhoneRow.contact_id)).order_by(col(PhoneRow.id)))
_EMAILS = Among(lambda among: select(EmailRow).where(among(EmailRow.contact_id)).order_by(col(EmailRow.id)))
_BELONGINGS = Among(_belongings)
_FAILING = Among(_failing)
_CALLER = select(  # type: ignore[call-overload]  # sqlmodel types at most four columns
    ContactRow.id,
    ContactRow.kind,
    ContactRow.surname,
    ContactRow.given_name,
    ContactRow.patronymic,
    ContactRow.company_name,
    ContactRow.last_operator_id,
)
_CALLERS = (
    _CALLER.join(PhoneRow, col(PhoneRow.contact_id) == col(ContactRow.id))
    .where(col(PhoneRow.e164) == bindparam("e164"))
    .order_by(col(ContactRow.last_served_at).desc().nulls_last(), col(ContactRow.id))
    .limit(bindparam("limit"))
)
_CALLERS_ON_SQLITE = _CALLERS.compile(dialect=SQLiteDialect_aiosqlite())
