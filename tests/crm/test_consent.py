"""Consents and do-not-calls on both databases: what holds, from when, for whom; lists; forgetting a contact."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from app.compliance.dial_facts import ConsentKind, Said
from app.compliance.eligibility import DialRule
from app.compliance.recycling import LeadState
from app.crm.campaigns.tables import CampaignRow
from app.crm.consents import queries
from app.crm.consents.errors import ConsentUnfit, ConsentUnknown
from app.crm.consents.queries import ConsentFilter
from app.crm.consents.service import (
    ConsentDraft,
    LookUp,
    consents_for,
    look_up,
    withdraw,
    write_down,
    write_down_many,
)
from app.crm.consents.tables import ConsentRow
from app.crm.contacts.drafts import ContactDraft, Phone
from app.crm.contacts.removal import remove_contact
from app.crm.contacts.service import Contact, create_contact
from app.crm.leads.adding import Duplicate
from app.crm.leads.tables import LeadRow
from app.domain.campaigns import Purpose
from app.domain.ids import CampaignId, ContactId
from app.domain.numbers import NumberKind
from app.domain.references import ReferenceUnknown
from app.lists.draft import DraftNumber, LeadDraft
from app.numbers.errors import NumberUnreadable
from app.records.engine import reading, writing
from tests.records.lists import fill, lead_row, make_campaign
from tests.records.stories import DAWN

NUMBER, OTHER = "+37255500123", "+37255500456"
NO = ConsentDraft(ConsentKind.DO_NOT_CALL, "call", number="5550 0123")
HOUR = timedelta(hours=1)


async def say(engine: AsyncEngine, *drafts: ConsentDraft) -> list[int]:
    async with writing(engine) as session:
        rows = [
            row for draft in drafts for row in await write_down(session, draft, user=1, at=DAWN, region="EE")
        ]
        return [row.id or 0 for row in rows]


async def known(engine: AsyncEngine, *numbers: str) -> Contact:
    async with writing(engine) as session:
        draft = ContactDraft(surname="Tamm", phones=tuple(Phone(number) for number in numbers))
        return await create_contact(session, draft, DAWN, "EE")


async def words(engine: AsyncEngine, number: str, contact: ContactId | None = None) -> list[ConsentKind]:
    async with reading(engine) as session:
        return [said.word for said in await consents_for(session, number, contact)]


async def asked(engine: AsyncEngine, number: str, **about: object) -> LookUp:
    async with reading(engine) as session:
        return await look_up(session, number, **({"at": DAWN, "region": "EE"} | about))  # type: ignore[arg-type]


async def test_what_was_said_comes_back(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    draft = ConsentDraft(
        ConsentKind.CONSENT,
        "web form",
        number="5550 0123",
        purpose=Purpose.SURVEY,
        campaign=campaign,
        note="tingimused 4",
        given_at=DAWN - HOUR,
        until=DAWN + HOUR,
    )
    (id_,) = await say(engine, draft)
    async with reading(engine) as session:
        row = await queries.get_consent(session, id_)
        said = await consents_for(session, NUMBER)
    assert row is not None
    assert (row.number, row.source, row.note, row.user_id) == (NUMBER, "web form", "tingimused 4", 1)
    assert said == (
        Said(
            ConsentKind.CONSENT,
            DAWN - HOUR,
            until=DAWN + HOUR,
            purpose=Purpose.SURVEY,
            campaign=campaign,
            source="web form",
        ),
    )


@pytest.mark.parametrize(
    "draft",
    [
        ConsentDraft(ConsentKind.CONSENT, "call"),
        ConsentDraft(ConsentKind.CONSENT, "call", number="5550 0123", contact=ContactId(1)),
        ConsentDraft(ConsentKind.CONSENT, "call", number="5550 0123", until=DAWN),
        ConsentDraft(
            ConsentKind.CONSENT, "call", number="5550 0123", given_at=DAWN + HOUR, until=DAWN + HOUR
        ),
    ],
)
async def test_what_says_nothing_is_refused(engine: AsyncEngine, draft: ConsentDraft) -> None:
    with pytest.raises(ConsentUnfit):
        await say(engine, draft)


@pytest.mark.parametrize(
    "draft",
    [
        ConsentDraft(ConsentKind.CONSENT, "call", contact=ContactId(99)),
        ConsentDraft(ConsentKind.CONSENT, "call", number="5550 0123", campaign=CampaignId(99)),
    ],
)
async def test_of_whom_or_for_what_there_is_not_is_refused(engine: AsyncEngine, draft: ConsentDraft) -> None:
    with pytest.raises(ReferenceUnknown):
        await say(engine, draft)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("\u202a+372 5550 0002\u202c", ["+37255500002"]),
        ("+37255500457 (Mari)", ["+37255500457"]),
        ("tel. 5550 0458", ["+37255500458"]),
        ("358401234567", ["+358401234567"]),
        ("+372 5553 0401, +372 5553 0402", ["+37255530401", "+37255530402"]),
        ("+372 5553 2001 ext 5", ["+37255532001"]),
        ("5550 0\x00459", ["+37255500459"]),
    ],
)
async def test_a_no_holds_for_each_number_that_was_typed(
    engine: AsyncEngine, typed: str, numbers: list[str]
) -> None:
    """From that moment, for whoever dials it; and looking the same text up says so."""
    assert len(await say(engine, replace(NO, number=typed))) == len(numbers)
    for number in numbers:
        assert await words(engine, number) == [ConsentKind.DO_NOT_CALL]
    found = await asked(engine, typed)
    assert (list(found.numbers), found.may_not_be_called) == (numbers, True)
    assert len(found.holds) == len(numbers)


@pytest.mark.parametrize(
    "typed", ["", "  ", "abc", "37126", "112", "5123456-2", "5550 0123, abc 12", "512 3456/7"]
)
async def test_a_no_that_would_stop_nobody_is_refused(engine: AsyncEngine, typed: str) -> None:
    with pytest.raises(NumberUnreadable):
        await say(engine, replace(NO, number=typed))
    if typed != "112":  # what kind of number it is can be asked
        with pytest.raises(NumberUnreadable):
            await asked(engine, typed)
    async with reading(engine) as session:
        assert await queries.page_consents(session, ConsentFilter(removed=None)) == []


async def test_what_an_older_version_took_is_shown_as_unreadable(engine: AsyncEngine) -> None:
    async with writing(engine) as session:
        for number in ("abc", NUMBER):
            await queries.add_consent(
                session,
                ConsentRow(word="do_not_call", number=number, source="x", given_at=DAWN, created_at=DAWN),
            )
    async with reading(engine) as session:
        (row,) = await queries.page_consents(session, ConsentFilter(unreadable=True))
    assert row.number == "abc"


async def test_a_row_is_about_a_number_or_a_contact(engine: AsyncEngine) -> None:
    with pytest.raises(IntegrityError):
        async with writing(engine) as session:
            await queries.add_consent(
                session, ConsentRow(word="consent", source="x", given_at=DAWN, created_at=DAWN)
            )


async def test_who_says_no_is_not_called_by_any_number(engine: AsyncEngine) -> None:
    """Nor is the number they share with somebody else; the consent of that one is not theirs."""
    mari = await known(engine, NUMBER, OTHER)
    juri = await known(engine, OTHER, "+37255500789")
    await say(engine, ConsentDraft(ConsentKind.DO_NOT_CALL, "letter", contact=mari.id))
    await say(engine, ConsentDraft(ConsentKind.CONSENT, "letter", contact=juri.id))
    no, yes = ConsentKind.DO_NOT_CALL, ConsentKind.CONSENT
    assert await words(engine, NUMBER) == [no]
    assert await words(engine, NUMBER, mari.id) == [no]
    assert await words(engine, OTHER, juri.id) == [no, yes]
    assert await words(engine, OTHER, mari.id) == [no]
    assert await words(engine, "+37255500789", juri.id) == [yes]
    assert await words(engine, "+37255500999", mari.id) == [no]
    assert await words(engine, "+37255500999") == []


async def test_a_forgotten_contact_is_still_not_called(engine: AsyncEngine) -> None:
    mari = await known(engine, NUMBER, OTHER)
    await say(
        engine,
        ConsentDraft(ConsentKind.DO_NOT_CALL, "letter", contact=mari.id, purpose=Purpose.MARKETING),
        ConsentDraft(ConsentKind.CONSENT, "letter", contact=mari.id, purpose=Purpose.SURVEY),
    )
    async with writing(engine) as session:
        await remove_contact(session, mari.id)
    for number in (NUMBER, OTHER):
        async with reading(engine) as session:
            (said,) = await consents_for(session, number)
        assert (said.word, said.purpose, said.given) == (ConsentKind.DO_NOT_CALL, Purpose.MARKETING, DAWN)


async def test_look_up_tells_what_applies_now(engine: AsyncEngine) -> None:
    await say(
        engine, NO, ConsentDraft(ConsentKind.CONSENT, "web", number="5550 0123", purpose=Purpose.SURVEY)
    )
    await say(
        engine,
        ConsentDraft(
            ConsentKind.DO_NOT_CALL, "web", number=OTHER, purpose=Purpose.MARKETING, until=DAWN + HOUR
        ),
    )
    found = await asked(engine, "5550 0123")
    assert (found.numbers, found.plan.kind, found.may_not_be_called) == ((NUMBER,), NumberKind.MOBILE, True)
    assert [row.word for row in found.holds] == ["do_not_call", "consent"]
    assert not (await asked(engine, NUMBER, at=DAWN - HOUR)).holds
    assert (await asked(engine, OTHER, purpose=Purpose.MARKETING)).may_not_be_called
    assert not (await asked(engine, OTHER, purpose=Purpose.SURVEY)).may_not_be_called
    assert not (await asked(engine, OTHER, at=DAWN + HOUR)).may_not_be_called
    assert (await asked(engine, "112")).plan.kind is NumberKind.EMERGENCY


@pytest.mark.parametrize("about", ["number", "contact", "contact's number"])
async def test_leads_that_it_stopped_are_judged_anew_when_a_do_not_call_is_withdrawn(
    engine: AsyncEngine, about: str
) -> None:
    contact = await known(engine, NUMBER)
    mine, over = await make_campaign(engine), await make_campaign(engine, "Läbi")
    who = None if about == "contact's number" else contact.id
    draft = LeadDraft((DraftNumber(NUMBER, NUMBER),), contact=who)
    bystander = LeadDraft((DraftNumber(OTHER, OTHER),))
    leads = await fill(engine, mine, draft, bystander) + await fill(engine, over, draft)
    async with writing(engine) as session:
        await session.execute(
            update(LeadRow).values(state=LeadState.DONE.value, reason=DialRule.DO_NOT_CALL.value)
        )
        await session.execute(update(CampaignRow).where(col(CampaignRow.id) == over).values(state="finished"))
    said = NO if about == "number" else replace(NO, number=None, contact=contact.id)
    (id_,) = await say(engine, said)
    async with writing(engine) as session:
        assert await withdraw(session, id_, at=DAWN, user=2, reason="a mistake") is not None
    rows = [await lead_row(engine, lead) for lead in leads if not isinstance(lead, Duplicate)]
    assert [(row.state, row.reason) for row in rows] == [
        ("ready", "consent_changed"),
        ("done", "do_not_call"),
        ("done", "do_not_call"),
    ]


async def test_leads_without_consent_are_judged_anew_when_it_comes(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    leads = await fill(
        engine, campaign, LeadDraft((DraftNumber(NUMBER, NUMBER),)), LeadDraft((DraftNumber(OTHER, OTHER),))
    )
    async with writing(engine) as session:
        await session.execute(
            update(LeadRow).values(state=LeadState.DONE.value, reason=DialRule.CONSENT_MISSING.value)
        )
    await say(engine, ConsentDraft(ConsentKind.CONSENT, "call", number=NUMBER))

    async with writing(engine) as session:
        await write_down_many(session, ConsentDraft(ConsentKind.CONSENT, "leping"), [OTHER], user=1, at=DAWN)
    rows = [await lead_row(engine, lead) for lead in leads if not isinstance(lead, Duplicate)]
    assert [row.state for row in rows] == ["ready", "ready"]


async def test_what_is_removed_holds_no_longer_and_stays_on_file(engine: AsyncEngine) -> None:
    (id_,) = await say(engine, NO)
    async with writing(engine) as session:
        with pytest.raises(ConsentUnknown):
            await withdraw(session, id_ + 1, at=DAWN, user=2, reason="x")
        await withdraw(session, id_, at=DAWN + HOUR, user=2, reason="asked for an offer")
        await withdraw(session, id_, at=DAWN + 2 * HOUR, user=3, reason="again")
    assert await words(engine, NUMBER) == []
    async with reading(engine) as session:
        (row,) = await queries.page_consents(session, ConsentFilter(removed=None))
        assert await queries.page_consents(session, ConsentFilter()) == []
    assert (row.removed_at, row.removed_by, row.removed_reason) == (DAWN + HOUR, 2, "asked for an offer")


async def test_pages(engine: AsyncEngine) -> None:
    ids = await say(
        engine, *[NO] * 5, ConsentDraft(ConsentKind.CONSENT, "web", number=OTHER, purpose=Purpose.SURVEY)
    )
    async with reading(engine) as session:
        first = await queries.page_consents(session, ConsentFilter(numbers=[NUMBER]), limit=3)
        rest = await queries.page_consents(
            session, ConsentFilter(numbers=[NUMBER]), before=first[-1].id, limit=3
        )
        survey = await queries.page_consents(
            session, ConsentFilter(purpose=Purpose.SURVEY, word=ConsentKind.CONSENT)
        )
    assert [row.id for row in (*first, *rest)] == ids[4::-1]
    assert [row.id for row in survey] == ids[5:]


async def test_refused_among_many(engine: AsyncEngine) -> None:
    mari = await known(engine, OTHER)
    campaign = await make_campaign(engine)
    await say(
        engine,
        NO,
        ConsentDraft(ConsentKind.DO_NOT_CALL, "letter", contact=mari.id),
        ConsentDraft(ConsentKind.DO_NOT_CALL, "web", number="5550 0001", purpose=Purpose.MARKETING),
        ConsentDraft(ConsentKind.DO_NOT_CALL, "web", number="5550 0002", until=DAWN + HOUR),
        ConsentDraft(ConsentKind.DO_NOT_CALL, "web", number="5550 0003", campaign=campaign),
        ConsentDraft(ConsentKind.CONSENT, "web", number="5550 0004"),
    )
    numbers = [f"+3725550{key:04}" for key in range(1200)]

    async def refused(purpose: Purpose, campaign: int, hours: int = 0) -> set[str]:
        async with reading(engine) as session:
            found = await queries.refused_among(
                session, numbers, purpose=purpose, campaign=CampaignId(campaign), at=DAWN + hours * HOUR
            )
        return {number[-4:] for number in found}

    assert await refused(Purpose.MARKETING, campaign) == {"0123", "0456", "0001", "0002", "0003"}
    assert await refused(Purpose.SURVEY, campaign + 1) == {"0123", "0456", "0002"}
    assert await refused(Purpose.SURVEY, campaign + 1, hours=1) == {"0123", "0456"}


async def test_the_question_of_each_dial_scans_nothing(engine: AsyncEngine, backend: str) -> None:
    """However many have said no: SQLite once read them all, because most rows are of no contact."""
    if backend != "sqlite":
        pytest.skip("PostgreSQL scans a small table with reason")
    row = {"word": "do_not_call", "source": "list", "note": "", "removed_reason": ""}
    async with writing(engine) as session:
        rows = [
            {**row, "number": f"+3725550{key:04}", "given_at": DAWN, "created_at": DAWN}
            for key in range(2000)
        ]
        await queries.add_consents(session, rows)
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    assert await words(engine, "+37255500007", ContactId(1)) == [ConsentKind.DO_NOT_CALL]
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    statement, parameters = next(one for one in asked if "consent" in one[0])
    async with engine.begin() as connection:
        await connection.exec_driver_sql("ANALYZE")
        plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)).all()
    steps = [str(step[-1]) for step in plan]
    assert any(step.startswith("SEARCH consent USING INDEX ix_consent_number") for step in steps)
    assert not [step for step in steps if step.startswith("SCAN")], steps
