"""Searching a million contacts as one types: `python -m bench.search`, or with fewer `--contacts 100000`.

Contacts are invented (`bench.people`). 150 people are searched for, letter by letter: by name in any order and
alphabet, by the last digits of a number or the whole number, by id, and by a company's name. Each letter is one
search, from the open database to the JSON of the answer. The reference is what a plain search of the same letters
costs in the same run: `LIKE '%letters%'` on the folded name, in the order of names; on SQLite also FTS5 with its own
ranking (bm25).
"""

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contact_search.fields import Belongings, found_of
from app.crm.contact_search.schemas import HitOut
from app.crm.contact_search.service import Wanted, find
from app.crm.contact_search.terms import FORM, words_of
from app.crm.contacts.tables import ContactRow
from app.domain.names import fold
from app.records.engine import open_engine, reading
from app.records.migrations import upgrade
from bench.people import Person, latin, make_people
from bench.table import Row, print_table
from tests.records.postgres import postgres_server
from tests.records.stories import DAWN

CONTACTS: Final = 1_000_000
SEARCHED: Final = 150
STEP: Final = 10_000
MOST_MS: Final = 25.0
INDEXING_S: Final = 3600.0
"""The longest that an inverted index may take to be made."""
_LIKE: Final = "SELECT id FROM contact WHERE search LIKE :said ORDER BY search LIMIT 20"
_BM25: Final = "SELECT rowid FROM plain WHERE plain MATCH :said ORDER BY rank LIMIT 20"
COLUMNS: Final = {
    "contact": (
        *("id", "kind", "surname", "given_name", "patronymic", "company_name", "note", "external_id"),
        *("language", "search", "created_at", "updated_at", "version"),
    ),
    "phone": ("id", "contact_id", "e164", "raw", "label"),
    "contact_search": ("contact_id", "names", "terms", "form", "compared"),
}


def rows_of(people: Iterator[Person], first: int, at: Any) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of some people; `first` is the id of the first."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in COLUMNS}
    for id_, one in enumerate(people, first):
        kind = "company" if one.company else "person"
        names = (one.surname, one.given_name, one.patronymic, one.company_name)
        row = ContactRow(
            id=id_,
            kind=kind,
            surname=one.surname,
            given_name=one.given_name,
            patronymic=one.patronymic,
            company_name=one.company_name,
            external_id=one.external_id,
            created_at=DAWN,
            updated_at=DAWN,
        )
        found = found_of(row, Belongings(numbers=one.numbers))
        rows["contact"].append((id_, kind, *names, "", one.external_id, "", fold(" ".join(names)), at, at, 1))
        rows["contact_search"].append((id_, found.names, found.terms, FORM, True))
        rows["phone"] += [(2 * id_ + n, id_, e164, e164, "") for n, e164 in enumerate(one.numbers)]
    return rows


async def fill(engine: AsyncEngine, count: int) -> float:
    """Fill the tables; give the seconds that the database took for the rows of the search."""
    await upgrade(engine)
    took_s, people = 0.0, make_people(count, 1)
    postgresql = engine.dialect.name == "postgresql"
    indexes = await _drop_inverted(engine) if postgresql else []
    at = DAWN if postgresql else DAWN.isoformat(" ", "microseconds")
    there = await _columns(engine)
    for first in range(1, count + 1, STEP):
        rows = rows_of(islice(people, STEP), first, at)
        for name, columns in COLUMNS.items():
            kept = [column for column in columns if column in there[name]]
            some = [row[: len(kept)] for row in rows[name]]
            begun = time.perf_counter()
            async with engine.begin() as connection:
                if postgresql:
                    driver: Any = (await connection.get_raw_connection()).driver_connection
                    await driver.copy_records_to_table(name, records=some, columns=kept)
                else:
                    marks = ", ".join("?" * len(kept))
                    statement = f"INSERT INTO {name} ({', '.join(kept)}) VALUES ({marks})"
                    await connection.exec_driver_sql(statement, some)
            took_s += time.perf_counter() - begun if name == "contact_search" else 0.0
    begun = time.perf_counter()
    for statement in indexes:
        async with engine.begin() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            await driver.execute("SET maintenance_work_mem = '1GB'")
            await driver.execute(statement, timeout=INDEXING_S)
    took_s += time.perf_counter() - begun
    async with engine.begin() as connection:
        if not postgresql:
            plain = "CREATE VIRTUAL TABLE plain USING fts5(search, content='', prefix='1 2 3')"
            await connection.exec_driver_sql(plain)
            await connection.exec_driver_sql(
                "INSERT INTO plain (rowid, search) SELECT id, search FROM contact"
            )
        await connection.execute(text("ANALYZE"))
    return took_s


async def _drop_inverted(engine: AsyncEngine) -> list[str]:
    """Drop PostgreSQL's inverted indexes; returns what makes them again, of all rows at once."""
    asked = "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gin%'"
    async with engine.begin() as connection:
        found = (await connection.exec_driver_sql(asked)).all()
        for row in found:
            await connection.exec_driver_sql(f"DROP INDEX {row.indexname}")
    return [row.indexdef for row in found]


async def _columns(engine: AsyncEngine) -> dict[str, set[str]]:
    async with engine.connect() as connection:
        return {
            name: set((await connection.execute(text(f"SELECT * FROM {name} LIMIT 1"))).keys())
            for name in COLUMNS
        }


def typed_by(count: int) -> Iterator[str]:
    """What is typed, whole: for each of some people one way to search for them."""
    random = Random(2)
    every = max(1, count // SEARCHED)
    for one in islice(make_people(count, 1), every - 1, None, every):
        name = one.company_name if one.company else f"{one.surname} {one.given_name}"
        ways = [
            name.lower(),
            " ".join(words_of(name)[:3]),
            " ".join(reversed(name.lower().split()[:2])),
            latin(name).lower(),
            one.numbers[0].removeprefix("+372"),
            one.numbers[0],
            one.numbers[0][-5:],
            f"{name.split()[0].lower()} {one.numbers[0][-3:]}",
            one.external_id,
        ]
        yield random.choice(ways)


async def measure(engine: AsyncEngine, whole: list[str]) -> dict[str, list[float]]:
    """The milliseconds of each search, ours and the references'."""
    took: dict[str, list[float]] = {"ours": [], "like": [], "bm25": []}
    for place, said in enumerate(whole):
        for letters in range(1, len(said) + 1):
            now = said[:letters]
            begun = time.perf_counter()
            async with reading(engine, often=True) as session:
                hits = await find(session, Wanted(now), limit=20, region="EE")
            [HitOut.of(hit).model_dump_json() for hit in hits]
            took["ours"].append((time.perf_counter() - begun) * 1e3)
        if place % 10 == 0:
            for letters in range(1, len(said) + 1):
                await _plain(engine, fold(said[:letters]), took)
    return took


async def _plain(engine: AsyncEngine, said: str, took: dict[str, list[float]]) -> None:
    words = " ".join(f'"{word}"*' for word in said.split())
    asked = {"like": (_LIKE, f"%{said}%")}
    if engine.dialect.name == "sqlite" and words:
        asked["bm25"] = (_BM25, words)
    for name, (statement, value) in asked.items():
        begun = time.perf_counter()
        async with reading(engine) as session:
            (await session.execute(text(statement), {"said": value})).all()
        took[name].append((time.perf_counter() - begun) * 1e3)


def p95(times: list[float]) -> float:
    """The time that 95 of 100 searches stay below."""
    return sorted(times)[int(len(times) * 0.95)]


async def rows(name: str, url: str, count: int) -> list[Row]:
    """The table's rows of one database."""
    engine = open_engine(url)
    try:
        filled_s = await fill(engine, count)
        await engine.dispose()  # SQLite's log is truncated as its last connection closes
        whole = list(typed_by(count))
        await measure(engine, whole[:10])  # warm
        took = await measure(engine, whole)
    finally:
        await engine.dispose()
    ours = took.pop("ours")
    table = [
        Row(
            f"{name}: p95 within {MOST_MS:.0f} ms",
            f"{p95(ours):.1f} ms",
            f"{MOST_MS:.0f} ms",
            p95(ours) / MOST_MS,
            "<= 1",
        ),
        Row(f"{name}: slowest", f"{max(ours):.1f} ms", f"{MOST_MS:.0f} ms", max(ours) / MOST_MS),
        Row(f"{name}: index of {count:,} contacts", f"{filled_s:.0f} s", "", count / filled_s),
    ]
    for other, times in took.items():
        if times:
            for what, of in (("p50", median), ("p95", p95)):
                ratio = of(ours) / of(times)
                table.append(
                    Row(f"{name}: {what}, beside {other}", f"{of(ours):.1f} ms", f"{of(times):.1f} ms", ratio)
                )
    return table


def main() -> None:
    """Print the table."""
    count = int(sys.argv[sys.argv.index("--contacts") + 1]) if "--contacts" in sys.argv else CONTACTS
    gc.disable()
    with tempfile.TemporaryDirectory(prefix="keskus-bench-") as folder:
        table = asyncio.run(rows("SQLite", f"sqlite:///{Path(folder) / 'search.db'}", count))
    print_table(f"A search among {count:,} contacts, letter by letter", table)
    with postgres_server() as server:
        table = asyncio.run(rows("PostgreSQL", server.url(), count))
    print_table(f"A search among {count:,} contacts, letter by letter", table)


if __name__ == "__main__":
    main()
