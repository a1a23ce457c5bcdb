"""Asterisk's log stays small, whatever is written into it."""

import asyncio
from pathlib import Path

from app.pbx.ami.link import Link
from app.pbx.ami.session import LinkSettings
from app.pbx.pbx_log import KEPT, MAX_BYTES, PbxLog, set_aside
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami
from tests.live_floor import live_floor


async def complain(ami: Ami, log: Path, what: str) -> None:
    """Let the PBX write a line, and wait until it stands there: another process's file has no event for us."""
    await ami.action("Getvar", Variable=f"PJSIP_ENDPOINT({what},auth)")
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(log.is_file) or what not in await asyncio.to_thread(log.read_text):
            await ami.action("Ping")


async def test_a_new_file_begins_when_the_old_one_has_grown(sandbox: Sandbox, ami: Ami) -> None:
    log = sandbox.log_file
    async with live_floor(sandbox) as live:
        await complain(ami, log, "nobody0")
        assert not await PbxLog(log, MAX_BYTES, live.pbx.link).look()
        for turn in range(1, KEPT + 3):
            assert await PbxLog(log, 10, live.pbx.link).look()
            await complain(ami, log, f"nobody{turn}")
            assert f"nobody{turn - 1}" not in log.read_text()
            assert f"nobody{turn - 1}" in log.with_name("messages.log.1").read_text()
    old = sorted(path.name for path in log.parent.glob("messages.log.*"))
    assert old == [f"messages.log.{number}" for number in range(1, KEPT + 1)]


async def test_a_pbx_that_is_away_keeps_its_file(tmp_path: Path) -> None:
    link = Link(LinkSettings(username="x", secret="x"), lambda _: None, lambda _: None, lambda *_: None, ())
    log = tmp_path / "messages.log"
    log.write_text("long enough")
    assert not await PbxLog(log, 1, link).look()
    assert log.read_text() == "long enough"


async def test_a_sandbox_begins_with_a_new_file_when_the_old_one_has_grown(tmp_path: Path) -> None:
    own = Sandbox(tmp_path / "pbx")
    own.log_file.parent.mkdir(parents=True)
    own.log_file.write_bytes(b"x" * (MAX_BYTES + 1))
    await own.start()
    try:
        assert own.log_file.stat().st_size < MAX_BYTES
        assert own.log_file.with_name("messages.log.1").stat().st_size == MAX_BYTES + 1
    finally:
        await own.stop()


def test_the_oldest_goes(tmp_path: Path) -> None:
    log = tmp_path / "messages.log"
    for turn in range(KEPT + 3):
        log.write_text(str(turn))
        set_aside(log)
    assert [log.with_name(f"{log.name}.{n}").read_text() for n in range(1, KEPT + 1)] == ["6", "5", "4", "3"]
    assert len(list(tmp_path.iterdir())) == KEPT
