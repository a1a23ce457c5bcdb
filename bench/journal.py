"""The journal beside a bare executemany: `python -m bench.journal`.

Both write the same calls to a fresh database, with the same number of facts in a commit: SQLite in WAL
with synchronous FULL, PostgreSQL with fsync. The bare one knows every row's final values beforehand and inserts
each row once. The journal learns them over time: a call is inserted when it arrives and completed when it ends, an
interval is closed by the next one, and every write may be repeated safely. So there are two figures: rows written,
where a row that is completed later counts twice, and rows kept. The two take turns; the best round of each is
shown. The same batches also go through the spool, as while the database is away: each is appended and flushed to
the disk, and all are drained into the database afterwards. Another figure is the look-up of a caller among 50,000
contacts, beside a SELECT of one row by key.
"""

import asyncio
import gc
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm import metadata
from app.crm.contacts.lookup import Lookup
from app.floor.facts import StepResult
from app.numbers.reader import caller_key
from app.records.engine import open_engine, reading_connection
from app.records.journal import BATCH_FACTS, Journal
from app.records.mapping import Batch, Mapper
from app.records.migrations import upgrade
from app.records.packing import pack
from app.records.spool import Spool
from app.records.statements import Statements
from app.system import logs
from bench.table import Row, per_second, print_table
from tests.records.postgres import postgres_server
from tests.records.stories import DAWN, call_story

CALLS = 500
OPERATORS = 50
ROUNDS = 8
CONTACTS = 50_000
LOOKUPS = 500
HISTORY = ("call", "call_leg", "call_event", "operator_state")


def story(turn: int) -> list[StepResult]:
    """The steps of calls that overlap, so that most calls end in a later batch than they arrive in."""
    outcomes = [
        outcome
        for number in range(CALLS)
        for outcome in call_story(
            f"{turn}-{number}", arrived=number * 1.6, operator=number % OPERATORS, contact=number % CONTACTS
        )
    ]
    return sorted(outcomes, key=lambda outcome: outcome.at.mono_s)


def batches(outcomes: list[StepResult]) -> Iterator[Batch]:
    """The batches that the journal would take from its queue."""
    mapper = Mapper()
    taken: list[StepResult] = []
    facts = 0
    for outcome in outcomes:
        taken.append(outcome)
        facts += len(outcome.facts)
        if facts >= BATCH_FACTS:
            yield mapper.batch(taken)
            taken, facts = [], 0
    yield mapper.batch(taken)


def final_rows(batch: Batch) -> list[tuple[str, list[dict[str, Any]]]]:
    """The final rows of history that a batch adds, by table."""
    calls = list(batch.ended.values())
    return [
        (name, rows)
        for name, rows in zip(HISTORY, (calls, batch.legs, batch.events, batch.intervals), strict=True)
        if rows
    ]


async def bare(engine: AsyncEngine, turn: int) -> float:
    """Rows a second of SQLAlchemy Core's executemany with prepared rows."""
    work = [final_rows(batch) for batch in batches(story(turn))]
    count = sum(len(rows) for statements in work for _, rows in statements)
    begun = time.perf_counter()
    for statements in work:
        async with engine.begin() as connection:
            for name, rows in statements:
                await connection.execute(insert(metadata.tables[name]), rows)
    return count / (time.perf_counter() - begun)


async def journal(engine: AsyncEngine, turn: int) -> tuple[float, float]:
    """Rows written and rows kept by the journal, a second."""
    outcomes = story(turn)
    statements = Statements(engine.dialect)
    written = sum(len(rows) for batch in batches(outcomes) for _, rows in statements.of(batch))
    kept = sum(len(rows) for batch in batches(outcomes) for _, rows in final_rows(batch))
    keeper = Journal(engine, linger_s=0.0)
    begun = time.perf_counter()
    for outcome in outcomes:
        keeper.record(outcome)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(keeper.run())
        await keeper.flush()
        took_s = time.perf_counter() - begun
        task.cancel()
    return written / took_s, kept / took_s


async def spooling(engine: AsyncEngine, turn: int, folder: Path) -> tuple[float, float]:
    """Rows appended to the spool, and rows drained from it into the database, a second."""
    work = list(batches(story(turn)))
    statements = Statements(engine.dialect)
    count = sum(len(rows) for batch in work for _, rows in statements.of(batch))
    spool = Spool.open(folder / "bench.spool", 1 << 30)
    begun = time.perf_counter()
    for batch in work:
        await asyncio.to_thread(spool.append, pack(batch))
    appended_s = time.perf_counter() - begun
    begun = time.perf_counter()
    await Journal(engine, spool).recover()
    drained_s = time.perf_counter() - begun
    spool.close()
    return count / appended_s, count / drained_s


def recording() -> float:
    """Microseconds that one `Journal.record` takes of the runner."""
    engine = open_engine("sqlite:///never-opened.db")
    keeper = Journal(engine, capacity=10_000_000)
    outcomes = story(0)
    begun = time.perf_counter()
    for outcome in outcomes:
        keeper.record(outcome)
    return (time.perf_counter() - begun) / len(outcomes) * 1e6


async def writing(name: str, engine: AsyncEngine, folder: Path) -> list[Row]:
    """Measure the journal, the spool and the bare executemany in turn, each on emptied tables."""
    theirs: list[float] = []
    ours: list[tuple[float, float]] = []
    spooled: list[tuple[float, float]] = []
    empty = "TRUNCATE" if engine.dialect.name == "postgresql" else "DELETE FROM"
    for turn in range(ROUNDS * 3):
        async with engine.begin() as connection:
            for table in HISTORY:
                await connection.execute(text(f"{empty} {table}"))
        gc.collect()
        match turn % 3:
            case 0:
                theirs.append(await bare(engine, turn))
            case 1:
                ours.append(await journal(engine, turn))
            case _:
                spooled.append(await spooling(engine, turn, folder))
    best = max(theirs)
    appended, drained = (max(rates) for rates in zip(*spooled, strict=True))
    written, kept = max(ours)
    return [
        Row(f"{name}: rows written", per_second(written), per_second(best), written / best, ">= 0.8"),
        Row(f"{name}: rows kept", per_second(kept), per_second(best), kept / best),
        Row(f"{name}: rows spooled", per_second(appended), per_second(best), appended / best),
        Row(f"{name}: rows drained", per_second(drained), per_second(best), drained / best),
    ]


async def identifying(name: str, engine: AsyncEngine) -> Row:
    """The median time of looking a caller up, in random order, beside a SELECT by key."""
    phones = [
        {"contact_id": key, "e164": caller_key(f"5{key:07}", "EE"), "raw": f"5{key:07}", "label": ""}
        for key in range(1, CONTACTS + 1)
    ]
    people = [
        {
            "id": key,
            "kind": "person",
            "surname": f"Tamm{key}",
            "given_name": "Mari",
            "patronymic": "",
            "company_name": "",
            "note": "",
            "language": "",
            "search": f"tamm{key} mari",
            "created_at": DAWN,
            "updated_at": DAWN,
        }
        for key in range(1, CONTACTS + 1)
    ]
    async with engine.begin() as connection:
        await connection.execute(insert(metadata.tables["contact"]), people)
        await connection.execute(insert(metadata.tables["phone"]), phones)
    async with engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
    lookup = Lookup(engine, "EE")
    ours: list[float] = []
    plain: list[float] = []
    for turn in range(LOOKUPS):
        key = turn * 7919 % CONTACTS + 1
        begun = time.perf_counter()
        (match,) = await lookup.identify(f"5{key:07}")
        ours.append(time.perf_counter() - begun)
        assert match.contact == key
        begun = time.perf_counter()
        async with reading_connection(engine) as connection:
            await connection.execute(text("SELECT surname FROM contact WHERE id = :key"), {"key": key})
        plain.append(time.perf_counter() - begun)
    ours_ms, plain_ms = median(ours) * 1e3, median(plain) * 1e3
    return Row(f"{name}: look-up", f"{ours_ms:.2f} ms", f"{plain_ms:.2f} ms", ours_ms / plain_ms)


@contextmanager
def databases() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and the addresses of empty databases by name."""
    with tempfile.TemporaryDirectory(prefix="keskus-bench-") as name, postgres_server() as server:
        folder = Path(name)
        yield folder, {"SQLite": f"sqlite:///{folder / 'keskus.db'}", "PostgreSQL": server.url()}


async def measure(url: str, name: str, folder: Path) -> list[Row]:
    engine = open_engine(url)
    try:
        await upgrade(engine)
        return [*await writing(name, engine, folder), await identifying(name, engine)]
    finally:
        await engine.dispose()


def main() -> None:
    gc.disable()  # as timeit does; collected between turns
    logs.configure("ERROR")
    with databases() as (folder, urls):
        rows = [row for name, url in urls.items() for row in asyncio.run(measure(url, name, folder))]
    print_table(f"Journal, {BATCH_FACTS} facts a commit, {CALLS} calls", rows)
    print(f"record() on the runner's path: {recording():.2f} us a step")


if __name__ == "__main__":
    main()
