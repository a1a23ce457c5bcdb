"""Two contacts become one that has lost nothing, and two again, exactly."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from app.crm.consents.tables import ConsentRow
from app.crm.contacts.drafts import ContactDraft, Phone
from app.crm.contacts.errors import ContactUnknown
from app.crm.contacts.queries import ids_by_external_id
from app.crm.contacts.service import get_contact, update_contact
from app.crm.custom_fields.service import make_field
from app.crm.custom_fields.tables import CustomFieldFields, CustomFieldKind, Titles
from app.crm.leads.tables import LeadRow
from app.crm.merging.errors import (
    MergeChangedSince,
    MergeDuringCall,
    MergeFieldUnknown,
    MergeNotLast,
    MergeOfKinds,
    MergeOfOne,
    MergeUndone,
    MergeUnknown,
)
from app.crm.merging.queries import merged_into
from app.crm.merging.references import NOT_MOVED, references, refers
from app.crm.merging.service import merge, merges_of, preview, undo
from app.crm.merging.values import choose
from app.crm.price_lists.service import get_terms, make_price_list, set_terms
from app.crm.price_lists.tables import PriceListFields, TermsFields
from app.crm.tags.service import make_tag, set_tags, tags_of
from app.crm.tags.tables import TagFields
from app.domain.actors import SERVICE
from app.domain.errors import Refusal
from app.domain.ids import ContactId
from app.domain.references import ReferenceUnknown
from app.records.base import metadata, table_of
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.records.tables import CallRow
from tests.records.lists import make_campaign
from tests.records.stories import DAWN

from .pairs import export, make_pair
from .test_contact_search import POHJALA, add, names

KASK = ContactDraft(
    surname="Kask", given_name="Kalle", external_id="a", note="üks", phones=(Phone("5550 0123"),)
)
KAZK = ContactDraft(
    surname="Kazk",
    patronymic="Jaanovitš",
    external_id="b",
    note="kaks",
    phones=(Phone("5550 0123"), Phone("5550 0777")),
)


def test_every_column_that_refers_to_a_contact_is_moved() -> None:
    there = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if refers(column)
    }
    moved = {(one.table.name, one.column) for one in references()}
    assert {name for name, _ in there - moved} == set(NOT_MOVED)
    assert {("call", "contact_id"), ("consent", "contact_id"), ("lead", "contact_id")} <= moved
    for one in references():
        assert one.key, f"rows of {one.table.name} are not known again when their contact changes"


def test_a_value_that_only_one_has_stays() -> None:
    mine, theirs = {"surname": "Tamm", "language": ""}, {"surname": "Tam", "language": "ru"}
    assert [one.wins for one in choose(mine, theirs, [])] == ["Tamm", "ru"]
    assert [one.set_aside for one in choose(mine, theirs, ["surname"])] == ["Tamm", None]


async def test_nothing_is_lost(engine: AsyncEngine) -> None:
    kept, lost = await add(engine, KASK, KAZK)
    campaign = await make_campaign(engine)
    async with writing(engine) as session:
        vip = (await make_tag(session, TagFields(name="VIP"))).id or 0
        await set_tags(session, lost, [vip])
        session.add(CallRow(id="c1", contact_id=lost, arrived_at=DAWN, ended_at=DAWN))
        session.add(
            ConsentRow(word="do_not_call", contact_id=lost, source="x", given_at=DAWN, created_at=DAWN)
        )
        for contact in (kept, lost):
            session.add(
                LeadRow(
                    campaign_id=campaign, contact_id=contact, state="ready", reason="added", created_at=DAWN
                )
            )
    async with writing(engine) as session:
        done = await merge(session, kept, lost, take=["surname"], who=SERVICE, at=DAWN)
    said = done.contact.said
    assert (said.surname, said.given_name, said.patronymic) == ("Kazk", "Kalle", "Jaanovitš")
    assert (said.note, said.external_id) == ("üks\n\nkaks", "a")
    assert [phone.e164 for phone in said.phones] == ["+37255500123", "+37255500777"]
    assert done.set_aside == {"surname": "Kask", "external_id": "b"}
    assert (done.moved["call"], done.moved["consent"]) == (1, 1)
    async with reading(engine) as session:
        assert [tag.id for tag in await tags_of(session, kept)] == [vip]
        assert [(await session.get(CallRow, "c1")).contact_id] == [kept]  # type: ignore[union-attr]
        leads = (await session.scalars(select(LeadRow).order_by(table_of(LeadRow).c.id))).all()
        assert [(lead.contact_id, lead.state, lead.reason) for lead in leads] == [
            (kept, "ready", "added"),
            (None, "done", "merged"),
        ]
        assert await merged_into(session, lost) == kept
        with pytest.raises(ContactUnknown):
            await get_contact(session, lost)
        (listed,) = await merges_of(session, kept)
        assert listed.merged_id == lost
    assert await names(engine, "kazk 0777") == ["Kazk"]


async def test_every_field_can_be_chosen_and_what_is_set_aside_is_told(engine: AsyncEngine) -> None:
    titles = Titles(en="Size", et="Suurus", ru="Размер")
    async with writing(engine) as session:
        for code in ("size", "colour", "since"):
            await make_field(session, code, CustomFieldFields(kind=CustomFieldKind.TEXT), titles, [])
        await make_tag(session, TagFields(name="VIP"))
    mine = replace(
        KASK,
        phones=(Phone("5550 0123", "kodu"), Phone("5550 0456")),
        fields={"size": "a", "colour": "punane"},
    )
    theirs = replace(
        KAZK,
        phones=(Phone("5550 0777", preferred=True), Phone("5550 0123", "töö"), Phone("5550 0456", "suvila")),
        fields={"size": "b", "colour": "sinine", "since": "2020"},
    )
    kept, lost = await add(engine, mine, theirs)
    (firm,) = await add(engine, POHJALA)
    async with writing(engine) as session:
        for contact, discount, list_ in ((kept, "0", 1), (lost, "7.5", 2)):
            made = await make_price_list(session, PriceListFields(name=f"L{list_}"), None, {})
            said = TermsFields(discount=Decimal(discount))
            await set_terms(session, contact, said, made.row.id)
        await update_contact(session, lost, replace(theirs, employer=firm), DAWN, "EE")
    before = await export(engine, kept, lost)
    async with reading(engine) as session:
        shown = {one.field: one for one in await preview(session, kept, lost)}
    assert set(shown) >= {
        "employer",
        "owner",
        "job_title",
        "fields.size",
        "terms.discount",
        "preferred_phone",
    }
    assert (shown["employer"].theirs, shown["fields.since"].wins) == (firm, "2020")
    take = ["fields.size", "preferred_phone", "terms.price_list_id", "external_id"]
    async with writing(engine) as session:
        done = await merge(session, kept, lost, take=take, who=SERVICE, at=DAWN)
    said_ = done.contact.said
    assert (said_.fields, said_.employer) == ({"size": "b", "colour": "punane", "since": "2020"}, firm)
    phones = [(one.e164, one.label, one.preferred) for one in said_.phones]
    assert phones == [
        ("+37255500123", "kodu", False),
        ("+37255500456", "suvila", False),
        ("+37255500777", "", True),
    ]
    aside = {
        "surname": "Kazk",
        "external_id": "a",
        "fields.size": "a",
        "fields.colour": "sinine",
        "terms.price_list_id": 1,
        "phone.+37255500123": "töö",
    }
    assert done.set_aside == aside
    async with reading(engine) as session:
        (listed,) = await merges_of(session, kept)
        assert listed.set_aside == aside
        terms = await get_terms(session, kept)
        assert (terms.price_list_id, terms.discount) == (2, Decimal("7.5"))
        found = await ids_by_external_id(session, ["a", "b"])
        told = (await session.scalars(select(EventRow).where(col(EventRow.kind) == "contact.merged"))).one()
    assert found == {"a": kept, "b": kept}, "nobody makes the contact anew"
    assert (told.after or {})["set_aside"] == aside
    async with writing(engine) as session:
        await undo(session, done.merge, at=DAWN)
    assert repr(await export(engine, kept, lost)) == repr(before)
    async with reading(engine) as session:
        assert await ids_by_external_id(session, ["a", "b"]) == {"a": kept, "b": lost}


async def test_merges_are_undone_exactly(engine: AsyncEngine) -> None:
    """The law, for a few pairs; `python -m bench.merging` tries 10,000."""
    random = Random(5)
    campaigns = [int(await make_campaign(engine, title=title)) for title in ("Üks", "Kaks")]
    async with writing(engine) as session:
        tags = [(await make_tag(session, TagFields(name=f"T{n}"))).id or 0 for n in range(4)]
    for number in range(12):
        async with writing(engine) as session:
            kept, lost = await make_pair(session, random, number, tags=tags, campaigns=campaigns)
        before = await export(engine, kept, lost)
        async with writing(engine) as session:
            done = await merge(session, kept, lost, take=[], who=SERVICE, at=DAWN)
        merged = await export(engine, kept, lost)
        for name in ("call", "attempt", "consent"):
            assert len(merged[name]) == len(before[name])
        assert {row["e164"] for row in merged["phone"]} == {row["e164"] for row in before["phone"]}
        async with writing(engine) as session:
            await undo(session, done.merge, at=DAWN)
        assert repr(await export(engine, kept, lost)) == repr(before)


async def test_a_chain_of_merges_is_undone_from_its_end(engine: AsyncEngine) -> None:
    a, b, c = await add(engine, KASK, KAZK, ContactDraft(surname="Kazkk"))
    before = await export(engine, a, b, c)
    async with writing(engine) as session:
        first = await merge(session, b, a, take=[], who=SERVICE, at=DAWN)
    async with writing(engine) as session:
        second = await merge(session, c, b, take=[], who=SERVICE, at=DAWN)
    async with reading(engine) as session:
        assert (await merged_into(session, a), await merged_into(session, b)) == (c, c)
    with pytest.raises(MergeNotLast):
        async with writing(engine) as session:
            await undo(session, first.merge, at=DAWN)
    for done in (second, first):
        async with writing(engine) as session:
            await undo(session, done.merge, at=DAWN)
    assert repr(await export(engine, a, b, c)) == repr(before)


async def test_what_came_later_stays_or_stands_against_it(engine: AsyncEngine) -> None:
    kept, lost = await add(engine, KASK, KAZK)
    async with writing(engine) as session:
        done = await merge(session, kept, lost, take=[], who=SERVICE, at=DAWN)
    async with writing(engine) as session:
        session.add(CallRow(id="later", contact_id=kept, arrived_at=DAWN, ended_at=DAWN))
        contact = metadata.tables["contact"]
        await session.execute(update(contact).values(last_operator_id=7, last_served_at=DAWN))
    async with writing(engine) as session:
        mine, theirs = await undo(session, done.merge, at=DAWN)
    assert (mine.last_operator, theirs.last_operator) == (7, None)
    async with writing(engine) as session:
        done = await merge(session, kept, lost, take=[], who=SERVICE, at=DAWN)
    async with writing(engine) as session:
        await update_contact(session, kept, KASK, DAWN, "EE")
    with pytest.raises(MergeChangedSince):
        async with writing(engine) as session:
            await undo(session, done.merge, at=DAWN)


async def test_what_does_not_fit_is_refused(engine: AsyncEngine) -> None:
    kept, lost, firm = await add(engine, KASK, KAZK, POHJALA)

    async def refused(refusal: type[Refusal], other: ContactId, *, take: tuple[str, ...] = ()) -> None:
        with pytest.raises(refusal):
            async with writing(engine) as session:
                await merge(session, kept, other, take=take, who=SERVICE, at=DAWN)

    await refused(MergeOfOne, kept)
    await refused(MergeOfKinds, firm)
    await refused(ReferenceUnknown, ContactId(999))
    await refused(MergeFieldUnknown, lost, take=("version",))
    async with reading(engine) as session:
        assert [one.field for one in await preview(session, kept, lost)][:2] == ["surname", "given_name"]
    async with writing(engine) as session:
        session.add(CallRow(id="open", contact_id=lost, arrived_at=DAWN))
    await refused(MergeDuringCall, lost)
    async with writing(engine) as session:
        await session.execute(update(table_of(CallRow)).values(ended_at=DAWN))
    with pytest.raises(MergeUnknown):
        async with writing(engine) as session:
            await undo(session, 999, at=DAWN)
    async with writing(engine) as session:
        done = await merge(session, kept, lost, take=[], who=SERVICE, at=DAWN)
        await undo(session, done.merge, at=DAWN)
    with pytest.raises(MergeUndone):
        async with writing(engine) as session:
            await undo(session, done.merge, at=DAWN)
