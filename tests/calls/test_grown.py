"""The grown house: accounts, routes, queues, event log and records in PostgreSQL, as compose has them."""

import contextlib
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.demo.sipp import Callers, Softphones
from app.history.rebuild import rebuild
from app.pbx.event_log import EventLog
from app.records.engine import open_engine
from app.sandbox.sandbox import PostgresAccess, Sandbox
from app.system import clock
from tests.records.postgres import PostgresServer
from tests.running import running_service

NUMBER = "3726000340"
TABLES = Path(__file__).parents[2] / "docker" / "postgres" / "asterisk.sql"


@pytest.fixture
async def grown(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[tuple[Sandbox, str]]:
    """A PBX on PostgreSQL, and the address of the records."""
    await _run(postgres.url(), "CREATE DATABASE pbx", "CREATE DATABASE records", "CREATE ROLE asterisk LOGIN")
    url = postgres.url("pbx")
    statements = re.sub("--.*", "", TABLES.read_text()).split(";")
    await _run(url, *(statement for statement in statements if statement.strip()))
    access = PostgresAccess(url, host=url.partition("host=")[2], database="pbx")
    sandbox = Sandbox(tmp_path / "pbx", postgres=access)
    await sandbox.start()
    try:
        yield sandbox, postgres.url("records")
    finally:
        await sandbox.stop()


async def test_calls_with_the_service_and_without_it(grown: tuple[Sandbox, str]) -> None:
    sandbox, records = grown
    began = clock.utc_now()
    async with contextlib.AsyncExitStack() as stack:
        async with running_service(sandbox, records) as service:
            await service.ask("POST", "/queues", {"id": "suur", "title": "Suur", "wrap_up_s": 0})
            await service.ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "suur"})
            (operator,) = await service.add_operators(1, "suur")
            await service.ask("PUT", f"/operators/{operator['id']}/state", {"presence": "available"})
            account = operator["sip"]["username"], operator["sip"]["secret"]
            phones = Softphones(sandbox.layout, [account], answer_ms=50, talk_ms=700)
            await stack.enter_async_context(phones)
            async with Callers(sandbox.layout, NUMBER, first=1) as caller:
                await caller.done()
            await service.outcomes.until_ended(1)
        async with Callers(sandbox.layout, NUMBER, first=2) as caller:  # the PBX by itself
            await phones.wait("answered", 2)
            await caller.done()
        async with running_service(sandbox, records) as service:
            calls = {call["caller_number"][-1]: call for call in await service.records_of(2)}
    assert [calls[number]["source"] for number in "12"] == ["heard", "log"]
    assert {call["outcome"] for call in calls.values()} == {"answered"}
    assert {call["operator"] for call in calls.values()} == {operator["id"]}
    assert all(abs(call["talked_s"] - 0.7) < 0.5 for call in calls.values())
    await _the_log_agrees(sandbox, records, began)


async def _the_log_agrees(sandbox: Sandbox, records: str, began: datetime) -> None:
    """The log tells of both calls what the records do."""
    engine, events = open_engine(records), EventLog(sandbox.event_log_url)
    second = timedelta(seconds=1)
    report = await rebuild(engine, events, began - second, clock.utc_now() + second, write=False, region="EE")
    await events.close()
    await engine.dispose()
    assert (report.logged, report.changes, report.not_logged, report.open) == (2, [], [], 0)


async def _run(url: str, *statements: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()
