"""Whatever `keskus` makes is for its owner alone, and what was there before becomes so.

What the demo makes is looked at where the demo runs: `tests/acceptance/test_demo.py`.
"""

import asyncio
import contextlib
import os
import signal
import stat
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.pbx.sounds import SoundFolder
from app.sandbox.sandbox import Sandbox
from app.system.private import make_private
from tests.api.test_sounds import wav
from tests.pbx.fixtures import away_from_this_loop

_PROGRAM = Path(sys.executable).parent / "keskus"
START_S = 200
pytestmark = pytest.mark.timeout(3 * START_S)


def others_may(folder: Path) -> list[str]:
    """What in a folder, itself too, others than its owner have any right to."""
    paths = [folder]
    for at, folders, files in os.walk(folder):
        paths += [Path(at, name) for name in (*folders, *files)]
    modes: dict[Path, int] = {}
    for path in paths:
        with contextlib.suppress(FileNotFoundError):  # a file of a running program may go at any moment
            modes[path] = path.lstat().st_mode
    return [
        f"{path}: {stat.S_IMODE(mode):o}"
        for path, mode in modes.items()
        if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) & 0o077
    ]


def found(folder: Path, *patterns: str) -> bool:
    """There is something of each pattern."""
    return all(list(folder.glob(pattern)) for pattern in patterns)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a Unix socket's must fit in 107 bytes. A PBX that a failed test leaves there is stopped."""
    with tempfile.TemporaryDirectory(prefix="keskus-") as name:
        yield Path(name)
        for layout in Path(name).rglob("layout.json"):
            away_from_this_loop(Sandbox(layout.parent).stop())


@asynccontextmanager
async def running(folder: Path, *command: str, until: str, **settings: str) -> AsyncIterator[None]:
    """The program with a careless umask, once it has said so much."""
    process = await asyncio.create_subprocess_exec(
        str(_PROGRAM), *command,
        cwd=folder,
        env=os.environ | {"COLUMNS": "200", "TMPDIR": str(folder)} | settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, umask=0o022,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_S):
            said = ""
            while until not in said:
                line = (await process.stdout.readline()).decode()
                assert line, said
                said += line
        yield
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        async with asyncio.timeout(START_S):
            await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def test_the_service(folder: Path) -> None:
    old = folder / "keskus.sqlite.imports"
    old.mkdir(mode=0o755)
    for path in (old / "7", folder / "keskus.sqlite"):
        path.write_bytes(b"")
        path.chmod(0o644)
    async with running(folder, "serve", until="Keskus listens", KESKUS__HTTP__PORT="0"):
        assert found(folder, "keskus.sqlite", "keskus.sqlite.spool", "keskus.sqlite-wal")
        assert not others_may(folder)


async def test_the_sandbox(folder: Path) -> None:
    run_dir = folder / "pbx"
    try:
        async with running(folder, "pbx", "up", "--run-dir", str(run_dir), until="keskus pbx down stops it"):
            pass
        assert (run_dir / "log" / "messages.log").is_file()
        assert (run_dir / "lib" / "astdb.sqlite3").is_file()
        assert not others_may(run_dir)
        for path in (run_dir / "cel.db", run_dir / "etc" / "manager.conf", run_dir / "log" / "messages.log"):
            path.chmod(0o644)
        (run_dir / "log").chmod(0o755)
        await Sandbox(run_dir).start()  # it runs; an older version left it so
        assert not others_may(run_dir)
    finally:
        await Sandbox(run_dir).stop()


def test_sounds_are_the_owners_unless_the_folder_was_made_for_the_pbx_too(tmp_path: Path) -> None:
    SoundFolder(tmp_path / "own").lay("hello", wav(seconds=0.1))
    assert not others_may(tmp_path / "own")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o755)
    SoundFolder(tmp_path / "shared").lay("hello", wav(seconds=0.1))
    assert stat.S_IMODE((tmp_path / "shared" / "hello.wav").stat().st_mode) == 0o644


def test_links_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "another").write_text("")
    (tmp_path / "another").chmod(0o644)
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "link").symlink_to(tmp_path / "another")
    make_private(tmp_path / "ours")
    make_private(tmp_path / "not there")
    assert stat.S_IMODE((tmp_path / "another").stat().st_mode) == 0o644
