"""`keskus db rebuild`: records made anew from the log of a real PBX, and a report of what differed."""

import asyncio
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, update
from sqlmodel import col

from app.demo.sipp import Callers, Softphones
from app.history.rebuild import Report, rebuild
from app.pbx.event_log import EventLog
from app.records.changes import Kind
from app.records.engine import open_engine, writing
from app.records.tables import CallLegRow, CallRow
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.running import running_service, sqlite_url

NUMBER = "3726000320"
CALLS = 4


async def test_records_are_made_anew_and_what_differed_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    async with running_service(sandbox, url) as service:
        await service.ask("POST", "/queues", {"id": "uus", "title": "Uus", "wrap_up_s": 0})
        await service.ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "uus"})
        (one,) = await service.add_operators(1, "uus")
        await service.ask("PUT", f"/operators/{one['id']}/state", {"presence": "available"})
        account = one["sip"]["username"], one["sip"]["secret"]
        phones = Softphones(sandbox.layout, [account], answer_ms=50, talk_ms=200)
        began = clock.utc_now()  # the service's start lies between it and the calls of other tests
        async with phones, Callers(sandbox.layout, NUMBER, calls=CALLS, rate=2) as callers:
            await callers.done()
        await service.outcomes.until_ended(CALLS)
        calls = [call["id"] for call in await service.all_calls()]
    period = began, clock.utc_now() + timedelta(minutes=1)

    async def look(*, write: bool = False) -> Report:
        engine, events = open_engine(url), EventLog(sandbox.event_log_url)
        try:
            return await rebuild(engine, events, *period, write=write, region="EE")
        finally:
            await events.close()
            await engine.dispose()

    whole = await look(write=True)
    assert (whole.logged, whole.changes, whole.not_logged, whole.open) == (CALLS, [], [], 0)

    engine = open_engine(url)
    async with writing(engine) as session:
        await session.execute(delete(CallLegRow).where(col(CallLegRow.call_id) == calls[0]))
        await session.execute(delete(CallRow).where(col(CallRow.id) == calls[0]))
        await session.execute(update(CallRow).where(col(CallRow.id) == calls[1]).values(ended_at=None))
        await session.execute(update(CallRow).where(col(CallRow.id) == calls[2]).values(outcome="abandoned"))
    await engine.dispose()

    expected = {calls[0]: Kind.ADDED, calls[1]: Kind.COMPLETED, calls[2]: Kind.CORRECTED}
    code, said = await keskus(sandbox, url, *period, "--check")
    assert code == 1
    for call, kind in expected.items():
        assert any(call in line and kind.value in line for line in said.splitlines()), said
    assert {change.call: change.kind for change in (await look()).changes} == expected
    assert (await keskus(sandbox, url, *period))[0] == 0
    assert (await look()).changes == []
    code, said = await keskus(sandbox, url, *period, "--check")
    assert (code, f"{CALLS} agree" in said) == (0, True), said


async def keskus(
    sandbox: Sandbox, url: str, from_at: datetime, to_at: datetime, *options: str
) -> tuple[int, str]:
    """Run it as the administrator does."""
    local = [at.astimezone().replace(tzinfo=None, microsecond=0).isoformat() for at in (from_at, to_at)]
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("keskus"), "db", "rebuild", "--from", local[0], "--to", local[1], *options,
        env={
            **os.environ, "COLUMNS": "200",
            "KESKUS__DATABASE__URL": url, "KESKUS__PBX__EVENT_LOG_URL": sandbox.event_log_url,
        },
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()
