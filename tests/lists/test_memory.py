"""A long list in bounded memory, in a process of its own, so that its peak is its own."""

import subprocess
import sys
from pathlib import Path

from tests.lists.lists import write_list

ROWS = 16_000
MORE_MB = 10
"""What the long list may take beyond a short one; whole in memory, it would take some 22."""

PROGRAM = """
import asyncio, resource, sys
from pathlib import Path
from app.crm.imports.work import run_import
from app.records.engine import open_engine
from app.records.migrations import upgrade
from tests.lists.lists import bring
from tests.records.lists import make_campaign
from tests.records.stories import DAWN

async def main(file: Path) -> None:
    engine = open_engine(f"sqlite:///{file}.db")
    await upgrade(engine)
    job, source = await bring(engine, await make_campaign(engine), file)
    print((await run_import(engine, job, source, lambda: DAWN)).value)
    await engine.dispose()

asyncio.run(main(Path(sys.argv[1])))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak_mb(file: Path) -> int:
    done = subprocess.run([sys.executable, "-c", PROGRAM, file], check=True, capture_output=True, text=True)
    state, peak = done.stdout.split()
    assert state == "done"
    return int(peak)


def test_a_long_list_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    short = peak_mb(write_list(tmp_path / "short.csv", 2_000))
    assert peak_mb(write_list(tmp_path / "long.csv", ROWS)) < short + MORE_MB
