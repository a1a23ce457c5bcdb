"""Picking leads among many: `python -m bench.leads`.

One campaign has 10,000, 100,000 or 1,000,000 leads: 70 % are ready, 20 % wait for tomorrow, 10 % are done. A pick
reserves ten leads in a transaction of its own, committed as durably as the service does (SQLite in WAL with
synchronous FULL, PostgreSQL with fsync). Then, without being measured, the leads are put off until tomorrow, so that
the next pick finds others. The sizes take turns, each being first equally often. The median of each size is shown; the
reference is that of the smallest.
"""

import asyncio
import gc
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from app.crm.leads.reservation import reserve, set_aside
from app.domain.ids import CampaignId
from app.records.engine import open_engine, writing
from app.records.migrations import upgrade
from bench.table import Row, per_second, print_table
from tests.records.lists import make_campaign
from tests.records.postgres import postgres_server
from tests.records.stories import DAWN

SIZES = (10_000, 100_000, 1_000_000)
STEP = 50_000
PICKS = 100
AT_ONCE = 10
RUNNER = "bench"
MOST = 1.5
TOMORROW = DAWN + timedelta(days=1)

_SOURCE = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
    " SELECT i FROM n)",
    "postgresql": "generate_series({first}, {last}) AS s(i)",
}
_LEADS = """
INSERT INTO lead (id, campaign_id, surname, given_name, patronymic, company_name, time_zone, rank, variables,
                  state, reason, next_at, next_position, attempts, runner, created_at)
SELECT i, 1, 'Tamm', 'Mari', '', '', '', -(i % 3), '{{}}',
       CASE WHEN i % 10 < 7 THEN 'ready' WHEN i % 10 < 9 THEN 'waiting' ELSE 'done' END, '',
       CASE WHEN i % 10 IN (7, 8) THEN {tomorrow} END, 0, 0, '', {dawn}
FROM {source}
"""
_NUMBERS = """
INSERT INTO lead_number (lead_id, position, campaign_id, e164, raw, attempts, usable)
SELECT i, 0, 1, '+3725' || CAST(1000000 + i AS VARCHAR), '', 0, {true} FROM {source}
"""


async def fill(engine: AsyncEngine, size: int) -> CampaignId:
    """Make a campaign with `size` leads, by SQL in the database itself."""
    await upgrade(engine)
    campaign = await make_campaign(engine)
    kind = engine.dialect.name
    stamp = "'{:%Y-%m-%d %H:%M:%S.%f}+00:00'" + ("::timestamptz" if kind == "postgresql" else "")
    names = {
        "dawn": stamp.format(DAWN),
        "tomorrow": stamp.format(TOMORROW),
        "true": "TRUE" if kind == "postgresql" else "1",
    }
    for first in range(1, size, STEP):
        source = _SOURCE[kind].format(first=first, last=min(size, first + STEP - 1))
        async with engine.begin() as connection:
            for statement in (_LEADS, _NUMBERS):
                await connection.exec_driver_sql(statement.format(**names, source=source))
    async with engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
    # Closing the last connection truncates SQLite's log. A long log would make the picks quicker than they are.
    await engine.dispose()
    return campaign


async def pick(engine: AsyncEngine, campaign: CampaignId) -> float:
    """Make one pick; give its seconds."""
    begun = time.perf_counter()
    async with writing(engine) as session:
        leads = await reserve(session, campaign, AT_ONCE, runner=RUNNER, lease_s=60.0, now=DAWN)
    took_s = time.perf_counter() - begun
    assert len(leads) == AT_ONCE
    async with writing(engine) as session:
        for lead in leads:
            await set_aside(session, lead.id, RUNNER, "bench", TOMORROW)
    return took_s


async def measure(name: str, urls: dict[int, str]) -> list[Row]:
    """Measure picks among each number of leads, in turn."""
    async with AsyncExitStack() as open_:
        engines: dict[int, AsyncEngine] = {}
        for size, url in urls.items():
            engines[size] = open_engine(url)
            open_.push_async_callback(engines[size].dispose)
        campaigns = {size: await fill(engine, size) for size, engine in engines.items()}
        took: dict[int, list[float]] = {size: [] for size in urls}
        for turn in range(PICKS):
            # A size may have to wait for disk work that the one before it left, so the order changes each turn.
            first = turn % len(SIZES)
            for size in (*SIZES[first:], *SIZES[:first]):
                took[size].append(await pick(engines[size], campaigns[size]))
    smallest_s = median(took[SIZES[0]])
    return [
        Row(
            f"{name}: {size:,} leads",
            f"{median(times) * 1e3:.2f} ms, {per_second(AT_ONCE / median(times))}",
            f"{smallest_s * 1e3:.2f} ms",
            median(times) / smallest_s,
            f"<= {MOST}",
        )
        for size, times in took.items()
    ]


async def on_postgres(url: str, size: int) -> None:
    """Make the PostgreSQL database for `size` leads."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE leads_{size}"))
    await engine.dispose()


def main() -> None:
    gc.disable()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="keskus-bench-") as folder:
        files = {size: f"sqlite:///{Path(folder) / f'{size}.db'}" for size in SIZES}
        rows += asyncio.run(measure("SQLite", files))
    with postgres_server() as server:
        for size in SIZES:
            asyncio.run(on_postgres(server.url(), size))
        rows += asyncio.run(measure("PostgreSQL", {size: server.url(f"leads_{size}") for size in SIZES}))
    print_table(f"Picks of {AT_ONCE} leads, in leads a second", rows)


if __name__ == "__main__":
    main()
