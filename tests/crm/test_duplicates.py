"""Contacts that are probably the same: the rules by a table, and the pairs in the database."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contacts.drafts import ContactDraft, Phone
from app.crm.contacts.service import update_contact
from app.crm.duplicates.scoring import Identity, compare
from app.crm.duplicates.service import Finder, dismiss, page_duplicates
from app.domain.ids import ContactId
from app.records.engine import reading, writing
from bench.duplicates import PRECISION, RECALL, judge, make_set
from tests.records.stories import DAWN

from .test_contact_search import add

MOBILE, OTHER, HOME = "+37255500123", "+37255500777", "+3726000123"
ANNA = Identity(
    surname="Иванова", given_name="Анна", patronymic="Петровна", mobiles=(MOBILE,), emails=("a@example.ee",)
)
JAAN = Identity(surname="Tamm", given_name="Jaan", mobiles=(MOBILE,), landlines=(HOME,))
FIRM = Identity(company=True, company_name="Põhjala Ehitus OÜ", registry_code="10000001", landlines=(HOME,))

SAME = [
    (ANNA, ANNA),
    (ANNA, Identity(surname="Ivanova", given_name="Anna", mobiles=(MOBILE,))),
    (ANNA, Identity(surname="Ivanova", given_name="Anna", mobiles=(OTHER,), emails=("a@example.ee",))),
    (ANNA, Identity(surname="Ивонова", given_name="Анна", patronymic="Петровна", mobiles=(MOBILE,))),
    (ANNA, Identity(surname="Анна", given_name="Иванова", mobiles=(MOBILE,))),
    (ANNA, Identity(surname="Иванова", given_name="Петровна", patronymic="Анна", mobiles=(MOBILE,))),
    (ANNA, Identity(surname="Ivanova", given_name="Anna", patronymic="Petrovna")),
    (ANNA, Identity(given_name="Anna", mobiles=(MOBILE,))),
    (ANNA, Identity(surname="Ivanova", given_name="Anna", mobiles=("+37255500132",))),
    (FIRM, Identity(company=True, company_name="AS Ehitus Põhjala", registry_code="10000001")),
    (FIRM, Identity(company=True, company_name="Pohjala Ehitus")),
    (FIRM, Identity(company=True, company_name="Põhjala Ehitsu", landlines=(HOME,))),
]
OTHERS = [
    (ANNA, Identity(surname="Иванова", given_name="Ольга", patronymic="Петровна", mobiles=(MOBILE,))),
    (ANNA, Identity(surname="Иванова", given_name="Анна", patronymic="Ивановна", mobiles=(MOBILE,))),
    (ANNA, Identity(surname="Иванова", given_name="Анна", mobiles=(OTHER,))),
    (ANNA, Identity(surname="Иванова", mobiles=(MOBILE,))),
    (ANNA, Identity(mobiles=(MOBILE,))),
    (JAAN, Identity(surname="Tamm", given_name="Jaan", mobiles=(OTHER,), landlines=(HOME,))),
    (JAAN, Identity(surname="Tamm", given_name="Jaak", mobiles=(MOBILE,))),
    (JAAN, Identity(surname="Tamm", given_name="Mari", landlines=(HOME,))),
    (JAAN, Identity(surname="Tamm", given_name="Jaan")),
    (
        Identity(surname="Petrov", given_name="Aleksandr", landlines=(HOME,)),
        Identity(surname="Petrova", given_name="Aleksandra", landlines=(HOME,)),
    ),
    (
        FIRM,
        Identity(company=True, company_name="Põhjala Ehitus OÜ", registry_code="10000002", landlines=(HOME,)),
    ),
    (FIRM, Identity(company=True, company_name="Lõuna Ehitus OÜ", landlines=(HOME,))),
    (FIRM, Identity(company_name="Põhjala Ehitus OÜ", given_name="Anna", landlines=(HOME,))),
    (FIRM, Identity(company=True, landlines=(HOME,))),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_they_are_the_same(one: Identity, other: Identity) -> None:
    found = compare(one, other)
    assert found is not None
    assert found == compare(other, one)
    assert found.reasons


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_they_are_not(one: Identity, other: Identity) -> None:
    assert compare(one, other) is None
    assert compare(other, one) is None


def test_precision_and_recall_hold_on_an_invented_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.duplicates.CONTACTS", 400)
    precision, recall = judge(make_set(8), lambda one, other: compare(one, other) is not None)
    assert precision >= PRECISION
    assert recall >= RECALL


async def found(engine: AsyncEngine) -> list[tuple[int, int]]:
    finder = Finder(engine, "EE", lambda: DAWN)
    while await finder.step():
        pass
    pairs, after = [], None
    while True:
        async with reading(engine) as session:
            some, after = await page_duplicates(session, contact=None, after=after, limit=1)
        pairs += [(pair.one.id, pair.other.id) for pair in some]
        if after is None:
            return sorted(pairs)


async def test_they_are_found_dismissed_for_good_and_forgotten_when_they_change(engine: AsyncEngine) -> None:
    anna = ContactDraft(surname="Иванова", given_name="Анна", phones=(Phone("5550 0123"),))
    latin = ContactDraft(
        surname="Ivanova", given_name="Anna", phones=(Phone("5550 0123"), Phone("5550 0777"))
    )
    firm = ContactDraft(company_name="Põhjala Ehitus OÜ", surname="Ehitus", given_name="Põhjala")
    one, other, _, third = await add(engine, anna, latin, firm, anna)
    assert await found(engine) == [(one, other), (one, third), (other, third)]
    async with reading(engine) as session:
        (pair, *_), _ = await page_duplicates(session, contact=ContactId(one), after=None, limit=20)
    assert pair.row.reasons[-1]["what"] == "name"
    async with writing(engine) as session:
        pairs, _ = await page_duplicates(session, contact=ContactId(other), after=None, limit=20)
        for some in pairs:
            await dismiss(session, some.row.id or 0, user=None, at=DAWN)
    assert await found(engine) == [(one, third)]
    async with writing(engine) as session:
        await update_contact(session, other, latin, DAWN, "EE")
        await update_contact(session, third, ContactDraft(surname="Kask"), DAWN, "EE")
    assert await found(engine) == []
