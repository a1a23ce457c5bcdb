"""Lists of do-not-calls and consents: as a job, read as lists of leads are."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from app.compliance.dial_facts import ConsentKind
from app.crm.consent_lists import service
from app.crm.consent_lists.queries import LISTS
from app.crm.consent_lists.service import ConsentLists
from app.crm.consent_lists.tables import ConsentListRow
from app.crm.consents.errors import ConsentUnfit
from app.crm.consents.queries import consents_about
from app.crm.consents.service import ConsentDraft
from app.crm.consents.tables import ConsentRow
from app.domain.actors import Actor, ActorKind
from app.lists.errors import FileNotUnderWay, FileUnderWay
from app.lists.file_errors import FileUnreadable
from app.lists.reader import read_numbers_of
from app.lists.rows import BATCH
from app.records.engine import reading
from tests.attack.hostile_files import HEAD, TAIL, text_cell, workbook
from tests.records.stories import DAWN

TIINA = Actor(ActorKind.USER, 1)
DEADLINE_S = 60.0
REGISTER = ConsentDraft(ConsentKind.DO_NOT_CALL, "register 2026-11")


@asynccontextmanager
async def open_desk(engine: AsyncEngine, folder: Path) -> AsyncIterator[ConsentLists]:
    desk = ConsentLists(engine, folder, "EE", lambda: DAWN)
    async with asyncio.TaskGroup() as group:
        working = group.create_task(desk.run())
        yield desk
        working.cancel()


async def come(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def until(engine: AsyncEngine, id_: int, holds: Callable[[ConsentListRow], bool]) -> ConsentListRow:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            async with reading(engine) as session:
                row = await LISTS.get(session, id_)
            assert row is not None
            if holds(row):
                return row
            await asyncio.sleep(0.002)


async def taken(engine: AsyncEngine, desk: ConsentLists, content: bytes) -> ConsentListRow:
    row = await desk.receive(REGISTER, come(content), TIINA)
    return await until(engine, row.id or 0, lambda one: one.state not in {"queued", "running"})


async def numbers(engine: AsyncEngine) -> set[str]:
    async with reading(engine) as session:
        return {number for number in await session.scalars(select(col(ConsentRow.number))) if number}


async def test_a_list_is_taken_in_once(engine: AsyncEngine, tmp_path: Path) -> None:
    lines = [f"5550{key:04}" for key in range(1200)]
    content = "\r\n".join(["telefon", *lines, "112", "jutt", lines[5], ""]).encode()
    async with open_desk(engine, tmp_path) as desk:
        first = await taken(engine, desk, content)
        again = await taken(engine, desk, content)
    assert (first.state, first.progress, first.rows, first.added, first.known, first.rejected) == (
        *("done", 1.0),
        *(1203, 1200, 1, 2),
    )
    assert [(one["line"], one["said"]) for one in first.rejections] == [(1202, "112"), (1203, "jutt")]
    assert all(one["why"] for one in first.rejections)
    assert (again.added, again.known, again.rejected) == (0, 1201, 2)
    async with reading(engine) as session:
        assert await session.scalar(select(func.count()).select_from(ConsentRow)) == 1200


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"5550 0001", {"+37255500001"}),
        (b"\xef\xbb\xbf5550 0001\n", {"+37255500001"}),
        (b"Nimi;Telefon;Mobiil\nMari;5550 0001;5550 0002\n", {"+37255500001", "+37255500002"}),
        (b'"+372 5553 0401, +372 5553 0402"\n', {"+37255530401", "+37255530402"}),
        ("\u202a+372 5550 0002\u202c\n".encode(), {"+37255500002"}),
        (
            b"+37255500457 (Mari)\ntel. 5550 0458\n358401234567\n",
            {"+37255500457", "+37255500458", "+358401234567"},
        ),
        (b"+372 5553 2001 ext 5\n", {"+37255532001"}),
        ("Имя;Номер\nАнна;55500001\n".encode("cp1251"), {"+37255500001"}),
        ("55500001\tMari\n55500002\tJüri\n".encode("utf-16"), {"+37255500001", "+37255500002"}),
        (b"phone\r+37255500001\r", {"+37255500001"}),
        (b'Telefon;Nimi\n5550 0001;"Kask\n5550 0002;Mari\n', {"+37255500002"}),
        (
            b"BEGIN:VCARD\nFN:Mari\nTEL:5550 0001\nTEL:5550 0002\nEND:VCARD\n",
            {"+37255500001", "+37255500002"},
        ),
    ],
)
async def test_every_number_of_a_list_holds(
    engine: AsyncEngine, tmp_path: Path, content: bytes, found: set[str]
) -> None:
    async with open_desk(engine, tmp_path) as desk:
        await taken(engine, desk, content)
    assert await numbers(engine) == found


async def test_a_cell_may_have_more_numbers_than_a_lead(engine: AsyncEngine, tmp_path: Path) -> None:
    many = [f"+3725550{key:04}" for key in range(14)]
    async with open_desk(engine, tmp_path) as desk:
        row = await taken(engine, desk, f'"{", ".join(many)}"\n'.encode())
    assert (row.added, await numbers(engine)) == (14, set(many))


def coded(code: str, text: str) -> dict[str, Any]:
    return {"faults": [{"code": code, "params": {"text": text, "region": "EE"}}]}


async def test_what_can_be_read_of_a_row_holds_and_the_rest_is_told(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    content = "number\n\u202a+372 5550 0002\u202c\n5550 0003 / 5550 0004\n512 3456/7\nabc\n37126\n".encode()
    async with open_desk(engine, tmp_path) as desk:
        row = await taken(engine, desk, content)
    assert await numbers(engine) == {"+37255500002", "+37255500003", "+37255500004", "+3725123456"}
    assert (row.rows, row.added, row.rejected) == (5, 4, 3)
    assert row.rejections[:2] == [
        {"line": 4, "said": "512 3456/7", "why": "7 is too short for a number: write it whole"}
        | coded("number.part", "7"),
        {"line": 5, "said": "abc", "why": "abc is no telephone number"} | coded("number.no_number", "abc"),
    ]
    assert row.rejections[2]["line"] == 6


async def test_a_workbook(engine: AsyncEngine, tmp_path: Path) -> None:
    cells = f'<row r="1">{text_cell("A1", "Telefon")}</row><row r="2"><c r="A2"><v>37255500001</v></c></row>'
    file = workbook(tmp_path / "list.xlsx", f"{HEAD}{cells}{TAIL}".encode())
    async with open_desk(engine, tmp_path / "numbers") as desk:
        await taken(engine, desk, file.read_bytes())
    assert await numbers(engine) == {"+37255500001"}


@pytest.mark.parametrize("content", [b"", b"\n \n", b"%PDF-1.7", b"<html><table>", b"\0" * 500])
async def test_what_is_no_list_is_refused_and_not_kept(
    engine: AsyncEngine, tmp_path: Path, content: bytes
) -> None:
    async with open_desk(engine, tmp_path / "numbers") as desk:
        with pytest.raises(FileUnreadable):
            await desk.receive(REGISTER, come(content), TIINA)
    assert os.listdir(tmp_path / "numbers") == []  # noqa: PTH208 - of a moment


async def test_a_list_that_is_over_before_it_begins(engine: AsyncEngine, tmp_path: Path) -> None:
    async with open_desk(engine, tmp_path) as desk:
        with pytest.raises(ConsentUnfit):
            await desk.receive(ConsentDraft(ConsentKind.CONSENT, "x", until=DAWN), come(b"5550 0001"), TIINA)


def held_after(batches: int, go_on: asyncio.Event) -> Callable[..., AsyncIterator[Any]]:
    """A reader that waits, between two transactions, once it has given so many batches."""

    async def read(*given: Any) -> AsyncIterator[Any]:
        async with aclosing(read_numbers_of(*given)) as rows:
            number = 0
            async for batch in rows:
                if number == batches:
                    await go_on.wait()
                number += 1
                yield batch

    return read


async def test_a_long_list_is_a_job_that_can_be_stopped(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()
    monkeypatch.setattr(service, "GLANCE_S", 0.0)
    monkeypatch.setattr(service, "read_numbers_of", held_after(1, go_on))
    content = b"".join(b"5550%04d\n" % key for key in range(BATCH * 6))
    async with open_desk(engine, tmp_path) as desk:
        row = await desk.receive(REGISTER, come(content), TIINA)
        row = await until(engine, row.id or 0, lambda one: one.rows > 0)
        assert (row.state, 0 < row.progress < 1) == ("running", True)
        with pytest.raises(FileUnderWay):
            await desk.forget(row.id or 0)
        await desk.cancel(row.id or 0)
        go_on.set()
        row = await until(engine, row.id or 0, lambda one: one.state not in {"queued", "running"})
        assert (row.state, row.rows, row.added) == ("cancelled", BATCH, len(await numbers(engine)))
        with pytest.raises(FileNotUnderWay):
            await desk.cancel(row.id or 0)
        await desk.forget(row.id or 0)


async def test_what_a_stop_cuts_off_goes_on_by_itself(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "GLANCE_S", 0.0)
    count = BATCH * 4
    content = b"".join(b"5550%04d\n" % key for key in range(count))
    async with open_desk(engine, tmp_path) as desk:
        with monkeypatch.context() as stopping:
            stopping.setattr(service, "read_numbers_of", held_after(2, asyncio.Event()))
            row = await desk.receive(REGISTER, come(content), TIINA)
            await until(engine, row.id or 0, lambda one: one.rows == 2 * BATCH)
    async with open_desk(engine, tmp_path):
        row = await until(engine, row.id or 0, lambda one: one.state == "done")
    assert (row.rows, row.added, row.known) == (count, count, 0)
    async with reading(engine) as session:
        assert len(await consents_about(session, "+37255500007")) == 1
