import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.imports.errors import ImportUnfit
from app.crm.imports.queries import page_jobs
from app.crm.imports.service import Imports
from app.crm.imports.tables import ImportJobRow
from app.crm.leads.counts import count_leads
from app.domain.actors import SERVICE
from app.domain.ids import CampaignId
from app.lists import left_over
from app.lists.columns import ColumnRole
from app.lists.errors import FileNotUnderWay, FileUnderWay, ImportCutOff
from app.lists.reading import Reading, Wish
from app.lists.rows import BATCH
from app.records.engine import reading
from tests.lists.lists import job_row, write_list
from tests.records.lists import make_campaign
from tests.records.stories import DAWN

DEADLINE_S = 60.0


@asynccontextmanager
async def open_desk(engine: AsyncEngine, folder: Path) -> AsyncIterator[Imports]:
    """A desk at work; it stops at once, as when the service stops."""
    desk = Imports(engine, folder, 1 << 20, lambda: DAWN)
    async with asyncio.TaskGroup() as group:
        working = group.create_task(desk.run())
        yield desk
        working.cancel()


async def until(engine: AsyncEngine, job: int, *states: str, rows: int = 0) -> ImportJobRow:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            row = await job_row(engine, job)
            if row.state in states and row.rows >= rows:
                return row
            await asyncio.sleep(0.002)


async def pieces(file: Path) -> AsyncIterator[bytes]:
    yield await asyncio.to_thread(file.read_bytes)


async def until_brought(engine: AsyncEngine, campaign: CampaignId) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            async with reading(engine) as session:
                if await page_jobs(session, campaign):
                    return
            await asyncio.sleep(0.002)


async def leads_in(engine: AsyncEngine, campaign: CampaignId) -> int:
    async with reading(engine) as session:
        return sum((await count_leads(session, [campaign]))[campaign].values())


async def test_what_a_stop_cuts_off_goes_on(engine: AsyncEngine, tmp_path: Path) -> None:
    campaign = await make_campaign(engine)
    rows = BATCH * 8
    file = write_list(tmp_path / "list.csv", rows)
    folder = tmp_path / "imports"
    async with open_desk(engine, folder) as desk:
        row = await desk.receive(campaign, "list.csv", pieces(file), SERVICE)
        assert row.id is not None
        job = row.id
        await until(engine, row.id, "uploaded")  # a long look goes on after the answer
        await desk.start(row.id or 0, dry_run=False, who=SERVICE)
        await until(engine, job, "running", rows=BATCH)
    (folder / "coming-0123").write_bytes(b"half a file")
    stopped_at = (await job_row(engine, job)).rows
    assert BATCH <= stopped_at < rows
    assert await leads_in(engine, campaign) == stopped_at
    async with open_desk(engine, folder) as desk:
        row = await until(engine, job, "cut_off")
        assert row.note == str(ImportCutOff())
        assert row.fault == {"code": "import.cut_off", "params": {}}
        await desk.start(row.id or 0, dry_run=False, who=SERVICE)
        row = await until(engine, job, "done")
        assert (row.rows, row.added, row.duplicates) == (rows, rows, 0)
        assert await leads_in(engine, campaign) == rows
        assert sorted(path.name for path in folder.iterdir()) == [f"{job}-leads", f"{job}-rejected.csv"]
        with pytest.raises(ImportUnfit):
            await desk.start(row.id or 0, dry_run=False, who=SERVICE)
        await desk.undo(row.id or 0, SERVICE)
        await until(engine, job, "undone")
        assert await leads_in(engine, campaign) == 0


async def test_a_file_brought_while_the_service_starts_is_no_work_of_before(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    campaign = await make_campaign(engine)
    columns = (ColumnRole.EXTERNAL_ID, ColumnRole.SURNAME, ColumnRole.PHONE)
    (tmp_path / "list.csv").write_bytes(b"a;x;5550 0001\n")
    desk = Imports(engine, tmp_path / "imports", 1 << 20, lambda: DAWN)
    async with asyncio.TaskGroup() as group:
        bringing = group.create_task(desk.receive(campaign, "x", pieces(tmp_path / "list.csv"), SERVICE))
        await until_brought(engine, campaign)
        working = group.create_task(desk.run())
        brought = await until(engine, (await bringing).id or 0, "uploaded")
        row = await desk.read_as(brought.id or 0, Wish(columns=columns))
        assert Reading.from_json(row.reading).columns == columns
        await desk.start(row.id or 0, dry_run=False, who=SERVICE)
        assert (await until(engine, row.id or 0, "done", "cut_off")).state == "done"
        working.cancel()


async def test_what_was_left_is_seen_to_once_the_database_can_be_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(left_over, "RETRY_S", 0.0)
    tries: list[int] = []

    async def see_to() -> None:
        tries.append(len(tries))
        if len(tries) < 3:
            raise OperationalError("select", None, OSError("away"))

    left = left_over.LeftOver(see_to)
    with pytest.raises(OperationalError):
        await left.seen_to()
    await left.in_the_end()
    await left.seen_to()
    assert len(tries) == 3


async def test_files_are_kept_from_others(engine: AsyncEngine, tmp_path: Path) -> None:
    campaign = await make_campaign(engine)
    folder = tmp_path / "imports"
    async with open_desk(engine, folder) as desk:
        row = await desk.receive(campaign, "x", pieces(write_list(tmp_path / "list.csv", 3)), SERVICE)
        assert folder.stat().st_mode & 0o077 == 0
        await desk.forget(row.id or 0)
        assert list(folder.iterdir()) == []


async def test_a_cancelled_import_stops(engine: AsyncEngine, tmp_path: Path) -> None:
    campaign = await make_campaign(engine)
    async with open_desk(engine, tmp_path / "imports") as desk:
        file = write_list(tmp_path / "list.csv", BATCH * 24)
        row = await desk.receive(campaign, "x", pieces(file), SERVICE)
        assert row.id is not None
        await until(engine, row.id, "uploaded")  # a long look goes on after the answer
        await desk.start(row.id or 0, dry_run=False, who=SERVICE)
        await until(engine, row.id, "running", rows=BATCH)
        with pytest.raises(FileUnderWay):
            await desk.forget(row.id)
        await desk.cancel(row.id or 0)
        row = await until(engine, row.id, "cancelled")
        assert await leads_in(engine, campaign) == row.added < BATCH * 24
        with pytest.raises(FileNotUnderWay):
            await desk.cancel(row.id or 0)
