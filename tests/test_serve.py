"""`keskus serve` that cannot keep records does not start, and says why in a line."""

import asyncio
import sys
from pathlib import Path

import pytest

from app.records.spool import Spool

_PROGRAM = Path(sys.executable).parent / "keskus"


async def refused(folder: Path, **settings: str) -> str:
    """What it says before it exits with status 2."""
    process = await asyncio.create_subprocess_exec(
        str(_PROGRAM),
        "serve",
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "COLUMNS": "300", "KESKUS__HTTP__PORT": "0"}
        | {name if "__" in name else f"KESKUS__DATABASE__{name}": value for name, value in settings.items()},
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
    ],
)
async def test_it_says_why_it_does_not_start(tmp_path: Path, settings: dict[str, str], why: str) -> None:
    (tmp_path / "letter").write_text("Dear all")
    assert why in await refused(tmp_path, **settings)
    assert (tmp_path / "letter").read_text() == "Dear all"


async def test_a_second_service_is_told_of_the_first(tmp_path: Path) -> None:
    first = Spool.open(tmp_path / "keskus.sqlite.spool", 1 << 20)  # beside SQLite's file
    assert "keskus.sqlite.spool is in use by another process" in await refused(tmp_path)
    first.close()
