import asyncio
import csv
import errno
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contacts.drafts import ContactDraft, Phone
from app.crm.contacts.service import create_contact
from app.crm.imports.queries import JOBS, Counts, move_job
from app.crm.imports.work import run_import, undo_import
from app.crm.leads.counts import count_leads
from app.crm.leads.queries import numbers_of, page_leads
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.lists.rows import BATCH
from app.records.engine import reading, writing
from tests.attack.hostile_files import HEAD, text_cell, workbook
from tests.lists.lists import bring, job_row, write_list
from tests.records.lists import begin, draft, fill, make_campaign, pick
from tests.records.stories import DAWN

LIST = """Kood;Nimi;Telefon;Telefon 2;Arve
a-1;Kask Kalle;5550 0001;5550 0002;17
a-2;Tamm Tõnu;;;
a-3;Õun Mari;5550 0001;;
a-1;Lepp Leo;5550 0004;;
a-5;Saar Siim;5550 0005;pole;
a-6;Mägi Malle;5550 0777;;
a-7;Kuusk Karl;5550 0888;5550 0007;
"""


def now() -> datetime:
    return DAWN


@pytest.fixture
async def campaign(engine: AsyncEngine) -> CampaignId:
    return await make_campaign(engine)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="cp1257")
    return path


def rejected(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened, delimiter=";"))


async def leads_in(engine: AsyncEngine, campaign: CampaignId) -> int:
    async with reading(engine) as session:
        return sum((await count_leads(session, [campaign]))[campaign].values())


async def test_a_list_comes_in(engine: AsyncEngine, campaign: CampaignId, file: Path) -> None:
    await fill(engine, campaign, draft(5500777), draft(5500888))  # numbers that the file has, too
    async with writing(engine) as session:
        siim = (
            await create_contact(
                session, ContactDraft(surname="Saar", phones=(Phone("55500005"),)), DAWN, "EE"
            )
        ).id
    job, source = await bring(engine, campaign, file)
    told: list[int] = []
    state = await run_import(engine, job, source, now, lambda counts: told.append(counts.rows))
    assert state is JobState.DONE
    row = await job_row(engine, job)
    assert (row.state, row.rows, row.added, row.duplicates, row.rejected, row.progress) == (
        "done",
        7,
        3,
        3,
        1,
        1.0,
    )
    assert told == [7]
    async with reading(engine) as session:
        leads = [lead for lead in await page_leads(session, campaign) if lead.import_job_id == job]
        numbers = await numbers_of(session, [lead.id for lead in leads if lead.id])
    by_id = {lead.external_id: lead for lead in leads}
    assert by_id["a-1"].variables == {"Arve": "17"}
    assert by_id["a-5"].contact_id == siim
    assert by_id["a-5"].variables == {"Telefon 2": "pole"}
    assert [one.e164 for one in numbers[by_id["a-1"].id or 0]] == ["+37255500001", "+37255500002"]
    assert [one.raw for one in numbers[by_id["a-1"].id or 0]] == ["5550 0001", "5550 0002"]
    lines = rejected(source.rejected)
    assert lines[0] == ["row", "why", "Kood", "Nimi", "Telefon", "Telefon 2", "Arve"]
    assert [line[:3] for line in lines[1:]] == [
        ["3", "it has no telephone number", "a-2"],
        ["4", "its number +37255500001 is in row 2 too", "a-3"],
        ["5", "its id a-1 is in row 2 too", "a-1"],
        ["7", "its number is in the campaign", "a-6"],
    ]
    assert [one.e164 for one in numbers[by_id["a-7"].id or 0]] == ["+37255500007"]


async def test_a_dry_run_counts_the_same_and_adds_nothing(
    engine: AsyncEngine, campaign: CampaignId, file: Path
) -> None:
    await fill(engine, campaign, draft(5500777))
    job, source = await bring(engine, campaign, file, dry_run=True)
    assert await run_import(engine, job, source, now) is JobState.CHECKED
    counted = await job_row(engine, job)
    assert await leads_in(engine, campaign) == 1
    job, source = await bring(engine, campaign, file)
    await run_import(engine, job, source, now)
    brought = await job_row(engine, job)
    assert (counted.rows, counted.added, counted.duplicates, counted.rejected) == (7, 3, 3, 1)
    assert (brought.rows, brought.added, brought.duplicates, brought.rejected) == (7, 3, 3, 1)


async def test_brought_again_everything_is_there(
    engine: AsyncEngine, campaign: CampaignId, file: Path
) -> None:
    for added in (4, 0):
        job, source = await bring(engine, campaign, file)
        await run_import(engine, job, source, now)
        assert (await job_row(engine, job)).added == added
    assert [line[1] for line in rejected(source.rejected)[1:]] == [
        "its id is in the campaign",
        "it has no telephone number",
        "its number +37255500001 is in row 2 too",
        "its id a-1 is in row 2 too",
        "its id is in the campaign",
        "its id is in the campaign",
        "its id is in the campaign",
    ]


async def test_the_rejected_rows_can_be_mended_and_brought_again(
    engine: AsyncEngine, campaign: CampaignId, file: Path, tmp_path: Path
) -> None:
    job, source = await bring(engine, campaign, file)
    await run_import(engine, job, source, now)
    mended = tmp_path / "mended.csv"
    mended.write_text(source.rejected.read_text().replace("Tamm Tõnu;;", "Tamm Tõnu;+37255500099;"))
    job, source = await bring(engine, campaign, mended)
    await run_import(engine, job, source, now)
    row = await job_row(engine, job)
    assert (row.added, row.duplicates) == (1, 2)


async def test_a_cancelled_import_stops_and_goes_on(
    engine: AsyncEngine, campaign: CampaignId, tmp_path: Path
) -> None:
    file = write_list(tmp_path / "list.csv", BATCH * 3 + 7)
    job, source = await bring(engine, campaign, file)
    loop = asyncio.get_running_loop()
    stopping: list[asyncio.Future[bool]] = []

    async def cancel() -> bool:
        async with writing(engine) as session:
            return await move_job(session, job, [JobState.RUNNING], JobState.CANCELLED)

    def told(counts: Counts) -> None:
        if counts.rows == BATCH:
            stopping.append(asyncio.ensure_future(cancel(), loop=loop))  # noqa: TID251 - between two batches

    assert await run_import(engine, job, source, now, told) is JobState.CANCELLED
    assert await stopping[0]
    row = await job_row(engine, job)
    assert row.state == "cancelled"
    assert BATCH <= row.rows < BATCH * 3
    assert await leads_in(engine, campaign) == row.added == row.rows
    async with writing(engine) as session:
        await move_job(session, job, [JobState.CANCELLED], JobState.QUEUED)
    assert await run_import(engine, job, source, now) is JobState.DONE
    row = await job_row(engine, job)
    assert (row.rows, row.added, row.duplicates) == (BATCH * 3 + 7, BATCH * 3 + 7, 0)
    assert await leads_in(engine, campaign) == row.added


async def test_what_was_cut_off_goes_on_with_nothing_twice(
    engine: AsyncEngine, campaign: CampaignId, tmp_path: Path
) -> None:
    """The process dies between two batches, the file of rejected rows being ahead of what was committed."""
    file = write_list(tmp_path / "list.csv", BATCH * 2)
    with file.open("a", encoding="cp1257", newline="") as opened:
        opened.write("c-0;Topelt;;+37250000000;\r\nx;Number puudub;;;\r\n")
    job, source = await bring(engine, campaign, file, runner="service")

    class Died(BaseException):
        pass

    def die(counts: Counts) -> None:
        with source.rejected.open("ab") as opened:
            opened.write(b"never committed;;;;\r\n")
        raise Died

    with pytest.raises(Died):
        await run_import(engine, job, source, now, die)
    async with writing(engine) as session:
        assert await JOBS.cut_off(session, "service", DAWN) == [job]
        assert await move_job(session, job, [JobState.CUT_OFF], JobState.QUEUED)
    assert await run_import(engine, job, source, now) is JobState.DONE
    row = await job_row(engine, job)
    assert (row.rows, row.added, row.duplicates, row.rejected) == (BATCH * 2 + 2, BATCH * 2, 1, 1)
    assert await leads_in(engine, campaign) == BATCH * 2
    assert [line[0] for line in rejected(source.rejected)] == ["row", str(BATCH * 2 + 2), str(BATCH * 2 + 3)]


async def test_undo_takes_away_what_was_not_dialled(
    engine: AsyncEngine, campaign: CampaignId, file: Path
) -> None:
    await fill(engine, campaign, draft(9, priority=-1))
    job, source = await bring(engine, campaign, file)
    await run_import(engine, job, source, now)
    dialled, reserved = await pick(engine, campaign, 2)
    assert await begin(engine, dialled, "kc-1")
    async with writing(engine) as session:
        assert await move_job(session, job, [JobState.DONE], JobState.UNDOING)
    assert await undo_import(engine, job, now) == 2
    row = await job_row(engine, job)
    assert (row.state, row.removed) == ("undone", 2)
    assert "2 leads have been dialled" in row.note
    assert row.fault == {"code": "import.leads_stay", "params": {"leads": 2}}
    async with reading(engine) as session:
        left = {lead.id for lead in await page_leads(session, campaign)}
    assert {dialled.id, reserved.id} < left
    assert len(left) == 3


async def test_a_database_that_fails_leaves_the_import_where_it_was(
    engine: AsyncEngine, campaign: CampaignId, tmp_path: Path
) -> None:
    file = write_list(tmp_path / "list.csv", BATCH * 2)
    job, source = await bring(engine, campaign, file)

    def told(_: Counts) -> None:
        raise OperationalError("COMMIT", {}, OSError(errno.ENOSPC, "disk full"))

    with pytest.raises(OperationalError):
        await run_import(engine, job, source, now, told)
    row = await job_row(engine, job)
    assert row.rows == BATCH == await leads_in(engine, campaign)


async def test_a_file_that_breaks_off_fails_in_words(
    engine: AsyncEngine, campaign: CampaignId, tmp_path: Path
) -> None:
    rows = "".join(
        f'<row r="{key}">{text_cell(f"A{key}", f"5550{key:04}")}</row>' for key in range(1, BATCH * 4)
    )
    file = workbook(tmp_path / "list.xlsx", f"{HEAD}{rows}<row".encode())
    job, source = await bring(engine, campaign, file)
    assert await run_import(engine, job, source, now) is JobState.FAILED
    row = await job_row(engine, job)
    assert (row.state, row.note) == (
        "failed",
        "this is a broken workbook: save it again in a spreadsheet, as XLSX or CSV",
    )
    assert row.rows >= BATCH
    assert row.added == row.rows == await leads_in(engine, campaign)


async def test_two_imports_into_one_campaign_at_once(
    engine: AsyncEngine, campaign: CampaignId, tmp_path: Path
) -> None:
    jobs = [
        await bring(engine, campaign, write_list(tmp_path / f"{first}.csv", BATCH * 2, first))
        for first in (0, BATCH)
    ]
    async with asyncio.TaskGroup() as group:
        for job, source in jobs:
            group.create_task(run_import(engine, job, source, now))
    rows = [await job_row(engine, job) for job, _ in jobs]
    assert sum(row.added for row in rows) == BATCH * 3 == await leads_in(engine, campaign)
    assert sum(row.duplicates for row in rows) == BATCH
