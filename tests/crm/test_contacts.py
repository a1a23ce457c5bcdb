from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contacts.drafts import ContactDraft, Phone
from app.crm.contacts.errors import ContactUnknown, ContactUnnamed, ExternalIdTaken
from app.crm.contacts.lookup import Lookup, Match
from app.crm.contacts.removal import remove_contact
from app.crm.contacts.service import Contact, create_contact, get_contact, update_contact
from app.crm.contacts.tables import ContactKind, ContactRow
from app.domain.ids import ContactId, OperatorId
from app.records.engine import reading, writing
from app.records.tables import CallEventRow, CallRow
from tests.records.stories import DAWN

MARI = ContactDraft(
    surname="Õunapuu",
    given_name="Mari-Liis",
    external_id="crm-1",
    note="eelistab e-posti",
    language="et",
    phones=(Phone("5550 0123", "mobiil"), Phone("201", "sise")),
)
ANNA = ContactDraft(
    surname="Королёва", given_name="Анна", patronymic="Петровна", phones=(Phone("+372 5550 0123"),)
)
POHJALA = ContactDraft(
    kind=ContactKind.COMPANY, company_name="100% Põhjala OÜ", surname="Tamm", phones=(Phone("5550 0456"),)
)


async def add(engine: AsyncEngine, *drafts: ContactDraft) -> list[Contact]:
    async with writing(engine) as session:
        return [await create_contact(session, draft, DAWN, "EE") for draft in drafts]


async def test_contact_comes_back_as_it_went(engine: AsyncEngine) -> None:
    (mari,) = await add(engine, MARI)
    async with reading(engine) as session:
        assert await get_contact(session, mari.id) == mari
        with pytest.raises(ContactUnknown):
            await get_contact(session, ContactId(mari.id + 1))
    assert mari.name == "Õunapuu Mari-Liis"
    assert [(phone.raw, phone.e164, phone.label) for phone in mari.said.phones] == [
        ("5550 0123", "+37255500123", "mobiil"),
        ("201", "201", "sise"),
    ]
    assert (mari.created_at, mari.updated_at) == (DAWN, DAWN)


async def test_contact_is_changed_whole(engine: AsyncEngine) -> None:
    (mari,) = await add(engine, MARI)
    later = DAWN + timedelta(days=1)
    draft = ContactDraft(
        surname="Tamm", phones=(Phone("5550 0456"), Phone("+37255500456"), Phone(" "), Phone("5550 0123"))
    )
    async with writing(engine) as session:
        changed = await update_contact(session, mari.id, draft, later, "EE")
        with pytest.raises(ContactUnknown):
            await update_contact(session, ContactId(mari.id + 1), draft, later, "EE")
    assert [phone.e164 for phone in changed.said.phones] == ["+37255500456", "+37255500123"]
    assert (changed.name, changed.said.external_id) == ("Tamm", None)
    assert (changed.created_at, changed.updated_at) == (DAWN, later)


async def test_contact_needs_a_name_and_an_external_id_of_its_own(engine: AsyncEngine) -> None:
    await add(engine, MARI, ANNA, POHJALA)
    with pytest.raises(ContactUnnamed):
        await add(engine, ContactDraft(kind=ContactKind.COMPANY, surname="Tamm"))
    with pytest.raises(ExternalIdTaken):
        await add(engine, MARI)


async def test_removed_contact_is_gone_and_its_id_never_returns(engine: AsyncEngine) -> None:
    (mari,) = await add(engine, MARI)
    async with writing(engine) as session:
        await remove_contact(session, mari.id)
        with pytest.raises(ContactUnknown):
            await remove_contact(session, mari.id)
    assert await Lookup(engine, "EE").identify("55500123") == ()
    (again,) = await add(engine, MARI)
    assert again.id > mari.id


async def test_timelines_of_calls_lose_the_name_of_a_removed_contact(engine: AsyncEngine) -> None:
    (mari, anna) = await add(engine, MARI, ANNA)
    lines = [
        ("own", mari.id, "", mari.id),
        ("from the number", anna.id, "+37255500123", mari.id),
        ("another's", anna.id, "+37255500123", anna.id),
        ("of nobody", None, "+37255500123", None),
    ]
    async with writing(engine) as session:
        for call, contact, number, known in lines:
            session.add(CallRow(id=call, contact_id=contact, caller_number=number, arrived_at=DAWN))
            said = {"name": "Somebody", "contact": known, "matches": [mari.id, anna.id]}
            session.add(CallEventRow(call_id=call, seq=1, at=DAWN, kind="CallerKnown", data=said))
    async with writing(engine) as session:
        await remove_contact(session, mari.id)
    async with reading(engine) as session:
        told = {row.call_id: row.data for row in await session.scalars(select(CallEventRow))}
    nameless = {"name": "", "contact": mari.id, "matches": [mari.id]}
    assert told["own"] == told["from the number"] == nameless
    assert told["another's"]["name"] == told["of nobody"]["name"] == "Somebody"


async def test_lookup_names_the_last_served_first(engine: AsyncEngine) -> None:
    mari, anna, _ = await add(engine, MARI, ANNA, POHJALA)
    lookup = Lookup(engine, "EE")
    nobody = None
    assert await lookup.identify("37255500123") == (
        Match(mari.id, "Õunapuu Mari-Liis", nobody),
        Match(anna.id, "Королёва Анна Петровна", nobody),
    )
    async with writing(engine) as session:
        row = await session.get(ContactRow, anna.id)
        assert row is not None
        row.last_operator_id, row.last_served_at = 7, DAWN
    assert [match.contact for match in await lookup.identify("55500123")] == [anna.id, mari.id]
    assert (await lookup.identify("+37255500123"))[0].last_operator == OperatorId(7)
    assert [match.name for match in await lookup.identify("55500456")] == ["100% Põhjala OÜ"]
    assert [match.contact for match in await lookup.identify("201")] == [mari.id]
    assert await lookup.identify("") == await lookup.identify("anonymous") == ()


async def test_lookup_is_bounded(engine: AsyncEngine) -> None:
    await add(engine, *(ANNA for _ in range(12)))
    assert len(await Lookup(engine, "EE").identify("55500123")) == 10


async def test_lookup_uses_the_index(engine: AsyncEngine, backend: str) -> None:
    sql = "SELECT contact.id FROM contact JOIN phone ON phone.contact_id = contact.id WHERE phone.e164 = '1'"
    async with engine.connect() as connection:
        if backend == "sqlite":
            plan = await connection.execute(text(f"EXPLAIN QUERY PLAN {sql}"))
        else:
            await connection.execute(text("SET enable_seqscan = off"))  # it scans a small table
            plan = await connection.execute(text(f"EXPLAIN {sql}"))
        assert any("ix_phone_e164_contact_id" in str(row) for row in plan)
