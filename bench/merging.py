"""The law of merging, for 10,000 random pairs: `python -m bench.merging`, or fewer with `--pairs 100`.

Two contacts with random names, numbers, tags, calls, attempts, leads and consents, and with a row in about half of all
other tables that have something of a contact (orders, complaints, surveys, notes, custom fields), are merged, and the
merge is undone. Everything that belongs to them must then be as it was, byte for byte. PostgreSQL has a tenth of the
pairs. `--seed` takes others.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Final

from app.crm.merging.service import merge, undo
from app.crm.tags.service import make_tag
from app.crm.tags.tables import TagFields
from app.domain.actors import SERVICE
from app.records.engine import open_engine, writing
from app.records.migrations import upgrade
from bench.table import Row, print_table
from tests.crm.pairs import export, make_pair
from tests.records.lists import make_campaign
from tests.records.postgres import postgres_server
from tests.records.stories import DAWN

PAIRS: Final = 10_000


async def run(url: str, pairs: int, seed: int) -> tuple[int, float]:
    """How many pairs were restored exactly, and the milliseconds of a merge and its undoing."""
    engine, random = open_engine(url), Random(seed)
    exact, took_s = 0, 0.0
    try:
        await upgrade(engine)
        campaigns = [int(await make_campaign(engine, title)) for title in ("One", "Two")]
        async with writing(engine) as session:
            tags = [(await make_tag(session, TagFields(name=f"T{n}"))).id or 0 for n in range(4)]
        for number in range(pairs):
            async with writing(engine) as session:
                kept, lost = await make_pair(session, random, number, tags=tags, campaigns=campaigns)
            before = repr(await export(engine, kept, lost))
            begun = time.perf_counter()
            async with writing(engine) as session:
                done = await merge(session, kept, lost, take=[], who=SERVICE, at=DAWN)
            async with writing(engine) as session:
                await undo(session, done.merge, at=DAWN)
            took_s += time.perf_counter() - begun
            exact += repr(await export(engine, kept, lost)) == before
    finally:
        await engine.dispose()
    return exact, took_s / pairs * 1e3


def row(database: str, url: str, pairs: int, seed: int) -> Row:
    """The table's row of one database."""
    exact, took_ms = asyncio.run(run(url, pairs, seed))
    said = f"{database}: of {pairs:,} pairs; {took_ms:.0f} ms each"
    return Row(said, f"{exact:,}", f"{pairs:,}", exact / pairs, ">= 1")


def main() -> None:
    """Print the table."""
    pairs, seed = (
        int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else usual
        for name, usual in (("--pairs", PAIRS), ("--seed", 1))
    )
    with tempfile.TemporaryDirectory(prefix="keskus-bench-") as folder:
        rows = [row("SQLite", f"sqlite:///{Path(folder) / 'merging.db'}", pairs, seed)]
    with postgres_server() as server:
        rows.append(row("PostgreSQL", server.url(), max(1, pairs // 10), seed))
    print_table("Merges undone exactly", rows)


if __name__ == "__main__":
    main()
