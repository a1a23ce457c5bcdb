"""The records cannot be written: PostgreSQL is away, SQLite's disk is full; live work goes on."""

import asyncio
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.system import clock
from tests.faults.centre import Centre
from tests.records.postgres import PostgresServer

WRITTEN_S = 10.0
RIGHT_S = 3.0
TMPFS_MIB = 24


async def stop_postgres(centre: Centre, server: PostgresServer, away_s: float) -> int:
    """Stop PostgreSQL at once, as a power cut would, for so long."""
    await asyncio.to_thread(server.stop)
    before = centre.seen.answers
    await centre.stand_still(away_s)
    if centre.seen.answers - before < centre.operators // 2:
        centre.broken.append("nobody was answered while the database was away")
    await centre.says_database(writes=False)
    await asyncio.to_thread(server.start)
    await centre.says_database(writes=True)
    await centre.until_right(clock.utc_now().timestamp(), WRITTEN_S, "PostgreSQL back")
    return 1


async def kill_service_too(centre: Centre, server: PostgresServer, away_s: float) -> int:
    """Stop PostgreSQL for so long, and kill the service before it is back: what happened is in the spool alone."""
    await asyncio.to_thread(server.stop)
    await centre.stand_still(away_s)
    await centre.says_database(writes=False)
    await centre.service.kill()
    await asyncio.to_thread(server.start)
    started_s = await centre.service.start()
    await centre.until_right(started_s, RIGHT_S, "killed while PostgreSQL was away")
    await centre.says_database(writes=True)
    return 1


async def fill_disk(centre: Centre, disk: Path, answers: int) -> int:
    """Fill the disk that holds the SQLite file while `answers` talks begin, then empty it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for block in (65536, 512):
            try:
                while True:
                    file.write(bytes(block))
            except OSError:
                continue
    await centre.seen.more_answers(answers, timeout_s=180.0)
    await centre.says_database(writes=False)
    ballast.unlink()
    await centre.says_database(writes=True)
    await centre.until_right(clock.utc_now().timestamp(), WRITTEN_S, "disk emptied")
    return 1


@contextmanager
def small_disk() -> Iterator[Path]:
    """A disk of its own, in memory; needs the right to mount."""
    with tempfile.TemporaryDirectory(prefix="keskus-disk-") as name:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MIB}m", "tmpfs", name], check=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)
