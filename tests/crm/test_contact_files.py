"""Contacts brought in from a file and taken out again, on each database: going on after a stop, searches, undoing."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contact_exports.service import Columns, ContactExports, ContactFormat
from app.crm.contact_imports import work
from app.crm.contact_imports.queries import JOBS, Counts
from app.crm.contact_imports.tables import ContactImportRow, Same
from app.crm.contact_imports.work import run_contact_import, undo_contact_import
from app.crm.contact_search.service import Wanted, find
from app.crm.contacts.queries import failing_since, list_contacts
from app.crm.contacts.tables import ContactKind
from app.crm.imports.work import Source
from app.domain.jobs import JobState
from app.lists.reader import look_at
from app.records.engine import reading, writing
from tests.records.stories import DAWN

ROWS = 25
COLUMNS = Columns(1, 1, ())


def write(path: Path) -> Path:
    """Every tenth row is bad, every fifth person works for one of two companies."""
    lines = ["external_id;surname;phone;employer;tags"]
    for place in range(ROWS):
        number = "5123456-2" if place % 10 == 9 else f"5550 0{place:03}"
        lines.append(f"c-{place};Õunapuu{place};{number};{'' if place % 5 else f'Firma {place % 2} OÜ'};uus")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


async def queued(engine: AsyncEngine, file: Path) -> int:
    looked = await look_at(file, "EE", fields={})
    row = ContactImportRow(
        name=file.name,
        size=1,
        state=JobState.QUEUED.value,
        reading=looked.reading.as_json(),
        same_by=[Same.EXTERNAL_ID.value],
        created_at=DAWN,
    )
    async with writing(engine) as session:
        return (await JOBS.add(session, row)).id or 0


async def row_of(engine: AsyncEngine, job: int) -> ContactImportRow:
    async with reading(engine) as session:
        row = await JOBS.get(session, job)
    assert row is not None
    return row


async def exported(engine: AsyncEngine, wanted: Wanted) -> list[list[str]]:
    pieces = ContactExports(engine).pieces(wanted, "EE", ContactFormat.CSV, COLUMNS)
    text = b"".join([piece async for piece in pieces]).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]


async def test_a_file_comes_in_goes_on_goes_out_and_is_undone(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 4)
    file = write(tmp_path / "contacts.csv")
    source = Source(file, tmp_path / "rejected.csv", "EE")
    job = await queued(engine, file)

    def stop(counts: Counts) -> None:
        if counts.rows >= 12:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await run_contact_import(engine, job, source, lambda: DAWN, stop)
    assert (await row_of(engine, job)).rows == 12
    async with writing(engine) as session:
        await JOBS.move(session, job, [JobState.RUNNING], JobState.QUEUED)
    assert await run_contact_import(engine, job, source, lambda: DAWN) is JobState.DONE
    row = await row_of(engine, job)
    assert (row.rows, row.added, row.companies, row.rejected) == (ROWS, 23, 2, 2)
    assert len((tmp_path / "rejected.csv").read_text().splitlines()) == 1 + row.rejected
    async with reading(engine) as session:
        found = await find(session, Wanted("ounapuu7"), limit=5, region="EE")
        assert await failing_since(session, ["+37255500007"], 1) == {}
    assert [one.contact.name for one in found] == ["Õunapuu7"]
    assert len(await exported(engine, Wanted())) == 25
    companies = await exported(engine, Wanted(kind=ContactKind.COMPANY))
    assert sorted(cells[5] for cells in companies) == ["Firma 0 OÜ", "Firma 1 OÜ"]
    assert len(await exported(engine, Wanted("ounapuu1"))) == 1 + 9 + 2, (
        "1, 10 to 18, and the companies' people"
    )
    again = await queued(engine, file)
    await run_contact_import(engine, again, source, lambda: DAWN)
    row = await row_of(engine, again)
    assert (row.added, row.updated, row.unchanged, row.companies) == (0, 0, 23, 0)
    async with writing(engine) as session:
        await JOBS.move(session, job, [JobState.DONE], JobState.UNDOING)
    assert await undo_contact_import(engine, job, lambda: DAWN) == 0
    assert (await row_of(engine, job)).removed == 25
    async with reading(engine) as session:
        assert (await list_contacts(session)) == []
        assert await find(session, Wanted("ounapuu7"), limit=5, region="EE") == []
