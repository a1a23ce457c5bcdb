"""A disk that is full is a fault like any other: it is told, nothing taken is lost, and it heals by itself."""

import asyncio
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from app.records.engine import open_engine
from app.records.migrations import upgrade

ROOT = Path(__file__).parents[2]
UNSHARE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
"""A mount that only the process and its children see, and that goes away with them."""


@pytest.fixture
async def other(tmp_path: Path) -> Path:
    """A folder on an ordinary disk, with an empty database to copy."""
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}")
    await upgrade(engine)
    await engine.dispose()
    return tmp_path


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


async def small_disk(command: list[str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(90):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, said.decode()


def mount_refusal(mount: str) -> str | None:
    tried = subprocess.run([*UNSHARE, "sh", "-c", mount], capture_output=True, text=True, check=False)
    return tried.stderr.strip() if tried.returncode else None


@pytest.mark.parametrize("case", ["database", "spool", "both"])
async def test_a_small_disk_that_is_full(case: str, disk: Path, other: Path) -> None:
    mount = f"mount -t tmpfs -o size=8m none {shlex.quote(str(disk))}"
    if (refusal := mount_refusal(mount)) is not None:
        pytest.skip(f"no disk can be mounted here, so only the limit is tested: {refusal}")
    work = shlex.join([sys.executable, "-m", "tests.records.small_disk", case, str(disk), str(other)])
    await small_disk([*UNSHARE, "sh", "-c", f"{mount} && exec {work}"])


async def test_files_that_may_not_grow(disk: Path, other: Path) -> None:
    await small_disk([sys.executable, "-m", "tests.records.small_disk", "limit", str(disk), str(other)])
