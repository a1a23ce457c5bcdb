"""How many numbers a second a campaign dials: `python -m bench.originates`.

Every customer is busy, so only the service limits the rate: it reserves leads, applies the rules, commits attempts,
sends orders and takes outcomes. 100 operators are free, so at most 100 calls are under way.

- **dialled**: the rate from the first phone that rings to the last. The reference is a bare AMI connection that sends
  the same orders to the same Asterisk, at most 100 under way, without any other work.
- **CPU**: of the service, and of Asterisk, for each number dialled.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from app.demo.sipp import Callees, Softphones
from app.demo.sipp_process import SippEvent
from app.demo.tools import bring_sipp
from app.domain.ids import AttemptId, CampaignId, QueueId
from app.floor.commands import PlaceCall
from app.pbx.ami.encode import encode
from app.pbx.format import format_placing
from app.sandbox.sandbox import Layout, Sandbox
from bench.centre import cpu_s
from bench.table import Row, per_second, print_table
from tests.calls.outbound import load, make_campaign, numbers, set_state, until_state
from tests.faults.service import Service
from tests.records.postgres import postgres_server
from tests.running import sqlite_url

LEADS = 3000
UNDER_WAY = 100
EVERYBODY = "0123456789"
RING_S = 15
PATIENCE_S = 300.0
_NO_LIMITS = {
    "KESKUS__DIALING__DEFAULT__CHANNELS": "1000",
    "KESKUS__DIALING__DEFAULT__CALLS_PER_S": "1000",
}


class Dialled(NamedTuple):
    """Numbers dialled a second, and the CPU milliseconds that each took."""

    rate: float
    service_ms: float
    asterisk_ms: float


def main() -> None:
    """Measure and print."""
    print_table(
        f"A campaign that dials {LEADS:,} busy numbers, beside bare Originates", asyncio.run(_measure())
    )


async def _measure() -> list[Row]:
    await bring_sipp()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keskus-b-")))
        sandbox = Sandbox(folder / "pbx")
        layout = await sandbox.start()
        try:
            bare = await _bare(sandbox, layout)
            sqlite = await _ours(folder, sandbox, sqlite_url(folder))
            server = stack.enter_context(postgres_server())
            postgresql = await _ours(folder, sandbox, server.url())
        finally:
            await sandbox.stop()
    rows = []
    for name, ours in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        rows += [
            Row(f"{name}: dialled", per_second(ours.rate), per_second(bare.rate), ours.rate / bare.rate),
            Row(
                f"{name}: service CPU a number, beside Asterisk's",
                f"{ours.service_ms:.1f} ms",
                f"{ours.asterisk_ms:.1f} ms",
                ours.service_ms / ours.asterisk_ms,
            ),
            Row(
                f"{name}: Asterisk CPU a number, beside bare",
                f"{ours.asterisk_ms:.1f} ms",
                f"{bare.asterisk_ms:.1f} ms",
                ours.asterisk_ms / bare.asterisk_ms,
            ),
        ]
    return rows


async def _ours(folder: Path, sandbox: Sandbox, url: str) -> Dialled:
    layout = sandbox.layout
    service = Service(folder, sandbox, layout.ami_port, url, _NO_LIMITS)
    try:
        await service.start()
        await service.ready()
        await service.log_in()
        accounts = await load(service, UNDER_WAY)
        campaign = await make_campaign(service, numbers(LEADS))
        async with Callees(layout, busy=EVERYBODY) as callees, Softphones(layout, accounts):
            service_s, asterisk_s = cpu_s(service.pid), await _asterisk_s(sandbox)
            await set_state(service, campaign, "running")
            await until_state(service, campaign, "drained", timeout_s=PATIENCE_S)
            return Dialled(
                _rate(await callees.wait("ringing", LEADS)),
                (cpu_s(service.pid) - service_s) / LEADS * 1000,
                (await _asterisk_s(sandbox) - asterisk_s) / LEADS * 1000,
            )
    finally:
        await service.close()


async def _bare(sandbox: Sandbox, layout: Layout) -> Dialled:
    async with Callees(layout, busy=EVERYBODY) as callees:
        reader, writer = await asyncio.open_connection(layout.host, layout.ami_port)
        account = {"Username": layout.ami_username, "Secret": layout.ami_secret}
        writer.write(encode({"Action": "Login", **account, "Events": "call"}, "login"))
        room = asyncio.Semaphore(UNDER_WAY)
        asterisk_s = await _asterisk_s(sandbox)

        async def hear() -> None:
            for _ in range(LEADS):
                while not (await reader.readuntil(b"\r\n\r\n")).startswith(b"Event: OriginateResponse"):
                    pass
                room.release()

        async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE_S):
            group.create_task(hear())
            for place, number in enumerate(numbers(LEADS)):
                await room.acquire()
                writer.write(encode(format_placing(_order(place), number), f"bare-{place}"))
                await writer.drain()
        writer.close()
        rate = _rate(await callees.wait("ringing", LEADS))
        return Dialled(rate, 0.0, (await _asterisk_s(sandbox) - asterisk_s) / LEADS * 1000)


def _order(place: int) -> PlaceCall:
    id_ = AttemptId(f"bare-{place}")
    return PlaceCall(
        attempt=id_,
        campaign=CampaignId(1),
        trunk="trunk",
        caller_id="",
        ring_s=RING_S,
        queue=QueueId("sales"),
        detect_machines=False,
    )


def _rate(rang: Sequence[SippEvent]) -> float:
    at = sorted(event.at_s for event in rang)
    return (LEADS - 1) / (at[-1] - at[0])


async def _asterisk_s(sandbox: Sandbox) -> float:
    pid = (await sandbox.status()).pid
    assert pid is not None
    return cpu_s(pid)
