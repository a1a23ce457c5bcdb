"""One user's forty requests at a time beside another's writes: `python -m bench.shares [--rounds 4] [--seconds 6]`.

Two services of a process each have the same 5,000 contacts, on SQLite. One of them serves four requests of a user at a
time (`app.api.shares`), in the other a user has no share. They take turns, so that a busy moment of the machine is
both's: one program's token searches on forty connections for two hundred contacts each, again and again, while another
user makes contacts, one after the other.
"""

import asyncio
import json
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from app.api import shares
from app.records.engine import writing
from bench.people import make_people
from bench.search import COLUMNS, rows_of
from bench.table import Row, print_table

CONTACTS: Final = 5_000
CONNECTIONS: Final = 40
HEAVY: Final = "/api/v1/contacts/search?q=m&limit=200"
MADE: Final = {
    "kind": "person",
    "surname": "Kask",
    "given_name": "Kalle",
    "phones": [{"number": "5550 0123"}],
}
NO_SHARE: Final = 1_000_000


class Served(NamedTuple):
    """A service that runs."""

    port: int
    token: str
    """Of the program that asks for much."""
    other: str
    """Of whoever makes contacts."""


class Round(NamedTuple):
    """What was seen in some seconds."""

    took_ms: list[float]
    """Of each contact that was made."""
    heavy: int
    """Searches answered."""


async def serve(folder: Path, at_once: int) -> None:
    """Run a service until it is ended, and print where it is."""
    from tests.api.house import open_house, served  # noqa: PLC0415 - the other process needs no service

    shares.Shares.__init__.__defaults__ = (at_once, NO_SHARE)
    async with open_house(folder) as house, served(house):
        rows = rows_of(make_people(CONTACTS, 1), 1, house.services.now().isoformat(" ", "microseconds"))
        async with writing(house.services.engine) as session:
            connection = await session.connection()
            for name, some in rows.items():
                marks = ", ".join("?" * len(some[0]))
                columns = ", ".join(COLUMNS[name])
                await connection.exec_driver_sql(f"INSERT INTO {name} ({columns}) VALUES ({marks})", some)
        said = Served(
            int(house.url.rpartition(":")[2]), house.tokens["supervisor"], house.tokens["administrator"]
        )
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


@asynccontextmanager
async def service(folder: Path, at_once: int) -> AsyncIterator[Served]:
    """A service in a process of its own."""
    said = (sys.executable, "-m", "bench.shares", "serve", str(folder), str(at_once))
    process = await asyncio.create_subprocess_exec(*said, stdout=PIPE, limit=1 << 20)
    assert process.stdout is not None
    try:
        yield Served(*json.loads(await process.stdout.readline()))
    finally:
        process.kill()
        await process.wait()


class Line:
    """A connection that asks one thing after another."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self._reader, self._writer = reader, writer
        self._head = f"host: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"

    async def ask(self, method: str, path: str, body: bytes = b"") -> int:
        """Ask, read the answer whole, give its status."""
        length = f"content-length: {len(body)}\r\n" if body else ""
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{self._head}{length}\r\n".encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        await self._reader.readexactly(int(lines["content-length"]))
        return int(head.split(" ", 2)[1])


async def open_line(open_: AsyncExitStack, port: int, token: str) -> Line:
    """A connection to a service, until the stack closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    open_.callback(writer.close)
    return Line(reader, writer, token)


async def one_round(at: Served, seconds: float, connections: int) -> Round:
    """Make contacts for some seconds, beside the program's requests."""
    async with AsyncExitStack() as open_:
        ends = time.perf_counter() + seconds
        heavy = [0] * connections

        async def load(number: int) -> None:
            line = await open_line(open_, at.port, at.token)
            while time.perf_counter() < ends:
                assert await line.ask("GET", HEAVY) == 200
                heavy[number] += 1

        took_ms = []
        async with asyncio.TaskGroup() as group:
            for number in range(connections):
                group.create_task(load(number))
            line, body = await open_line(open_, at.port, at.other), json.dumps(MADE).encode()
            while time.perf_counter() < ends:
                begun = time.perf_counter()
                assert await line.ask("POST", "/api/v1/contacts", body) == 201
                took_ms.append((time.perf_counter() - begun) * 1e3)
        return Round(took_ms, sum(heavy))


async def run(rounds: int, seconds: float) -> list[Row]:
    """The table's rows."""
    with tempfile.TemporaryDirectory(prefix="keskus-bench-") as name:
        folders = [Path(name) / what for what in ("ours", "without")]
        for folder in folders:
            folder.mkdir()
        async with AsyncExitStack() as open_:
            ours = await open_.enter_async_context(service(folders[0], shares.AT_ONCE))
            without = await open_.enter_async_context(service(folders[1], NO_SHARE))
            for at in (ours, without):
                await one_round(at, 1.0, 1)  # warm
            alone = await one_round(ours, seconds, 0)
            seen: dict[Served, list[Round]] = {ours: [], without: []}
            for number in range(rounds):
                for at in (ours, without) if number % 2 else (without, ours):
                    seen[at].append(await one_round(at, seconds, CONNECTIONS))
            for some in zip(seen[ours], seen[without], strict=True):
                told = (f"{median(one.took_ms):.0f} ms, {max(one.took_ms):.0f} at most" for one in some)
                sys.stderr.write(" beside ".join(told) + "\n")
    both = [[took for one in seen[at] for took in one.took_ms] for at in (ours, without)]
    answered = [sum(one.heavy for one in seen[at]) / rounds / seconds for at in (ours, without)]
    rows = [
        Row(
            f"a contact is made, {what}",
            f"{of(both[0]):.0f} ms",
            f"{of(both[1]):.0f} ms",
            of(both[0]) / of(both[1]),
            "<= 0.5",
        )
        for what, of in (("p50", median), ("p95", _p95))
    ]
    rows.append(Row("nothing beside it, p50", f"{median(alone.took_ms):.0f} ms", "", 1.0))
    rate = answered[0] / answered[1]
    return [*rows, Row("searches answered a second", f"{answered[0]:.1f}", f"{answered[1]:.1f}", rate)]


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _said(name: str, usual: float) -> float:
    return float(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else usual


def main() -> None:
    """Print the table."""
    rows = asyncio.run(run(int(_said("--rounds", 4)), _said("--seconds", 6.0)))
    print_table(
        f"One user's {CONNECTIONS} connections beside another's writes, with shares and without", rows
    )


if __name__ == "__main__":
    if "serve" in sys.argv:
        asyncio.run(serve(Path(sys.argv[2]), int(sys.argv[3])))
    else:
        main()
