"""Erasures of contacts that were merged, restored, or are on the line."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from app.crm.contacts.drafts import ContactDraft as Draft
from app.crm.contacts.drafts import Phone
from app.crm.contacts.service import create_contact
from app.crm.contacts.tables import ContactRow
from app.crm.merging.service import merge, undo
from app.crm.privacy.eraser import Eraser
from app.crm.privacy.errors import BeingErased
from app.crm.privacy.ledger import Ledger
from app.crm.privacy.service import ask_erasure
from app.crm.privacy.states import ErasureCause
from app.crm.privacy.tables import ErasureRow
from app.domain.actors import COMMAND_LINE
from app.domain.ids import ContactId
from app.records.base import metadata, table_of
from app.records.engine import reading, writing
from app.records.tables import CallRow
from tests.records.stories import DAWN

NUMBER, SECOND = "5550 0123", "5550 0124"
CALL = table_of(CallRow)
Rows = dict[str, list[dict[str, Any]]]


async def nothing() -> None:
    """No journal runs."""


def eraser_of(
    engine: AsyncEngine, folder: Path, journal: Callable[[], Awaitable[None]] = nothing, at: datetime = DAWN
) -> Eraser:
    return Eraser(engine, Ledger(folder / "ledger"), folder / "imports", lambda: at, journal=journal)


async def made(engine: AsyncEngine, surname: str, number: str, *, days: int = 0) -> ContactId:
    """A contact that was made some days ago."""
    async with writing(engine) as session:
        draft = Draft(surname=surname, given_name="Mari", phones=(Phone(number),))
        return (await create_contact(session, draft, DAWN - timedelta(days=days), "EE")).id


async def asked(engine: AsyncEngine, contact: ContactId) -> str:
    async with writing(engine) as session:
        row = await ask_erasure(session, contact, user=None, why=ErasureCause.ASKED, at=DAWN)
        return row.id


async def called(engine: AsyncEngine, call: str, number: str, **said: Any) -> None:
    async with writing(engine) as session:
        values: dict[str, Any] = {"arrived_at": DAWN, "ended_at": DAWN, "outcome": "answered"}
        session.add(CallRow(id=call, caller_number=number, caller_name="Mari", **values | said))


async def numbers_of_calls(engine: AsyncEngine) -> dict[str, tuple[str, int | None]]:
    async with reading(engine) as session:
        return {row.id: (row.caller_number, row.contact_id) for row in await session.scalars(select(CallRow))}


async def surnames(engine: AsyncEngine) -> set[str]:
    async with reading(engine) as session:
        return set(await session.scalars(select(col(ContactRow.surname))))


async def state_of(engine: AsyncEngine, erasure: str) -> tuple[str, str]:
    async with reading(engine) as session:
        row = await session.get_one(ErasureRow, erasure)
        return row.state, row.waits_for


async def copied(engine: AsyncEngine) -> Rows:
    """All rows of the database, as a backup has them."""
    async with reading(engine) as session:
        return {
            table.name: [dict(row) for row in (await session.execute(select(table))).mappings()]
            for table in metadata.sorted_tables
        }


async def laid(engine: AsyncEngine, copy: Rows) -> None:
    """Put the rows of a copy in place of those in the database."""
    async with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            await connection.execute(table.delete())
        for table in metadata.sorted_tables:
            if copy[table.name]:
                await connection.execute(table.insert(), copy[table.name])


@pytest.mark.parametrize("older", ["the one that stays", "the one that goes"])
async def test_a_backup_from_before_a_merge_brings_back_neither(
    engine: AsyncEngine, tmp_path: Path, older: str
) -> None:
    """The contact that stays is as old as the older of the two: the copy has another moment, and the other contact."""
    ages = (400, 5) if older == "the one that stays" else (5, 400)
    kept = await made(engine, "Kask", NUMBER, days=ages[0])
    lost = await made(engine, "Kasque", SECOND, days=ages[1])
    await made(engine, "Jääja", "5550 0999")
    await called(engine, "1", "+37255500123")
    await called(engine, "2", "+37255500124")
    await called(engine, "3", "+37255500999")
    copy = await copied(engine)
    async with writing(engine) as session:
        await merge(session, kept, lost, take=(), who=COMMAND_LINE, at=DAWN)
    await asked(engine, kept)
    assert not await eraser_of(engine, tmp_path).work()
    assert await surnames(engine) == {"Jääja"}
    await laid(engine, copy)
    assert await eraser_of(engine, tmp_path).catch_up() == 1
    assert await surnames(engine) == {"Jääja"}
    assert await numbers_of_calls(engine) == {"1": ("", None), "2": ("", None), "3": ("+37255500999", None)}
    assert await eraser_of(engine, tmp_path).catch_up() == 0


async def test_two_contacts_with_one_number_go_with_its_calls(engine: AsyncEngine, tmp_path: Path) -> None:
    """In the copy the number is both contacts'; when both have gone, it is nobody's."""
    kept, lost = await made(engine, "Kask", NUMBER), await made(engine, "Kasque", NUMBER)
    await called(engine, "1", "+37255500123")
    copy = await copied(engine)
    async with writing(engine) as session:
        await merge(session, kept, lost, take=(), who=COMMAND_LINE, at=DAWN)
    await asked(engine, kept)
    assert not await eraser_of(engine, tmp_path).work()
    await laid(engine, copy)
    assert await eraser_of(engine, tmp_path).catch_up() == 1
    assert await surnames(engine) == set()
    assert await numbers_of_calls(engine) == {"1": ("", None)}


async def test_nobody_is_merged_or_parted_who_is_being_erased(engine: AsyncEngine, tmp_path: Path) -> None:
    """Else the data would go on living in the other contact, and the erasure would be done."""
    kept, lost = await made(engine, "Kask", NUMBER), await made(engine, "Kasque", SECOND)
    other = await made(engine, "Teine", "5550 0999")
    async with writing(engine) as session:
        merged = await merge(session, kept, lost, take=(), who=COMMAND_LINE, at=DAWN)
    await asked(engine, kept)
    for one, two in ((kept, other), (other, kept)):
        with pytest.raises(BeingErased):
            async with writing(engine) as session:
                await merge(session, one, two, take=(), who=COMMAND_LINE, at=DAWN)
    with pytest.raises(BeingErased):
        async with writing(engine) as session:
            await undo(session, merged.merge, at=DAWN)
    assert not await eraser_of(engine, tmp_path).work()
    assert await surnames(engine) == {"Teine"}


async def test_a_call_that_the_journal_still_has_is_waited_for(engine: AsyncEngine, tmp_path: Path) -> None:
    """Its row is written whole once more when it ends."""
    mari = await made(engine, "Kask", NUMBER)
    erasure = await asked(engine, mari)
    heard = False

    async def arrives() -> None:
        nonlocal heard
        if not heard:
            heard = True
            await called(engine, "1", "+37255500123", contact_id=mari, ended_at=None, outcome=None)

    eraser = eraser_of(engine, tmp_path, arrives)
    assert await eraser.work()
    assert await surnames(engine) == set()
    assert await state_of(engine, erasure) == ("settling", "erasure.in_call")
    async with writing(engine) as session:
        ended = {"ended_at": DAWN, "caller_number": "+37255500123", "caller_name": "Mari", "contact_id": mari}
        await session.execute(update(CALL).where(CALL.c.id == "1").values(ended))
    assert not await eraser.work()
    assert await state_of(engine, erasure) == ("done", "")
    assert await numbers_of_calls(engine) == {"1": ("", None)}


async def test_a_call_that_comes_in_between_makes_it_wait(engine: AsyncEngine, tmp_path: Path) -> None:
    mari = await made(engine, "Kask", NUMBER)
    erasure = await asked(engine, mari)
    await called(engine, "1", "+37255500123", ended_at=None, outcome=None)
    eraser = eraser_of(engine, tmp_path)
    assert await eraser.work()
    assert await state_of(engine, erasure) == ("asked", "erasure.in_call")
    assert await surnames(engine) == {"Kask"}
    assert Ledger(tmp_path / "ledger").entries() == [], "nothing has begun"
    async with writing(engine) as session:
        await session.execute(update(CALL).values(ended_at=DAWN))
    assert not await eraser.work()
    assert await numbers_of_calls(engine) == {"1": ("", None)}


async def test_a_number_that_came_while_it_waited_is_known_to_the_ledger(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    mari = await made(engine, "Kask", NUMBER)
    await asked(engine, mari)
    async with writing(engine) as session:
        table = metadata.tables["phone"]
        columns = {"contact_id": mari, "e164": "+37255500124", "raw": SECOND, "label": "", "preferred": False}
        await session.execute(table.insert().values(columns))
    assert not await eraser_of(engine, tmp_path).work()
    (entry,) = Ledger(tmp_path / "ledger").entries()
    assert len(entry.numbers) == 2


async def test_more_are_erased_again_than_one_round_takes(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start of the service takes one round, so that calls do not wait long; a restore takes all."""
    monkeypatch.setattr("app.crm.privacy.eraser.AT_ONCE", 2)
    people = [await made(engine, f"Kask{n}", f"5551 {n:04}") for n in range(5)]
    copy = await copied(engine)
    for one in people:
        await asked(engine, one)
    eraser = eraser_of(engine, tmp_path)
    while await eraser.work():
        pass
    await laid(engine, copy)
    assert await eraser_of(engine, tmp_path).catch_up() == len(people)
    assert len(await surnames(engine)) == 3
    await laid(engine, copy)
    assert await eraser_of(engine, tmp_path).catch_up(whole=True) == len(people)
    assert await surnames(engine) == set()
