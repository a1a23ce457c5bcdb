"""A real Asterisk by the sandbox's own means, several at once, from any process."""

import asyncio
import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sandbox.configuration import fill
from app.sandbox.packages import SandboxError, fetch_tool
from app.sandbox.sandbox import SOCKET_PATH_MAX, ManagerUser, Sandbox
from tests.ami import Ami


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a Unix socket's must fit in 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="keskus-") as name:
        yield Path(name)


START = """
import asyncio, pathlib, sys
from app.sandbox.sandbox import Sandbox
asyncio.run(Sandbox(pathlib.Path(sys.argv[1])).start())
"""


async def test_the_event_log_is_found_in_the_longest_folder(folder: Path) -> None:
    """Of a file's whole path Asterisk reads 79 characters, and logs into another one."""
    room = SOCKET_PATH_MAX - len("/asterisk.ctl") - len(str(folder)) - 1
    sandbox = Sandbox(folder / ("f" * room))
    try:
        await sandbox.start()
        assert os.listdir(folder) == [sandbox.run_dir.name]  # noqa: PTH208 - of a moment
        assert [name for name in os.listdir(sandbox.run_dir) if name.endswith(".db")] == ["cel.db"]  # noqa: PTH208
    finally:
        await sandbox.stop()


async def test_every_table_is_there_before_asterisk_misses_it(folder: Path) -> None:
    """In a process that has loaded the sandbox alone; a table that Asterisk makes itself lacks columns."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", START, str(folder / "pbx"))
    try:
        assert await process.wait() == 0
    finally:
        await Sandbox(folder / "pbx").stop()
    with contextlib.closing(sqlite3.connect(folder / "pbx" / "realtime.sqlite")) as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(queue_members)")}
    assert {"queue_name", "interface", "penalty", "paused"} <= columns


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_two_live_side_by_side_and_are_found_by_their_folders(sandbox: Sandbox, folder: Path) -> None:
    other = Sandbox(
        folder / "pbx", system_name="second", extra={"queues.conf": "[test]\nstrategy = ringall\n"}
    )
    with pytest.raises(SandboxError, match="no sandbox"):
        _ = other.layout
    layout = await other.start()
    try:
        assert {layout.sip_port, layout.http_port, layout.ami_port, layout.trunk_port}.isdisjoint(
            {
                sandbox.layout.sip_port,
                sandbox.layout.http_port,
                sandbox.layout.ami_port,
                sandbox.layout.trunk_port,
            }
        )
        found = Sandbox(folder / "pbx")  # as another process would
        assert found.layout == layout
        status = await found.status()
        assert status.running
        assert "test has 0 calls" in await found.cli("queue show test")
        assert await found.start() == layout  # it runs already
        assert (await found.status()).pid == status.pid
        assert "ERROR" not in found.log_file.read_text()
        for name in ("layout.json", "etc/manager.conf", "etc/pjsip.conf"):
            assert _mode(folder / "pbx" / name) == 0o600
        assert layout.ami_secret not in repr(layout)
    finally:
        await other.stop()
    assert not (await other.status()).running
    with pytest.raises(SandboxError, match="no Asterisk runs"):
        await other.cli("core show version")
    await other.stop()  # nothing to do


async def test_it_comes_back_on_the_same_ports_after_a_power_failure(folder: Path) -> None:
    pbx = Sandbox(folder)
    layout = await pbx.start()
    try:
        await pbx.kill()
        assert not (await pbx.status()).running
        assert await pbx.start() == layout
        async with Ami(layout.ami_port, layout.ami_username, layout.ami_secret) as ami:
            assert (await ami.action("Ping"))[0]["Response"] == "Success"
    finally:
        await pbx.stop()


async def test_a_bench_may_see_more_than_the_service(folder: Path) -> None:
    pbx = Sandbox(folder, users=[ManagerUser("bench", "see-all", read="all")])
    layout = await pbx.start()
    try:
        async with (
            Ami(layout.ami_port, "bench", "see-all") as bench,
            Ami(layout.ami_port, layout.ami_username, layout.ami_secret) as service,
        ):
            await service.action("Setvar", Variable="KESKUS_TEST", Value="1")
            await bench.wait("VarSet", Variable="KESKUS_TEST")
            await service.action("Ping")
            assert not service.events
    finally:
        await pbx.stop()


@pytest.mark.parametrize(
    ("action", "headers"),
    [
        ("Command", {"Command": "core show version"}),
        ("UpdateConfig", {"SrcFilename": "a.conf", "DstFilename": "b.conf"}),
        ("ModuleLoad", {"LoadType": "unload", "Module": "chan_pjsip.so"}),
        ("DBPut", {"Family": "a", "Key": "b", "Val": "c"}),
        ("Originate", {"Channel": "Local/s@keskus-hold", "Application": "System", "Data": "id"}),
    ],
)
async def test_the_services_account_runs_no_programs(ami: Ami, action: str, headers: dict[str, str]) -> None:
    reply = (await ami.action(action, **headers))[0]
    assert reply["Response"] == "Error"
    assert any(word in reply["Message"] for word in ("ermission", "Forbidden"))


@pytest.mark.parametrize(
    ("action", "headers", "last"),
    [
        ("CoreShowChannels", {}, "CoreShowChannelsComplete"),
        ("DeviceStateList", {}, "DeviceStateListComplete"),
        ("QueueStatus", {}, "QueueStatusComplete"),
        ("CoreStatus", {}, ""),
        ("Getvar", {"Variable": "KESKUS_TRUNK"}, ""),
        ("Setvar", {"Variable": "KESKUS_TEST", "Value": "2"}, ""),
    ],
)
async def test_the_services_account_may_do_its_work(
    ami: Ami, action: str, headers: dict[str, str], last: str
) -> None:
    reply = await ami.action(action, last=last, **headers)
    assert reply[0]["Response"] == "Success"
    assert not last or reply[-1]["Event"] == last


async def test_a_wrong_secret_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(AssertionError, match="refused the login"):
        async with Ami(sandbox.layout.ami_port, "keskus", "guess"):
            pass


async def test_a_path_too_long_for_a_socket_is_named(folder: Path) -> None:
    with pytest.raises(SandboxError, match="too long"):
        await Sandbox(folder / ("x" * 120)).start()


async def test_without_apt_and_asterisk_it_points_to_the_container(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("app.sandbox.program.SYSTEM_PATHS", str(folder))
    with pytest.raises(SandboxError, match="docker compose up"):
        await Sandbox(folder / "pbx").start()


def test_a_template_may_ask_only_for_what_there_is() -> None:
    assert fill("bind = @HOST@:@PORT@", {"HOST": "h", "PORT": "1"}) == "bind = h:1"
    with pytest.raises(SandboxError, match="PORT"):
        fill("@PORT@", {})


FAKE_TOOLS = {
    "apt-get": """
case "$*" in
  *install*)
    echo run >> "$COUNT"
    for option in "$@"; do
      case "$option" in
        Dir::Cache::archives=*) touch "${option#*=}/thing_1.deb" ;;
        APT::Status-Fd=*) eval "echo dlstatus:1:50.0:half >&${option#*=}" ;;
      esac
    done ;;
esac
""",
    "apt-cache": "echo '  Candidate: 1'",
    "dpkg": 'mkdir -p "$3/usr/bin" && touch "$3/usr/bin/thing"',
}


@pytest.fixture
def fake_apt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FAKE_TOOLS.items():
        (folder / name).write_text(f"#!/bin/bash\n{text}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setenv("COUNT", str(folder / "count"))
    return folder


async def test_a_first_use_by_two_fetches_once(fake_apt: Path) -> None:
    said: list[tuple[str, float]] = []

    def progress(what: str, share: float) -> None:
        said.append((what, share))

    async with asyncio.TaskGroup() as group:
        both = [group.create_task(fetch_tool("thing", ["thing"], progress)) for _ in range(2)]
    assert both[0].result() == both[1].result()
    assert (both[0].result().root / "usr/bin/thing").exists()
    assert (fake_apt / "count").read_text().count("run") == 1
    assert ("downloading", 0.5) in said
    assert said[-1] == ("unpacking", 1.0)


async def test_a_fetch_that_fails_leaves_nothing_half_done(fake_apt: Path) -> None:
    (fake_apt / "dpkg").write_text("#!/bin/sh\necho broken >&2; exit 2\n")
    with pytest.raises(SandboxError, match="broken"):
        await fetch_tool("thing", ["thing"])
    (fake_apt / "dpkg").write_text(f"#!/bin/sh\n{FAKE_TOOLS['dpkg']}\n")
    assert (await fetch_tool("thing", ["thing"])).root.is_dir()


async def test_what_it_prints_when_it_is_up_is_all_that_serve_needs(sandbox: Sandbox) -> None:
    """Pasted into a shell: its settings are those of the sandbox, and no secret is on the screen."""
    program = Path(sys.executable).parent / "keskus"
    command = f"{program} pbx up --run-dir {sandbox.run_dir}"  # it is up already
    said = await asyncio.to_thread(
        subprocess.run,
        ["sh", "-c", f'{command}; eval "$({command} | grep ^export)"; exec {program} settings'],
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    layout = sandbox.layout
    assert layout.ami_secret not in said.stdout + said.stderr
    for line in (
        f"port = {layout.ami_port}",
        f'sip_address = "{layout.host}:{layout.sip_port}"',
        f'websocket_url = "{layout.websocket_url}"',
        f'#softphones_url = "{sandbox.softphones_url}"',
        f'#event_log_url = "{sandbox.event_log_url}"',
        f'sounds = "{sandbox.sounds}"',
    ):
        assert f"\n{line}\n" in said.stdout, said.stdout
    assert (sandbox.run_dir / "ami_secret").read_text() == layout.ami_secret
    assert f"from {sandbox.run_dir / 'ami_secret'}, named by KESKUS__PBX__SECRET_FILE" in said.stdout
