"""Random pairs of contacts with everything that may belong to them, for the law of merging."""

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any, Final

from sqlalchemy import Column, Table, TypeDecorator, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.attempts.tables import AttemptRow
from app.crm.consents.tables import ConsentRow
from app.crm.contacts.drafts import ContactDraft, Phone
from app.crm.contacts.service import create_contact
from app.crm.duplicates.tables import DuplicateRow
from app.crm.leads.tables import LeadRow
from app.crm.merging.references import references
from app.crm.tags.service import set_tags
from app.domain.ids import ContactId
from app.records.base import Money, metadata, table_of
from app.records.engine import reading
from app.records.tables import CallRow
from bench.people import make_people
from tests.records.stories import DAWN

Export = dict[str, list[dict[str, Any]]]
BY_HAND: Final = frozenset(
    {"contact", "phone", "contact_tag", "call", "attempt", "consent", "lead", "contact_merge", "event"}
)
"""Tables that `make_pair` fills, or that a merge itself writes."""
_numbers: Final = count(1)


async def make_pair(
    session: AsyncSession, random: Random, number: int, *, tags: list[int], campaigns: list[int]
) -> tuple[ContactId, ContactId]:
    """Two contacts, each with some of everything, and some of it in common."""
    numbers = [f"+372555{random.randrange(10_000):04}" for _ in range(4)]
    made: list[ContactId] = []
    for side, person in enumerate(make_people(2, random.randrange(2**30))):
        phones = random.sample(numbers, random.randrange(4))
        draft = ContactDraft(
            surname=person.surname or "Tamm",
            given_name=random.choice(("", person.given_name)),
            patronymic=person.patronymic,
            company_name=random.choice(("", "Põhjala OÜ")),
            note=random.choice(("", "Eelistab e-posti.\n😀", "перезвонить")),
            external_id=random.choice((None, f"x-{number}-{side}")),
            language=random.choice(("", "et", "ru")),
            phones=tuple(Phone(one, random.choice(("", "kodu"))) for one in phones),
        )
        contact = (await create_contact(session, draft, DAWN, "EE")).id
        made.append(contact)
        await set_tags(session, contact, random.sample(tags, random.randrange(len(tags))))
        for each in range(random.randrange(3)):
            key = f"{number}-{side}-{each}"
            session.add(CallRow(id=f"call-{key}", contact_id=contact, arrived_at=DAWN, ended_at=DAWN))
            session.add(
                AttemptRow(
                    id=f"attempt-{key}",
                    campaign_id=campaigns[0],
                    lead_id=each,
                    contact_id=contact,
                    position=0,
                    number=numbers[0],
                    mode="ratio",
                    placed_at=DAWN,
                )
            )
            word = random.choice(("consent", "do_not_call"))
            session.add(
                ConsentRow(word=word, contact_id=contact, source="call", given_at=DAWN, created_at=DAWN)
            )
        await session.flush()
        for one in references():
            if one.table.name not in BY_HAND and random.random() < 0.5:
                await put_row(session, one.table, {one.column: contact})
        for campaign in random.sample(campaigns, random.randrange(len(campaigns) + 1)):
            session.add(
                LeadRow(
                    campaign_id=campaign, contact_id=contact, state="ready", reason="added", created_at=DAWN
                )
            )
    await session.flush()
    if random.random() < 0.5:
        pair = {"contact_id": min(made), "other_id": max(made), "score": 95, "reasons": [], "found_at": DAWN}
        await session.execute(insert(table_of(DuplicateRow)).values(pair))
    if random.random() < 0.5:
        made.reverse()
    return made[0], made[1]


async def put_row(session: AsyncSession, table: Table, said: dict[str, Any]) -> Any:
    """A row of any table, with something in each column that needs it; returns its first key.

    So what a later subject keeps of a contact is merged and parted here, too.
    """
    values = dict(said)
    for column in table.columns:
        given = column.nullable or column.default is not None or column.server_default is not None
        serial = column.primary_key and column.autoincrement is not False and not column.foreign_keys
        if column.name in said or given or (serial and issubclass(_kept_as(column), int)):
            continue
        values[column.name] = await _something(session, column)
    done = await session.execute(insert(table).values(values).returning(*table.primary_key.columns))
    return done.one()[0]


async def _something(session: AsyncSession, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        there = (await session.execute(select(key.column).limit(1))).scalar()
        return there if there is not None else await put_row(session, key.column.table, {})
    number = next(_numbers)
    if isinstance(column.type, Money):
        return Decimal(number)
    kind = _kept_as(column)
    plain = {bool: False, datetime: DAWN, date: DAWN.date(), object: {}}  # JSON is kept as any object
    if kind is str:
        return str(number)[-(getattr(column.type, "length", None) or 20) :]
    return plain[kind] if kind in plain else kind(number)


def _kept_as(column: Column[Any]) -> type[Any]:
    type_ = column.type
    while isinstance(type_, TypeDecorator):
        type_ = type_.impl_instance
    return type_.python_type


async def export(engine: AsyncEngine, *contacts: int) -> Export:
    """Every row of the database that belongs to some contacts, except what a merge itself writes."""
    rows: Export = {}
    async with reading(engine) as session:
        contact = metadata.tables["contact"]
        asked = [(contact, contact.c.id.in_(contacts))]
        asked += [(one.table, one.table.c[one.column].in_(contacts)) for one in references()]
        duplicate, search = metadata.tables["duplicate"], metadata.tables["contact_search"]
        asked += [
            (duplicate, duplicate.c.contact_id.in_(contacts)),
            (search, search.c.contact_id.in_(contacts)),
        ]
        for table, condition in asked:
            if table.name not in {"event", "contact_merge"}:
                found = await session.execute(
                    select(table).where(condition).order_by(*table.primary_key.columns)
                )
                rows[table.name] = rows.get(table.name, []) + [dict(row) for row in found.mappings()]
    return rows
