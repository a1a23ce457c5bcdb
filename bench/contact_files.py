"""A million contacts brought in from a file and taken out again: `python -m bench contact_files [--rows N]`.

`--only postgresql`, or `sqlite`, takes one database; each has a process of its own.

Every hundredth row is bad in a known way, every fiftieth repeats an earlier row's id with another number, and every
twentieth person works for one of a thousand companies. The counts must be exact. Memory is the peak of this process;
the process that reads the file is another one, with a limit of its own. The references are the counts as the file was
made, and the memory before. How far it is goes to the standard error.
"""

import asyncio
import csv
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contact_exports.service import Columns, ContactExports, ContactFormat
from app.crm.contact_imports.queries import JOBS, Counts
from app.crm.contact_imports.tables import ContactImportRow, Same
from app.crm.contact_imports.work import run_contact_import
from app.crm.contact_search.service import Wanted, find
from app.crm.imports.work import Source
from app.domain.jobs import JobState
from app.lists.reader import look_at
from app.records.engine import open_engine, reading, writing
from app.records.migrations import upgrade
from bench.people import make_people
from bench.table import Row, print_table
from tests.records.postgres import postgres_server
from tests.records.stories import DAWN

ROWS: Final = 1_000_000
TOLD_EVERY: Final = 50_000
COMPANIES: Final = 1_000
SEARCHES: Final = 200
MEMORY_MOST_MB: Final = 200
"""The most memory that the service may need beside what it has."""
_HEADER: Final = ("external_id", "surname", "given_name", "phone", "email", "tags", "employer")


def write_file(path: Path, rows: int) -> Counts:
    """Write the list; returns what must come of it."""
    counts = Counts(rows=rows)
    companies: set[str] = set()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_HEADER)
        for place, row in enumerate(_rows(rows)):
            writer.writerow(row)
            if place % 100 == 99:
                counts.rejected += 1
                continue
            counts.updated += place % 50 == 48
            counts.added += place % 50 != 48
            if row[6] and row[6] not in companies:
                companies.add(row[6])
                counts.companies += 1
    return counts


def _rows(rows: int) -> Iterator[list[str]]:
    random = Random(7)
    for place, person in enumerate(make_people(rows, seed=7)):
        key = place - 40 if place % 50 == 48 else place
        number = "5123456-2" if place % 100 == 99 else f"+3725{place + 1_000_000:07}"
        employer = f"Ettevõte {random.randrange(COMPANIES)} OÜ" if place % 20 == 0 else ""
        names = [person.surname or "Tamm", person.given_name]
        yield [f"c-{key}", *names, number, f"c{place}@example.com", "uus" if place % 3 else "", employer]


async def bring(engine: AsyncEngine, file: Path) -> tuple[Counts, float]:
    """Bring the list in; returns the counts and the seconds."""
    looked = await look_at(file, "EE", fields={})
    row = ContactImportRow(
        name=file.name,
        size=1,
        state=JobState.QUEUED.value,
        reading=looked.reading.as_json(),
        same_by=[Same.EXTERNAL_ID.value],
        created_at=DAWN,
    )
    async with writing(engine) as session:
        job = (await JOBS.add(session, row)).id or 0
    counts, told, began = Counts(), 0, time.perf_counter()

    def tell(now: Counts) -> None:
        nonlocal counts, told
        counts = now
        if now.rows // TOLD_EVERY > told:
            told = now.rows // TOLD_EVERY
            passed = time.perf_counter() - began
            sys.stderr.write(f"{now.rows:,} rows, {passed:.0f} s, {memory_mb():.0f} MiB\n")

    source = Source(file, file.with_suffix(".rejected"), "EE")
    state = await run_contact_import(engine, job, source, lambda: DAWN, tell)
    assert state is JobState.DONE, state
    return counts, time.perf_counter() - began


async def search_ms(engine: AsyncEngine) -> float:
    """The 95th percentile of searches by two words, in milliseconds."""
    took = []
    for person in list(make_people(SEARCHES, seed=7)):
        began = time.perf_counter()
        async with reading(engine, often=True) as session:
            await find(session, Wanted(f"{person.surname} {person.given_name[:3]}"), limit=20, region="EE")
        took.append((time.perf_counter() - began) * 1e3)
    return sorted(took)[int(SEARCHES * 0.95)]


async def export(engine: AsyncEngine, form: ContactFormat) -> tuple[int, float]:
    """Take all contacts out; returns bytes and seconds."""
    began, size = time.perf_counter(), 0
    async for piece in ContactExports(engine).pieces(Wanted(), "EE", form, Columns(2, 2, ())):
        size += len(piece)
    return size, time.perf_counter() - began


def memory_mb() -> float:
    """The peak of this process's memory until now."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def run(name: str, url: str, folder: Path, rows: int) -> list[Row]:
    """Bring in, search, take out."""
    file = folder / f"{name}.csv"
    expected = await asyncio.to_thread(write_file, file, rows)
    engine = open_engine(url)
    try:
        await upgrade(engine)
        before_mb = memory_mb()
        counts, took_s = await bring(engine, file)
        names = ("rows", "added", "updated", "companies", "rejected")
        exact = [name for name in names if getattr(counts, name) == getattr(expected, name)]
        rows_made = [
            Row(
                f"{name}: {rows:,} rows, {rows / took_s:,.0f} a second: counts",
                f"{len(exact)}",
                "5",
                len(exact) / 5,
                ">= 1",
            )
        ]
        found_ms = await search_ms(engine)
        rows_made.append(
            Row(f"{name}: a search among them, p95", f"{found_ms:.1f} ms", "25 ms", found_ms / 25, "<= 1")
        )
        for form in (ContactFormat.CSV, ContactFormat.VCARD):
            size, took_s = await export(engine, form)
            rows_made.append(
                Row(f"{name}: taken out as {form}", f"{took_s:.0f} s", f"{size >> 20} MiB", 1.0, "")
            )
        grew_mb = memory_mb() - before_mb
        rows_made.append(
            Row(
                f"{name}: memory beside",
                f"{grew_mb:.0f} MiB",
                f"{MEMORY_MOST_MB} MiB",
                grew_mb / MEMORY_MOST_MB,
                "<= 1",
            )
        )
    finally:
        await engine.dispose()
    return rows_made


def apart(name: str, url: str, folder: Path, rows: int) -> list[Row]:
    """`run` in a process of its own: what one database needed of memory must not hide what the other needs."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(_run, name, url, folder, rows).result()


def _run(name: str, url: str, folder: Path, rows: int) -> list[Row]:
    return asyncio.run(run(name, url, folder, rows))


def main() -> None:
    """Print the table."""
    rows = int(sys.argv[sys.argv.index("--rows") + 1]) if "--rows" in sys.argv else ROWS
    only = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""
    table: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="keskus-bench-") as name:
        folder = Path(name)
        if only != "postgresql":
            table += apart("SQLite", f"sqlite:///{folder / 'contacts.db'}", folder, rows)
        if only != "sqlite":
            with postgres_server() as server:
                table += apart("PostgreSQL", server.url(), folder, rows)
    print_table("Contacts from a file and to a file", table)


if __name__ == "__main__":
    main()
