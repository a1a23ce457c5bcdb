"""The one search over all contacts: as one types, and page by page."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.contact_search import queries
from app.crm.contact_search.asked import Clause, filters, fulfils, read_query, whole
from app.crm.contact_search.fields import (
    Belongings,
    Field,
    fields_of,
    kind_term,
    people_of,
    tag_term,
    value_filter,
)
from app.crm.contact_search.ranking import rank
from app.crm.contacts.service import Contact, load_contacts
from app.crm.contacts.tables import ContactKind
from app.domain.ids import ContactId
from app.records.engine import reading

RANKED: Final = 200
"""How many of the newest matching contacts are ranked."""
ENOUGH: Final = 50
_EXACT: Final = 50
_NEWEST: Final = 2**62
_TOGETHER: Final = 1_000
"""How many ids are looked through together."""


class Reason(NamedTuple):
    """Why a contact was found."""

    field: str
    """The field that fits, such as `surname` or `phones`."""
    value: str
    """The field's value."""


@dataclass(slots=True, frozen=True)
class Wanted:
    """What is asked for."""

    text: str = ""
    kind: ContactKind | None = None
    tags: Sequence[int] = ()
    """Contacts must have all of these."""
    values: Sequence[tuple[str, str]] = ()
    """Values of custom fields by code; contacts must have all of these."""


@dataclass(slots=True, frozen=True)
class Hit:
    """A contact that was found."""

    contact: Contact
    reasons: Sequence[Reason]
    """One for each word of the query, in its order; each once."""


@dataclass(slots=True, frozen=True)
class Page:
    """Contacts that match, the newest first."""

    contacts: Sequence[Contact]
    next: ContactId | None
    """The id to go on below; None on the last page."""


async def find(session: AsyncSession, wanted: Wanted, *, limit: int, region: str) -> list[Hit]:
    """The best of the newest contacts that match; without any text or filter, none.

    Args:
        session: that reads.
        wanted: what is asked for.
        limit: how many at most, 1..200.
        region: ISO 3166 code of the country for numbers without a country code.
    """
    said = read_query(wanted.text, region)
    clauses = said + _filters(wanted)
    if not clauses:
        return []
    found = {
        one.id: one
        for one in await queries.candidates(
            session, clauses, before=_NEWEST, enough=max(limit, ENOUGH), most=RANKED
        )
    }
    if len(found) == RANKED and said:  # older contacts may fit better: those that have the words whole
        exact = whole(said) + _filters(wanted)
        found |= {
            one.id: one
            for one in await queries.candidates(session, exact, before=_NEWEST, enough=limit, most=_EXACT)
        }
    best = rank(list(found.values()), [one.said for one in said])[:limit]
    contacts = await load_contacts(session, [ContactId(id_) for id_ in best])
    companies = [one.id for one in contacts if one.said.kind is ContactKind.COMPANY]
    people = await session.run_sync(lambda sync: people_of(sync, companies)) if companies else {}
    return [
        Hit(contact, why)
        for contact in contacts
        if (why := _reasons(_fields(contact, people.get(contact.id, ())), said)) is not None
    ]


async def page(
    session: AsyncSession, wanted: Wanted, *, before: ContactId | None = None, limit: int, region: str
) -> Page:
    """Contacts that match, the newest first, page by page; without any word or filter, all contacts.

    Args:
        session: that reads.
        wanted: what is asked for.
        before: where the page before ended; None at the beginning.
        limit: how many at most, 1..1000.
        region: ISO 3166 code of the country for numbers without a country code.
    """
    clauses = read_query(wanted.text, region) + _filters(wanted)
    if clauses:
        ids = await queries.newest_matching(session, clauses, before or _NEWEST, limit + 1)
    else:
        ids = await queries.newest(session, before or _NEWEST, limit + 1)
    contacts = await load_contacts(session, [ContactId(id_) for id_ in ids[:limit]])
    return Page(contacts, ContactId(ids[limit - 1]) if len(ids) > limit else None)


async def every(engine: AsyncEngine, wanted: Wanted, region: str) -> AsyncIterator[list[int]]:
    """Ids of all contacts that match, the newest first, a few at a time; each part is read by itself.

    Args:
        engine: the database.
        wanted: what is asked for; without any word or filter, all contacts.
        region: ISO 3166 code of the country for numbers without a country code.
    """
    clauses = read_query(wanted.text, region) + _filters(wanted)
    high = _NEWEST
    while True:
        async with reading(engine) as session:
            last = await queries.newest_below(session, high)
            if last is None:
                return
            low = max(0, last + 1 - _TOGETHER)
            ids = await queries.matching_between(session, clauses, low, last + 1)
        high = low
        if ids:
            yield ids


def asks_nothing(wanted: Wanted, region: str) -> bool:
    """Whether there is neither a word nor a filter."""
    return not read_query(wanted.text, region) and not _filters(wanted)


def _filters(wanted: Wanted) -> tuple[Clause, ...]:
    kinds = [kind_term(wanted.kind)] if wanted.kind is not None else []
    values = [value_filter(code, value) for code, value in wanted.values]
    return filters([*kinds, *map(tag_term, wanted.tags), *values])


def _fields(contact: Contact, people: Sequence[str]) -> Sequence[Field]:
    return fields_of(
        contact.said,
        Belongings(
            numbers=[phone.e164 for phone in contact.said.phones],
            emails=[email.address for email in contact.said.emails],
            values=contact.said.fields,
            employer=contact.employer_name,
            people=people,
        ),
    )


def _reasons(fields: Sequence[Field], said: Sequence[Clause]) -> list[Reason] | None:
    """The fields that fulfil the clauses; None: one clause is fulfilled by no single field."""
    reasons: list[Reason] = []
    for clause in said:
        field = next((field for field in fields if fulfils(field.terms, clause)), None)
        if field is None:
            return None
        reasons.append(Reason(field.name, field.value))
    return list(dict.fromkeys(reasons))
