"""`keskus serve` that cannot keep records does not start, and says why in a line.

The command runs within the test. In a process of its own it runs where the disk, or another process, is in its way.
"""

import asyncio
import contextlib
import shlex
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.commands import app
from app.records.spool import Spool
from app.system import logs
from tests.records.test_disk_full import UNSHARE, mount_refusal

_PROGRAM = Path(sys.executable).parent / "keskus"


def make(file: Path, script: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.executescript(script)


def environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    named = {name if "__" in name else f"KESKUS__DATABASE__{name}": said for name, said in settings.items()}
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder), "COLUMNS": "300", "KESKUS__HTTP__PORT": "0"} | named


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The command finds the test's folder, and changes neither this process's log nor its threads' turns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "configure", lambda *_, **__: None)
    interval_s = sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval_s)


def refused(folder: Path, **settings: str) -> str:
    """What the command says before it ends with status 2."""
    done = CliRunner().invoke(app, ["serve"], env=environment(folder, settings))
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == 2, done.output
    return done.output


async def program_refused(folder: Path, mounted: str = "", **settings: str) -> str:
    """The same of the program, perhaps with a disk that only it sees."""
    command = [str(_PROGRAM), "serve"]
    if mounted:
        command = [*UNSHARE, "sh", "-c", f"{mounted} && exec {shlex.join(command)}"]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment(folder, settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(60):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 2, said.decode()
    return said.decode()


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"SPOOL": "nowhere/keskus.spool"}, "cannot open the spool nowhere/keskus.spool: No such file"),
        ({"SPOOL": "."}, "cannot open the spool .: Is a directory"),
        ({"SPOOL": "letter"}, "letter is no spool; it was left as it is"),
        ({"SPOOL_MB": "0"}, "KESKUS__DATABASE__SPOOL_MB: Input should be greater than or equal to 1"),
        ({"KESKUS__HTTP__PROXYS": "[]"}, "KESKUS__HTTP__PROXYS: there is no such setting"),
        (
            {"KESKUS__ADMIN__PASSWORD": "password2026"},
            "KESKUS__ADMIN__PASSWORD: this password is easily guessed",
        ),
        ({"URL": "postgresql://keskus@127.0.0.1:1/keskus"}, "cannot use the database"),
        ({"KESKUS__PBX__SOFTPHONES_URL": "sqlite:///reltime.sqlite"}, "there is no file reltime.sqlite"),
        (
            {"KESKUS__PBX__SOFTPHONES_URL": "sqlite:///other.sqlite"},
            "this database is another's, with tables such as book",
        ),
        ({"KESKUS__PBX__SOFTPHONES_URL": "sqlite:///keskus.sqlite"}, "this database is another's"),
        ({"KESKUS__PBX__SOFTPHONES_URL": "sqlite:///letter"}, "file is not a database"),
        ({"KESKUS__PBX__SOFTPHONES_URL": "reltime.sqlite"}, "this is no database's address"),
        ({"KESKUS__PBX__SOFTPHONES_URL": "mysql://a@b/c"}, "mysql://a@b/c cannot be used"),
        (
            {"KESKUS__PBX__SOFTPHONES_URL": "postgresql://a:b@127.0.0.1:1/c"},
            "cannot use the PBX's database of accounts",
        ),
        ({"KESKUS__PBX__EVENT_LOG_URL": "sqlite:///cell.db"}, "there is no file cell.db"),
        ({"KESKUS__PBX__EVENT_LOG_URL": "sqlite:///other.sqlite"}, "this database has no table cel"),
        ({"KESKUS__PBX__EVENT_LOG_URL": "sqlite:///old.db"}, "its table cel lacks AcctId, appdata"),
        ({"KESKUS__PBX__EVENT_LOG_URL": "postgresql://a:b@127.0.0.1:1/c"}, "cannot use the PBX's event log"),
        (
            {"KESKUS__HTTP__HOST": "192.0.2.1"},
            "cannot listen on 192.0.2.1:0: Cannot assign requested address",
        ),
        ({"KESKUS__IMPORTS__FOLDER": "letter"}, "lists (KESKUS__IMPORTS__FOLDER): letter is a file"),
    ],
)
def test_it_says_why_it_does_not_start(tmp_path: Path, settings: dict[str, str], why: str) -> None:
    (tmp_path / "letter").write_text("Dear all")
    make(tmp_path / "other.sqlite", "CREATE TABLE book (id)")
    make(tmp_path / "old.db", "CREATE TABLE cel (eventtype, eventtime)")
    said = refused(tmp_path, **settings)
    assert why in said
    assert "Traceback" not in said
    assert (tmp_path / "letter").read_text() == "Dear all"
    assert not (tmp_path / "reltime.sqlite").exists()
    assert not (tmp_path / "cell.db").exists()


@pytest.mark.usefixtures("at_home")
def test_a_newer_database_is_left_to_the_newer_version(tmp_path: Path) -> None:
    make(
        tmp_path / "keskus.sqlite",
        "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('9999')",
    )
    assert "was last used by another version of Keskus" in refused(tmp_path)


READ_ONLY, FULL = "mount -o remount,ro {disk}", "(head -c 9000000 /dev/zero > {disk}/filler || true) 2>&-"


@pytest.mark.parametrize(
    ("how", "spool", "why"),
    [
        (READ_ONLY, None, "cannot open the spool {disk}/keskus.sqlite.spool: Read-only file system"),
        (FULL, None, "cannot use the spool {disk}/keskus.sqlite.spool: No space left on device"),
        (READ_ONLY, "here.spool", "let this user read and write the file and its folder"),
        (FULL, "here.spool", "make room on its disk"),
    ],
)
async def test_a_disk_that_takes_nothing_is_told(
    tmp_path: Path, how: str, spool: str | None, why: str
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = f"mount -t tmpfs -o size=1m none {disk} && {how.format(disk=disk)}"
    if (refusal := mount_refusal(mounted)) is not None:
        pytest.skip(f"no disk can be mounted here: {refusal}")
    settings = {"URL": f"sqlite:///{disk}/keskus.sqlite"} | ({"SPOOL": spool} if spool else {})
    said = await program_refused(tmp_path, mounted, **settings)
    assert why.format(disk=disk) in said
    assert len(said.splitlines()) == 1, said


async def test_a_second_service_is_told_of_the_first(tmp_path: Path) -> None:
    first = Spool.open(tmp_path / "keskus.sqlite.spool", 1 << 20)  # beside SQLite's file
    assert "keskus.sqlite.spool is in use by another process" in await program_refused(tmp_path)
    first.close()
