"""Erasures in parts: the ledger, files that have a person, timelines, objections, hashes, time limits."""

import asyncio
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from app.crm.articles.answers import note_unanswered
from app.crm.articles.tables import UnansweredRow
from app.crm.contacts.drafts import ContactDraft as Draft
from app.crm.contacts.drafts import Phone
from app.crm.contacts.service import create_contact, update_contact
from app.crm.contacts.tables import ContactRow
from app.crm.notes.tables import NoteRow
from app.crm.orders.tables import OrderRow
from app.crm.privacy.eraser import Eraser
from app.crm.privacy.errors import RetentionNotCounted
from app.crm.privacy.files import Needles
from app.crm.privacy.ledger import Entry, Ledger, ledger_beside
from app.crm.privacy.person import Person
from app.crm.privacy.recognition import recognise
from app.crm.privacy.retention import Retention, put_rule
from app.crm.privacy.service import ask_erasure
from app.crm.privacy.states import ErasureCause, KeptKind
from app.crm.privacy.tables import ErasureRow, RetentionDayRow
from app.crm.privacy.timelines import nameless
from app.crm.webhooks.tables import DeliveryRow, DeliveryState, WebhookRow
from app.domain.actors import COMMAND_LINE
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.records.keyed import MARK, hashed, keyed, keyed_all
from app.records.tables import CallEventRow, CallRow
from tests.records.stories import DAWN

MARI = Person(
    7, ("+37255500123",), names=("Mari Õunapuu",), name="Mari Õunapuu", emails=("mari@puu.example",)
)
ENTRY = Entry("ab" * 16, 7, ((7, "#1"), (8, "#4")), ("#2", "#3"), DAWN)


def test_the_ledger_keeps_each_erasure_once_and_survives_a_torn_end(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "keskus.erasures")
    assert ledger.entries() == []
    ledger.add(ENTRY)
    ledger.add(ENTRY)
    assert ledger.path.stat().st_mode & 0o077 == 0
    with ledger.path.open("ab") as file:
        file.write(b"12345678 {half")
    other = ENTRY._replace(id="cd" * 16)
    ledger.add(other)
    assert ledger.entries() == [ENTRY, other]
    assert ledger_beside(tmp_path / "keskus.sqlite.spool") == tmp_path / "keskus.sqlite.erasures"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nimi;Telefon\nMARI OUNAPUU;5", True),
        ("Õunapuu;Mari;puudub", True),
        ("+372 5550 0123", True),
        ("(0037255500123)", True),
        ("MARI@PUU.EXAMPLE", True),
        ("Õunapuu Мари", True),
        ("Mari;5550 0124\nÕunapuu;x", False),
        ("5550;0123", False),
    ],
)
def test_texts_that_have_a_person_are_found(text: str, *, found: bool) -> None:
    assert Needles(MARI).found_in(text) is found


def test_the_name_of_an_entry_that_was_merged_is_found_too() -> None:
    person = replace(MARI, earlier_names=("Marie Kask",))
    assert Needles(person).found_in("Kask;MARIE;1")
    assert Needles(person).found_in("Õunapuu;Mari;1")
    assert not Needles(person).found_in("Kask;Õunapuu;1")


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("õunapuu", True),
        ("mis on Õunapuule lubatud", True),
        ("mari", True),
        ("maripuu arve", False),
        ("mari arve", False),
        ("vanemkask", False),
        ("kaskede arve", True),
    ],
)
def test_a_search_is_found_by_the_surname_or_by_nothing_but_the_name(question: str, *, asked: bool) -> None:
    person = replace(MARI, surnames=("Õunapuu", "Kask"), earlier_names=("Mari Kask",))
    assert Needles(person).asked_in(question) is asked


async def test_earlier_names_are_found_in_files_and_searches(engine: AsyncEngine, tmp_path: Path) -> None:
    folder = tmp_path / "imports"
    folder.mkdir()
    (folder / "1-list").write_bytes(b"Nimi\nMari Kask")
    (folder / "2-list").write_bytes("Nimi\nJüri Kask".encode())
    async with writing(engine) as session:
        mari = await create_contact(session, Draft(surname="Kask", given_name="Mari"), DAWN, "EE")
    async with writing(engine) as session:
        await update_contact(session, mari.id, Draft(surname="Õunapuu", given_name="Mari"), DAWN, "EE")
    async with writing(engine) as session:
        for question in ("mari kask leping", "kuidas maksta", "õunapuu"):
            await note_unanswered(session, question, "", DAWN)
        await ask_erasure(session, mari.id, user=None, why=ErasureCause.ASKED, at=DAWN)
    assert not await eraser_of(engine, tmp_path).work()
    assert [path.name for path in folder.iterdir()] == ["2-list"]
    async with reading(engine) as session:
        assert list(await session.scalars(select(col(UnansweredRow.question)))) == ["kuidas maksta"]
        told = await session.scalars(select(EventRow).where(col(EventRow.subject) == "article_unanswered"))
        assert [(one.after or {}).get("question") for one in told] == [None, "kuidas maksta", None]
        done = (await session.scalars(select(ErasureRow))).one()
    assert (done.rows["files"], done.rows["searches"]) == (1, 2)


def test_a_packed_file_is_looked_into(tmp_path: Path) -> None:
    from app.crm.privacy.files import _delete  # noqa: PLC0415 - what is done with one folder

    with zipfile.ZipFile(tmp_path / "1-list", "w") as packed:
        packed.writestr("xl/sharedStrings.xml", "<si><t>5550</t><t> 0123</t></si>".replace("</t><t>", ""))
    (tmp_path / "1-rejected.csv").write_bytes(b"x")
    (tmp_path / "2-list").write_bytes("Jüri;5550 0124".encode("cp1257"))
    (tmp_path / "3-list").write_bytes("Mari Õunapuu".encode("utf-16"))
    assert _delete(tmp_path, Needles(MARI)) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["2-list"]


def test_lines_of_a_timeline_lose_the_person_and_nothing_else() -> None:
    said = {"kind": "blind", "from_operator": 5, "to_operator": None, "target": "+37255500123"}
    assert nameless(said, ["+37255500123"]) == said | {"target": ""}
    assert nameless(said, []) == said
    arrived = {"queue": "sales", "caller_number": "+37255500123", "caller_name": "M", "priority": 1}
    assert nameless(arrived, []) == arrived | {"caller_number": "", "caller_name": ""}


def test_a_name_of_one_word_says_too_little() -> None:
    assert not Needles(Person(7, (), name="Tamm")).found_in("Tamm;5550 0123")


async def test_hashes_are_the_database_s_own(engine: AsyncEngine) -> None:
    async with reading(engine) as session:
        one = await keyed(session, "+37255500123")
        assert await keyed_all(session, ["+37255500123"]) == {one: "+37255500123"}
    assert one.startswith(MARK)
    assert len(one) <= 40
    assert one != hashed(b"another", "+37255500123")


def eraser_of(engine: AsyncEngine, folder: Path) -> Eraser:
    async def nothing() -> None:
        """No journal runs."""

    return Eraser(engine, Ledger(folder / "ledger"), folder / "imports", lambda: DAWN, journal=nothing)


async def test_numbers_of_a_ledger_are_recognised_in_an_old_database(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    """The contact came after the backup; calls from the number did not."""
    async with writing(engine) as session:
        hash_ = await keyed(session, "+37255500123")
        for call, number in (("1", "+37255500123"), ("2", "+37255500999")):
            ended: dict[str, Any] = {"ended_at": DAWN, "outcome": "answered"}
            session.add(CallRow(id=call, caller_number=number, caller_name="M", arrived_at=DAWN, **ended))
            said: dict[str, Any] = {"name": "Mari", "contact": None, "matches": []}
            session.add(CallEventRow(call_id=call, seq=1, at=DAWN, kind="CallerKnown", data=said))
    async with reading(engine) as session:
        assert await recognise(session, [hash_]) == {hash_: "+37255500123"}
    eraser = eraser_of(engine, tmp_path)
    Ledger(tmp_path / "ledger").add(ENTRY._replace(numbers=(hash_,), at=DAWN + timedelta(days=1)))
    assert await eraser.catch_up() == 1
    async with reading(engine) as session:
        calls = {row.id: row.caller_number for row in await session.scalars(select(CallRow))}
        names = {row.call_id: row.data["name"] for row in await session.scalars(select(CallEventRow))}
        states = list(await session.scalars(select(col(ErasureRow.state))))
    assert calls == {"1": "", "2": "+37255500999"}
    assert names == {"1": "", "2": "Mari"}
    assert states == ["done"]


async def test_what_the_journal_had_heard_before_is_erased_too(engine: AsyncEngine, tmp_path: Path) -> None:
    """Facts of a call wait in the spool while the contact is erased, and come into the records after it."""
    async with writing(engine) as session:
        draft = Draft(surname="Kask", given_name="Mari", phones=(Phone("5550 0123"),))
        mari = await create_contact(session, draft, DAWN, "EE")
        asked = await ask_erasure(session, mari.id, user=None, why=ErasureCause.ASKED, at=DAWN)

    async def spooled() -> None:
        async with writing(engine) as session:
            assert await session.get(ContactRow, mari.id) is None
            call: dict[str, Any] = {
                "caller_number": "+37255500123",
                "contact_id": mari.id,
                "arrived_at": DAWN,
                "ended_at": DAWN,
            }
            session.add(CallRow(id="1", outcome="answered", **call))
            said = {"name": "Kask Mari", "contact": mari.id, "matches": [mari.id]}
            session.add(CallEventRow(call_id="1", seq=1, at=DAWN, kind="CallerKnown", data=said))

    eraser = Eraser(engine, Ledger(tmp_path / "ledger"), tmp_path / "imports", lambda: DAWN, journal=spooled)
    assert not await eraser.work()
    async with reading(engine) as session:
        call, line = await session.get_one(CallRow, "1"), await session.get_one(CallEventRow, ("1", 1))
        done = await session.get_one(ErasureRow, asked.id)
    assert (call.caller_number, call.contact_id, call.outcome) == ("", None, "answered")
    assert line.data == {"name": "", "contact": None, "matches": []}
    assert done.state == "done"


async def test_an_erasure_that_was_cut_off_goes_on(engine: AsyncEngine, tmp_path: Path) -> None:
    """The process died between the contact's end and the journal's."""
    async with writing(engine) as session:
        draft = Draft(surname="Kask", given_name="Mari", phones=(Phone("5550 0123"),))
        mari = await create_contact(session, draft, DAWN, "EE")
        await ask_erasure(session, mari.id, user=None, why=ErasureCause.ASKED, at=DAWN)

    async def dies() -> None:
        raise OSError("the disk is away")

    first = Eraser(engine, Ledger(tmp_path / "ledger"), tmp_path / "imports", lambda: DAWN, journal=dies)
    with pytest.raises(OSError, match="away"):
        await first.work()
    async with writing(engine) as session:
        session.add(CallRow(id="1", caller_number="+37255500123", arrived_at=DAWN, ended_at=DAWN))
        later = DAWN + timedelta(hours=1)
        session.add(CallRow(id="2", caller_number="+37255500123", arrived_at=later, ended_at=later))
    assert not await eraser_of(engine, tmp_path).work()
    async with reading(engine) as session:
        calls = {row.id: row.caller_number for row in await session.scalars(select(CallRow))}
    assert calls == {"1": "", "2": "+37255500123"}, "who calls again is somebody new"
    assert len(Ledger(tmp_path / "ledger").entries()) == 1


async def test_what_receivers_of_webhooks_answered_is_erased(engine: AsyncEngine, tmp_path: Path) -> None:
    async with writing(engine) as session:
        mari = await create_contact(session, Draft(surname="Kask"), DAWN, "EE")
        said: dict[str, Any] = {"secret": "x", "since": DAWN, "created_at": DAWN}
        erp = WebhookRow(title="ERP", url="https://erp.example/", kinds=["*"], **said)
        session.add(erp)
    async with writing(engine) as session:
        event = await session.scalar(select(EventRow).where(col(EventRow.contact_id) == mari.id))
        assert event is not None
        told: dict[str, Any] = {
            "webhook_id": erp.id,
            "event_id": event.id,
            "kind": event.kind,
            "key": "contact:1",
        }
        times: dict[str, Any] = {"next_at": DAWN, "created_at": DAWN}
        session.add(DeliveryRow(state=DeliveryState.DELIVERED, answer="Kask", **told, **times))
        await ask_erasure(session, mari.id, user=None, why=ErasureCause.ASKED, at=DAWN)
    assert not await eraser_of(engine, tmp_path).work()
    async with reading(engine) as session:
        assert list(await session.scalars(select(col(DeliveryRow.answer)))) == [None]


async def test_an_id_that_somebody_else_got_is_not_erased(engine: AsyncEngine, tmp_path: Path) -> None:
    async with writing(engine) as session:
        jaan = await create_contact(session, Draft(surname="Jaan", phones=(Phone("5550 0124"),)), DAWN, "EE")
        session.add(CallRow(id="1", caller_number="+37255500124", contact_id=jaan.id, arrived_at=DAWN))
    Ledger(tmp_path / "ledger").add(ENTRY._replace(contact=jaan.id, identities=((jaan.id, "#1"),)))
    assert await eraser_of(engine, tmp_path).catch_up() == 1
    async with reading(engine) as session:
        assert await session.scalar(select(func.count(col(ContactRow.id)))) == 1
        assert (await session.get_one(CallRow, "1")).contact_id == jaan.id


async def test_what_is_older_than_its_days_goes_once_it_was_counted(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    async with writing(engine) as session:
        draft = Draft(surname="Kask", phones=(Phone("5550 0123"),))
        kask = await create_contact(session, draft, DAWN - timedelta(days=400), "EE")
        for age in (5, 50, 500):
            at = DAWN - timedelta(days=age)
            session.add(NoteRow(contact_id=kask.id, text="x", author_id=1, author_name="T", created_at=at))
            said: dict[str, Any] = {
                "caller_number": "+37255500999",
                "arrived_at": at,
                "outcome": "answered",
                "talked_s": 9.0,
            }
            session.add(CallRow(id=str(age), ended_at=at, **said))
    retention = Retention(engine, eraser_of(engine, tmp_path), tmp_path / "imports", lambda: DAWN)
    for kind in (KeptKind.NOTES, KeptKind.CALLS):
        async with writing(engine) as session:
            with pytest.raises(RetentionNotCounted):
                await put_rule(session, kind, days=30, active=True)
        assert (await retention.count(kind, 30, COMMAND_LINE)).counted == 2
        async with writing(engine) as session:
            await put_rule(session, kind, days=30, active=True)
    assert await retention.carry_out() == {KeptKind.NOTES: 2, KeptKind.CALLS: 2}
    assert await retention.carry_out() == {}, "once a day"
    async with reading(engine) as session:
        assert await session.scalar(select(func.count(col(NoteRow.id)))) == 1
        calls = {row.id: (row.caller_number, row.talked_s) for row in await session.scalars(select(CallRow))}
        days = {row.kind: row.rows for row in await session.scalars(select(RetentionDayRow))}
    assert calls == {"5": ("+37255500999", 9.0), "50": ("", 9.0), "500": ("", 9.0)}
    assert days == {"notes": 2, "calls": 2}


async def test_drafts_of_orders_that_nobody_touches_go(engine: AsyncEngine, tmp_path: Path) -> None:
    old = DAWN - timedelta(days=40)
    async with writing(engine) as session:
        for state, at in (("draft", old), ("draft", DAWN), ("placed", old)):
            session.add(OrderRow(state=state, address="Tamme 1", created_at=at, updated_at=at))
    retention = Retention(engine, eraser_of(engine, tmp_path), tmp_path / "imports", lambda: DAWN)
    assert (await retention.count(KeptKind.ORDER_DRAFTS, 30, COMMAND_LINE)).counted == 1
    async with writing(engine) as session:
        await put_rule(session, KeptKind.ORDER_DRAFTS, days=30, active=True)
    assert await retention.carry_out() == {KeptKind.ORDER_DRAFTS: 1}
    async with reading(engine) as session:
        left = (await session.scalars(select(OrderRow).order_by(col(OrderRow.id)))).all()
        told = await session.scalars(select(EventRow).where(col(EventRow.kind) == "order.created"))
    assert [(row.state, row.updated_at) for row in left] == [("draft", DAWN), ("placed", old)]
    assert [one.after is None for one in sorted(told, key=lambda one: one.id or 0)] == [True, False, False]


async def test_contacts_without_any_contact_are_erased(engine: AsyncEngine, tmp_path: Path) -> None:
    async with writing(engine) as session:
        old = DAWN - timedelta(days=400)
        for name in ("Vana", "Helistab"):
            await create_contact(session, Draft(surname=name), old, "EE")
        await create_contact(session, Draft(surname="Uus"), DAWN - timedelta(days=3), "EE")
        calls = await session.scalar(select(col(ContactRow.id)).where(col(ContactRow.surname) == "Helistab"))
        session.add(CallRow(id="1", contact_id=calls, arrived_at=DAWN - timedelta(days=9), ended_at=DAWN))
    eraser = eraser_of(engine, tmp_path)
    retention = Retention(engine, eraser, tmp_path / "imports", lambda: DAWN)
    assert (await retention.count(KeptKind.CONTACTS, 365, COMMAND_LINE)).counted == 1
    async with writing(engine) as session:
        await put_rule(session, KeptKind.CONTACTS, days=365, active=True)
    assert await retention.carry_out() == {KeptKind.CONTACTS: 1}
    assert not await eraser.work()
    async with reading(engine) as session:
        left = set(await session.scalars(select(col(ContactRow.surname))))
    assert left == {"Helistab", "Uus"}
    assert await asyncio.to_thread(Ledger(tmp_path / "ledger").entries)
