"""Pages of the audit log among a million events: `python -m bench.audit`; `--events 100000` for fewer.

Nine events of ten are ends of calls, as the journal writes them; the others are changes of contacts, and a few each of
a rare kind within the largest subject and of a rare subject. A page has 50 events. Each filter is asked for its first
page and for pages from random moments on; the 95th percentile of each is shown beside the first page without a filter.
"""

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.events.queries import EventFilter, page_events
from app.records.engine import open_engine, reading
from app.records.migrations import upgrade
from bench.table import Row, print_table
from tests.records.postgres import postgres_server
from tests.records.stories import DAWN

EVENTS: Final = 1_000_000
STEP: Final = 50_000
PAGES: Final = 200
PAGE: Final = 50
MOST: Final = 10.0
"""The most that a filter may cost, beside the first page without one."""

_SOURCE: Final = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
    " SELECT i FROM n)",
    "postgresql": "generate_series({first}, {last}) AS s(i)",
}
_AT: Final = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', {dawn} + i, 'unixepoch') || '.000000+00:00'",
    "postgresql": "to_timestamp({dawn} + i)",
}
_FILL: Final = """
INSERT INTO event
    (at, kind, version, subject, subject_id, contact_id, actor, user_id, actor_name, request_id, after, key)
SELECT {at},
       CASE WHEN i % 10 < 9 THEN CASE WHEN i % {rare} = 1 THEN 'call.listened' ELSE 'call.ended' END
            WHEN i % {rare} = 9 THEN 'queue.changed' ELSE 'contact.changed' END, 1,
       CASE WHEN i % 10 < 9 THEN 'call' WHEN i % {rare} = 9 THEN 'queue' ELSE 'contact' END,
       CASE WHEN i % 10 < 9 THEN 'kp-' || CAST(i AS VARCHAR) ELSE CAST(i % 5000 AS VARCHAR) END, NULL,
       CASE WHEN i % 10 < 9 THEN 'service' ELSE 'person' END,
       CASE WHEN i % 10 < 9 THEN NULL WHEN i % {rare} = 9 THEN 7 ELSE 1 + i % 5 END, '', '',
       '{{"outcome":"answered"}}', CASE WHEN i % 10 < 9 THEN 'call.ended:' || CAST(i AS VARCHAR) END
FROM {source}
"""
FILTERS: Final = {
    "no filter": EventFilter(),
    "the largest subject": EventFilter(subject="call"),
    "a smaller subject": EventFilter(subject="contact"),
    "a common kind": EventFilter(subject="call", kind="call.ended"),
    "a rare kind of the largest subject": EventFilter(subject="call", kind="call.listened"),
    "a rare subject": EventFilter(subject="queue"),
    "one contact": EventFilter(subject="contact", subject_id="4999"),
    "one user": EventFilter(user=1),
    "a user who changes little": EventFilter(user=7),
    "a rare kind by one user": EventFilter(subject="queue", kind="queue.changed", user=7),
}


async def fill(engine: AsyncEngine, events: int) -> None:
    """Write the events by SQL in the database itself."""
    await upgrade(engine)
    kind = engine.dialect.name
    for first in range(1, events, STEP):
        source = _SOURCE[kind].format(first=first, last=min(events, first + STEP - 1))
        at = _AT[kind].format(dawn=int(DAWN.timestamp()))
        async with engine.begin() as connection:
            await connection.exec_driver_sql(_FILL.format(at=at, source=source, rare=events // 20))
    if kind == "postgresql":  # autovacuum does it on a server; nobody does on SQLite
        async with engine.begin() as connection:
            await connection.execute(text("ANALYZE event"))


async def page_s(engine: AsyncEngine, wanted: EventFilter, events: int, random: Random) -> list[float]:
    """Seconds that each page took."""
    took: list[float] = []
    for turn in range(PAGES):
        before = (DAWN + timedelta(seconds=random.randrange(1, events)), 2**40) if turn % 2 else None
        begun = time.perf_counter()
        async with reading(engine) as session:
            await page_events(session, wanted, before=before, limit=PAGE + 1)
        took.append(time.perf_counter() - begun)
    return sorted(took)


async def measure(name: str, url: str, events: int) -> list[Row]:
    """Measure each filter on one database."""
    engine = open_engine(url)
    try:
        await fill(engine, events)
        random = Random(1)
        found = {what: await page_s(engine, wanted, events, random) for what, wanted in FILTERS.items()}
    finally:
        await engine.dispose()
    plain_s = found["no filter"][len(found["no filter"]) * 95 // 100]
    return [
        Row(
            f"{name}: {what}",
            f"{took[len(took) * 95 // 100] * 1e3:.2f} ms",
            f"{plain_s * 1e3:.2f} ms",
            took[len(took) * 95 // 100] / plain_s,
            aim=f"<= {MOST}",
        )
        for what, took in found.items()
    ]


def main(asked: Sequence[str] = ()) -> None:
    asked = asked or sys.argv[1:]
    events = int(asked[asked.index("--events") + 1]) if "--events" in asked else EVENTS
    gc.disable()
    with tempfile.TemporaryDirectory(prefix="keskus-bench-") as folder, postgres_server() as server:
        rows = asyncio.run(measure("SQLite", f"sqlite:///{Path(folder) / 'audit.db'}", events))
        rows += asyncio.run(measure("PostgreSQL", server.url(), events))
    print_table(f"A page of {PAGE} among {events:,} events, 95th percentile of {PAGES}", rows)


if __name__ == "__main__":
    main()
