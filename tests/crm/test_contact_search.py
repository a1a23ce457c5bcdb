"""The one search over all contacts, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contact_search import upkeep
from app.crm.contact_search.asked import fulfils, read_query
from app.crm.contact_search.fields import load
from app.crm.contact_search.queries import outdated
from app.crm.contact_search.ranking import Candidate, rank
from app.crm.contact_search.service import Wanted, find, page
from app.crm.contact_search.tables import ContactSearchRow
from app.crm.contact_search.terms import address_terms, name_terms, number_terms
from app.crm.contacts.drafts import ContactDraft, Email, Phone
from app.crm.contacts.removal import remove_contact
from app.crm.contacts.service import create_contact, update_contact
from app.crm.contacts.tables import ContactKind, ContactRow
from app.crm.custom_fields.service import make_field
from app.crm.custom_fields.tables import CustomFieldFields, CustomFieldKind, Titles
from app.crm.tags.service import make_tag, set_tags
from app.crm.tags.tables import TagFields
from app.domain.ids import ContactId
from app.records.base import table_of
from app.records.engine import reading, writing
from tests.records.stories import DAWN

MARI = ContactDraft(
    surname="Õunapuu",
    given_name="Mari-Liis",
    external_id="crm-1007",
    phones=(Phone("5550 0123", "mobiil"), Phone("201", "sise")),
)
ANNA = ContactDraft(
    surname="Иванова", given_name="Юлия", patronymic="Петровна", phones=(Phone("+372 5550 0198"),)
)
MIHHAIL = ContactDraft(surname="Tšernov", given_name="Mihhail", company_name="100% Põhjala OÜ")
POHJALA = ContactDraft(kind=ContactKind.COMPANY, company_name="100% Põhjala OÜ", phones=(Phone("600 0456"),))
EVERYBODY = (MARI, ANNA, MIHHAIL, POHJALA)


async def add(engine: AsyncEngine, *drafts: ContactDraft) -> list[ContactId]:
    async with writing(engine) as session:
        return [(await create_contact(session, draft, DAWN, "EE")).id for draft in drafts]


async def names(engine: AsyncEngine, typed: str, **wanted: object) -> list[str]:
    async with reading(engine) as session:
        hits = await find(session, Wanted(typed, **wanted), limit=20, region="EE")  # type: ignore[arg-type]
    return [hit.contact.said.surname or hit.contact.name for hit in hits]


FOUND: Sequence[tuple[str, list[str]]] = [
    ("ounapuu", ["Õunapuu"]),
    ("ÕUNA", ["Õunapuu"]),
    ("liis õun", ["Õunapuu"]),
    ("mariliis", ["Õunapuu"]),
    ("mari-l", ["Õunapuu"]),
    ("ivanova", ["Иванова"]),
    ("иванова петр", ["Иванова"]),
    ("julia", ["Иванова"]),
    ("Yuliya Ivanova", ["Иванова"]),
    ("iuliia", ["Иванова"]),
    ("михаил чернов", ["Tšernov"]),
    ("mikhail chernov", ["Tšernov"]),
    ("hernov", []),
    ("pohjala", ["100% Põhjala OÜ", "Tšernov"]),
    ("põhjala mihhail", ["Tšernov"]),
    ("100%", ["100% Põhjala OÜ", "Tšernov", "Õunapuu"]),
    ("5550", ["Иванова", "Õunapuu"]),
    ("+372 5550 01", ["Иванова", "Õunapuu"]),
    ("00372 5550 0123", ["Õunapuu"]),
    ("0123", ["Õunapuu"]),
    ("500123", ["Õunapuu"]),
    ("5000123", []),
    ("50 0123", ["Õunapuu"]),
    ("20", ["Õunapuu"]),
    ("crm-1007", ["Õunapuu"]),
    ("1007", ["Õunapuu"]),
    ("mari 5550", ["Õunapuu"]),
    ("0456 pohj", ["100% Põhjala OÜ"]),
    ("999", []),
    ("%", []),
    ("_", []),
    ('"', []),
    ("'; --", []),
    ("\\ * ( AND ~#@:", []),
    ("", []),
]


async def test_it_finds_by_any_alphabet_order_and_part_of_a_number(engine: AsyncEngine) -> None:
    await add(engine, *EVERYBODY)
    for typed, expected in FOUND:
        assert sorted(await names(engine, typed)) == sorted(expected), typed


async def test_it_says_why(engine: AsyncEngine) -> None:
    await add(engine, *EVERYBODY)
    async with reading(engine) as session:
        (hit,) = await find(session, Wanted("0123 ounap"), limit=20, region="EE")
        (company,) = await find(session, Wanted("põhj 0456"), limit=20, region="EE")
    assert [tuple(one) for one in hit.reasons] == [("phones", "+37255500123"), ("surname", "Õunapuu")]
    assert [one.field for one in company.reasons] == ["company_name", "phones"]


async def test_it_filters_by_kind_and_tags(engine: AsyncEngine) -> None:
    mari, anna, *_ = await add(engine, *EVERYBODY)
    async with writing(engine) as session:
        vip = (await make_tag(session, TagFields(name="VIP"))).id or 0
        old = (await make_tag(session, TagFields(name="Vana"))).id or 0
        await set_tags(session, mari, [vip, old])
        await set_tags(session, anna, [vip])
    assert await names(engine, "", tags=(vip,)) == ["Иванова", "Õunapuu"]
    assert await names(engine, "5550", tags=(vip, old)) == ["Õunapuu"]
    assert await names(engine, "pohjala", kind=ContactKind.PERSON) == ["Tšernov"]
    async with writing(engine) as session:
        await set_tags(session, anna, [])
    assert await names(engine, "", tags=(vip,)) == ["Õunapuu"]


async def test_the_index_follows_each_change_in_its_transaction(engine: AsyncEngine) -> None:
    (mari,) = await add(engine, MARI)
    async with writing(engine) as session:
        await update_contact(
            session, mari, ContactDraft(surname="Kask", phones=(Phone("5550 0777"),)), DAWN, "EE"
        )
    assert (await names(engine, "ounapuu"), await names(engine, "0123")) == ([], [])
    assert await names(engine, "kask 0777") == ["Kask"]
    async with writing(engine) as session:
        await create_contact(session, ANNA, DAWN, "EE")
        await session.flush()
        await session.rollback()
    assert await names(engine, "ivanova") == []
    async with writing(engine) as session:
        await remove_contact(session, mari)
    assert await names(engine, "kask") == []
    if engine.dialect.name == "sqlite":
        async with engine.begin() as connection:
            await connection.execute(
                text("INSERT INTO contact_term (contact_term, rank) VALUES ('integrity-check', 1)")
            )


async def test_pages_have_all_that_match_the_newest_first(engine: AsyncEngine) -> None:
    made = await add(engine, *(ContactDraft(surname=f"Tamm{number % 4}") for number in range(10)), ANNA)
    for typed, expected in (("tamm", made[9::-1]), ("", made[::-1])):
        seen: list[ContactId] = []
        before = None
        while True:
            async with reading(engine) as session:
                some = await page(session, Wanted(typed), before=before, limit=3, region="EE")
            seen += [contact.id for contact in some.contacts]
            before = some.next
            if before is None:
                break
        assert seen == expected


async def test_pages_of_what_is_too_frequent_to_gather_have_all_the_newest_first(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, least in (("RECENT", 1), ("GATHERED", 4), ("WALKED", 2)):
        monkeypatch.setattr(f"app.crm.contact_search.queries.{name}", least)
    made = await add(engine, *(ContactDraft(surname="Tamm") for _ in range(9)), ANNA, MARI)
    seen: list[ContactId] = []
    before = None
    while before is not None or not seen:
        async with reading(engine) as session:
            some = await page(session, Wanted("tamm"), before=before, limit=2, region="EE")
        seen += [contact.id for contact in some.contacts]
        before = some.next
    assert seen == made[8::-1]


async def test_old_and_rare_contacts_are_found_among_many_new_ones(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("queries.RECENT", "service.RANKED", "service.ENOUGH"):
        monkeypatch.setattr(f"app.crm.contact_search.{name}", 3)
    await add(engine, MARI, *(ContactDraft(surname=f"Õunapuuaed{n}", given_name="Mari") for n in range(6)))
    assert "Õunapuu" in await names(engine, "ounapuu mari liis")
    assert (await names(engine, "ounapuu"))[0] == "Õunapuu"  # the whole word comes first, however old


async def test_contacts_of_an_older_version_are_indexed(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await add(engine, *EVERYBODY)
    monkeypatch.setattr(upkeep, "BATCH", 2)
    search, contact = table_of(ContactSearchRow), table_of(ContactRow)
    async with engine.begin() as connection:
        await connection.execute(delete(search).where(search.c.contact_id.in_(ids[:3])))
        await connection.execute(search.update().values(terms="old", form=0))
        assert len((await connection.execute(select(contact.c.id))).all()) == 4
    assert await names(engine, "ounapuu") == []
    assert await upkeep.Indexer(engine).fill() == 4
    assert await upkeep.Indexer(engine).fill() == 0
    assert await names(engine, "ounapuu") == ["Õunapuu"]


async def test_all_people_of_a_company_are_found_by_its_new_name(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("queries.PEOPLE_MOST", "upkeep.PEOPLE_MOST", "upkeep.BATCH"):
        monkeypatch.setattr(f"app.crm.contact_search.{name}", 2)
    (firm,) = await add(engine, POHJALA)
    people = [ContactDraft(surname=f"Tamm{number}", employer=firm) for number in range(5)]
    first, *_ = await add(engine, *people)
    indexer, everybody = upkeep.Indexer(engine), sorted(one.surname for one in people)
    async with writing(engine) as session:
        await update_contact(session, firm, replace(POHJALA, company_name="Lõuna OÜ"), DAWN, "EE")
    assert await indexer.fill(outdated) == 5
    assert sorted(await names(engine, "louna tamm")) == ["Lõuna OÜ", *everybody]
    assert await names(engine, "pohjala") == []
    async with writing(engine) as session:
        await update_contact(session, firm, replace(POHJALA, company_name="Lõuna OÜ", note="uus"), DAWN, "EE")
    assert await indexer.fill(outdated) == 0, "nothing that people are found by has changed"
    assert await names(engine, "tamm0") == ["Tamm0", "Lõuna OÜ"], "a company is found by its people"
    async with writing(engine) as session:
        await remove_contact(session, first)
    assert await names(engine, "tamm0") == []
    async with writing(engine) as session:
        await remove_contact(session, firm)
    assert await indexer.fill(outdated) == 4
    assert await names(engine, "louna") == []


@given(st.text(max_size=300))
@example("00")
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_in_bounds(typed: str) -> None:
    clauses = read_query(typed, "EE")
    assert len(clauses) <= 8
    for clause in clauses:
        assert 1 <= len(clause.any) <= 4
        for term in (term for all_ in clause.any for term in all_):
            assert 0 < len(term.text) <= 41
            assert term.text not in {"#", "~", "@"}, "every contact has one of these"
            assert term.text.isascii()
            assert not set(term.text) & set("\"'\\ *()&|!<>\0")


NAME = st.text(st.characters(categories=("L", "N", "Zs", "Pd")), min_size=1, max_size=20)


async def test_the_inverted_index_finds_each_beginning_alone(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.crm.contact_search.queries.RECENT", 0)
    await add(engine, *EVERYBODY)
    for typed, expected in FOUND:
        assert sorted(await names(engine, typed)) == sorted(expected), typed
    for word in ("ounapuu", "mari", "julia", "55500123", "mari.tamm", "ma 1007", "чернов"):
        for letters in range(1, len(word) + 1):
            alone = await names(engine, word[:letters])
            with monkeypatch.context() as usual:
                usual.setattr("app.crm.contact_search.queries.RECENT", 4_000)
                assert sorted(alone) == sorted(await names(engine, word[:letters])), word[:letters]


@given(NAME, st.integers(1, 20))
@settings(max_examples=200, deadline=None)
def test_a_name_is_found_by_each_beginning_of_it(name: str, letters: int) -> None:
    terms = name_terms(name)
    for clause in read_query(name.strip()[:letters], "EE"):
        if not clause.said.isdecimal():
            assert any(term.startswith(clause.said) for term in terms) or fulfils(terms, clause)


@given(st.text("0123456789", min_size=7, max_size=14), st.data())
def test_a_number_is_found_by_any_part_of_it(digits: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(digits) - 2))
    part = digits[start : data.draw(st.integers(start + 2, len(digits)))]
    (clause,) = read_query(part, "EE")
    if not part.startswith("00"):
        assert fulfils(number_terms(digits), clause)


def test_an_address_is_found_by_its_beginning_its_domain_and_its_words() -> None:
    terms = address_terms("Mari.Tamm@example.ee")
    for typed in ("mari.t", "mari.tamm@ex", "MARI.TAMM@EXAMPLE.EE", "@example", "tamm mari"):
        assert all(fulfils(terms, clause) for clause in read_query(typed, "EE")), typed
    assert not any(fulfils(terms, clause) for clause in read_query("tamm@example.ee", "EE"))


def test_ranking_does_not_depend_on_the_order_found() -> None:
    found = [
        Candidate(1, "tamm mari"),
        Candidate(2, "tammsaar mari"),
        Candidate(3, "mari tamm"),
        Candidate(4, "kask"),
        Candidate(5, "tamm mari"),
    ]
    assert {tuple(rank(list(some), ["tamm", "mar"])) for some in permutations(found)} == {(5, 3, 1, 2, 4)}


async def test_what_is_loaded_has_an_end(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.crm.contact_search.fields.TERMS_MOST", 20)
    (long,) = await add(
        engine, ContactDraft(surname="Tamm", phones=tuple(Phone(f"5550 01{n:02}") for n in range(9)))
    )
    async with reading(engine) as session:
        found = await session.run_sync(lambda sync: load(sync, [long, 999]))
    assert list(found) == [long]
    terms = found[long].terms.split()
    assert (len(terms), terms[0], terms[-1]) == (20, "tamm", ":kind:person")


async def test_it_finds_by_addresses_codes_company_and_custom_fields(engine: AsyncEngine) -> None:
    async with writing(engine) as session:
        titles = Titles(en="Size", et="Suurus", ru="Размер")
        await make_field(session, "size", CustomFieldFields(kind=CustomFieldKind.TEXT), titles, [])
    (firm,) = await add(engine, replace(POHJALA, registry_code="10000001"))
    mari = replace(MARI, emails=(Email("Mari@Example.ee"),), employer=firm, fields={"size": "Väga suur"})
    await add(engine, mari)
    for typed, expected in (
        ("mari@ex", ["Õunapuu"]),
        ("@example", ["Õunapuu"]),
        ("10000001", ["100% Põhjala OÜ"]),
        ("vaga suur", ["Õunapuu"]),
        ("ounapuu", ["Õunapuu", "100% Põhjala OÜ"]),
        ("pohjala ounap", ["Õunapuu", "100% Põhjala OÜ"]),
    ):
        assert sorted(await names(engine, typed)) == sorted(expected), typed
    assert await names(engine, "", values=(("size", "väga SUUR"),)) == ["Õunapuu"]
    async with writing(engine) as session:
        await update_contact(
            session, firm, replace(POHJALA, registry_code="10000001", company_name="Lõuna OÜ"), DAWN, "EE"
        )
    assert sorted(await names(engine, "louna mari")) == ["Lõuna OÜ", "Õunapuu"]
