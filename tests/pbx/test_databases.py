"""The PBX's two databases: one that is another's is refused, on SQLite and PostgreSQL, and none is ever made."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.pbx.event_log import EventLog
from app.pbx.realtime.database import RealtimeUnfit, open_realtime
from app.pbx.realtime.softphones import SoftphoneStore
from app.sandbox.sandbox import shipped
from app.service.starting import CannotStart, check_event_log


@pytest.fixture
def url(empty_url: str, backend: str, tmp_path: Path) -> str:
    """An empty database that is there."""
    if backend == "sqlite":
        (tmp_path / "keskus.db").touch()
    return empty_url


async def run(url: str, *statements: str) -> None:
    engine = open_realtime(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def test_an_empty_database_gets_its_tables_and_another_s_does_not(url: str) -> None:
    store = SoftphoneStore(url)
    await store.create_schema()
    await store.create_schema()
    assert await store.names() == []
    await store.close()


async def test_a_database_of_something_else_is_left_as_it_is(url: str) -> None:
    await run(url, "CREATE TABLE book (id INTEGER)")
    store = SoftphoneStore(url)
    with pytest.raises(RealtimeUnfit, match="another's, with tables such as book"):
        await store.create_schema()
    await store.close()
    await run(url, "DROP TABLE book", "CREATE TABLE ps_endpoints (id VARCHAR(80))")  # nothing else was made


async def test_an_event_log_has_its_table_and_columns(url: str, backend: str) -> None:
    with pytest.raises(CannotStart, match=r"KESKUS__PBX__EVENT_LOG_URL.*no table cel"):
        await check_event_log(url)
    await run(url, "CREATE TABLE cel (eventtype VARCHAR(30))")
    with pytest.raises(CannotStart, match=r"lacks .*eventtime"):
        await check_event_log(url)
    folder = Path(__file__).parents[2] / "docker" / "postgres" / "asterisk.sql"
    script = shipped("asterisk") / "sqlite" / "cel.sql" if backend == "sqlite" else folder
    table = script.read_text().partition("CREATE TABLE")[2].partition(";")[0]
    await run(url, "DROP TABLE cel", f"CREATE TABLE {table}")
    await check_event_log(url)
    events = EventLog(url)
    assert await events.last_id() == 0
    await events.close()


async def test_a_database_that_is_not_there_is_told(url: str, backend: str) -> None:
    there = make_url(url)
    other = there.set(database=f"{there.database}_none").render_as_string(hide_password=False)
    with pytest.raises(
        CannotStart, match="does not exist" if backend == "postgresql" else "there is no file"
    ):
        await check_event_log(other)
