"""The PBX's own event log loses a person, and keeps its rows, on SQLite and PostgreSQL."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from app.pbx.log_erasure import LogErasure
from app.pbx.realtime.database import open_realtime
from app.sandbox.sandbox import shipped

ROWS = (
    ("CHAN_START", "1.1", "1.1", "+37255500123", "MARI", "", "{}"),
    (
        "APP_START",
        "1.1",
        "1.1",
        "+37255500123",
        "MARI",
        "PJSIP/00037255500123@trunk",
        '{"dial":"37255500123"}',
    ),
    ("CHAN_START", "1.2", "1.1", "6001000", "", "", '{"bridge_id":"b"}'),
    ("CHAN_START", "2.1", "2.1", "+37255500999", "JAAN", "", "{}"),
)


@pytest.fixture
async def url(empty_url: str, backend: str, tmp_path: Path) -> str:
    """An event log with rows."""
    if backend == "sqlite":
        (tmp_path / "keskus.db").touch()
    folder = Path(__file__).parents[2] / "docker" / "postgres" / "asterisk.sql"
    script = shipped("asterisk") / "sqlite" / "cel.sql" if backend == "sqlite" else folder
    table = script.read_text().partition("CREATE TABLE")[2].partition(";")[0]
    engine = open_realtime(empty_url)
    async with engine.begin() as connection:
        await connection.execute(text(f"CREATE TABLE {table}"))
        for event, unique, linked, number, name, data, extra in ROWS:
            await connection.execute(
                text(
                    "INSERT INTO cel (eventtype, eventtime, uniqueid, linkedid, cid_num, cid_name, appdata, extra) "
                    "VALUES (:event, :at, :unique, :linked, :number, :name, :data, :extra)"
                ).bindparams(
                    at=datetime(2026, 3, 2, 9),  # noqa: DTZ001 - as Asterisk writes it
                    event=event,
                    unique=unique,
                    linked=linked,
                    number=number,
                    name=name,
                    data=data,
                    extra=extra,
                )
            )
    await engine.dispose()
    return empty_url


def _files(url: str) -> bytes:
    """What the files of an SQLite database hold, its write-ahead log among them."""
    file = Path(make_url(url).database or "")
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*") if path.is_file())


async def test_rows_of_a_call_lose_who_called(url: str) -> None:
    log = LogErasure(url)
    await log.erase(["1.1"], ["+37255500123"])
    left = _files(url)
    await log.close()
    assert b"255500123" not in left
    engine = open_realtime(url)
    async with engine.connect() as connection:
        columns = "uniqueid, cid_num, cid_name, appdata, extra"
        rows = (
            await connection.execute(text(f"SELECT {columns} FROM cel ORDER BY uniqueid, eventtype"))
        ).all()
    await engine.dispose()
    assert [tuple(row) for row in rows] == [
        ("1.1", "", "", "", "{}"),
        ("1.1", "", "", "", "{}"),
        ("1.2", "", "", "", '{"bridge_id":"b"}'),
        ("2.1", "+37255500999", "JAAN", "", "{}"),
    ]
