"""The PBX's own event log, written by a real Asterisk: PostgreSQL tells the same as SQLite."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app import clock
from app.demo.sipp import Callers
from app.pbx.cel import EventLog
from app.pbx.configuration import fill
from app.pbx.history import PastCall, past_calls
from app.pbx.sandbox import Sandbox, shipped
from app.pbx.softphones import Route, SoftphoneStore
from tests.records.postgres import PostgresServer

NUMBER = "3726000330"
ROOT = Path(__file__).parents[2]
LOGGED_S = 10.0


async def test_both_stores_tell_the_same(postgres: PostgresServer, tmp_path: Path) -> None:
    await _run(postgres.url(), "CREATE DATABASE asterisk", autocommit=True)
    await _run(postgres.url(), "CREATE ROLE asterisk LOGIN")
    tables = (ROOT / "docker/postgres/asterisk.sql").read_text()
    url = postgres.url("asterisk")
    for statement in re.sub("--.*", "", tables).split(";"):
        if statement.strip():
            await _run(url, statement)
    socket_dir = url.partition("host=")[2]
    values = {
        "PG_HOST": socket_dir,
        "PG_PORT": "5432",
        "PG_DATABASE": "asterisk",
        "PG_USER": "asterisk",
        "PG_PASSWORD": "",
    }
    conf = fill((shipped("asterisk") / "postgresql" / "cel_pgsql.conf").read_text(), values)
    pbx = Sandbox(
        tmp_path / "pbx", extra={"cel_pgsql.conf": conf, "modules_storage.conf": "load = cel_pgsql.so\n"}
    )
    await pbx.start()
    try:
        async with SoftphoneStore(pbx.softphones_url) as store:
            await store.put_route(Route(NUMBER, "queue", "tugi", answer=True))
        began = clock.utc_now()
        async with Callers(pbx.layout, NUMBER, calls=2, talk_ms=1000) as callers:
            await callers.done()
        period = began - timedelta(seconds=5), clock.utc_now() + timedelta(seconds=5)
        logs = [EventLog(pbx.event_log_url), EventLog(url)]
        try:
            sqlite, postgresql = [await _calls(log, *period) for log in logs]
            assert [await log.stories_since(await log.last_id()) for log in logs] == [[], []]
            before = began - timedelta(days=1)
            assert [await log.stories_between(before, period[0]) for log in logs] == [[], []]
        finally:
            for log in logs:
                await log.close()
    finally:
        await pbx.stop()
    assert len(sqlite) == 2
    for one, other in zip(sqlite, postgresql, strict=True):
        assert one.over
        assert one.record._replace(arrived_at=began, ended_at=began, duration_s=0, waited_s=0) == (
            other.record._replace(arrived_at=began, ended_at=began, duration_s=0, waited_s=0)
        )
        assert abs(one.record.arrived_at - other.record.arrived_at) < timedelta(seconds=0.01)
        assert abs(one.record.duration_s - other.record.duration_s) < 0.01
        assert 0.9 < one.record.duration_s < 3


async def _calls(log: EventLog, *period: object) -> list[PastCall]:
    """The calls of the period, once both are over: another process's log has no event for us."""
    async with asyncio.timeout(LOGGED_S):
        while True:
            stories = await log.stories_between(*period)  # type: ignore[arg-type]
            calls = list(past_calls(await log.families(stories), {}))
            if len([call for call in calls if call.over]) == 2:
                return calls
            await asyncio.sleep(0.05)


async def _run(url: str, statement: str, *, autocommit: bool = False) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT" if autocommit else "READ COMMITTED")
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
