"""How soon a killed service has its calls again after a restart, and how much CPU its watch costs the PBX.

- **right state**: seconds from the start of the process until /floor shows every waiting caller. The reference is the
  least that is needed: the start of a Python program with our imports (`keskus --help`) and one `CoreShowChannels` read
  from a bare socket.
- **Asterisk's CPU**: milliseconds a second for the heartbeat, snapshots and rows of queue members, idle and with
  callers on hold. The reference is the same without a service: callers on hold in a bare `Wait()`.
"""

import asyncio
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.demo.sipp import Callers
from app.sandbox.sandbox import Layout, Sandbox
from app.system import clock
from bench.centre import cpu_s
from bench.table import Row, print_table
from tests.faults.centre import Centre, open_centre
from tests.faults.load import ANSWERING

CALLS = (10, 100, 1000)
RATE = 50.0
HELD = 100
BARE = "999"
"""A number that puts callers on hold without a service."""
BARE_HOLD = f"""[keskus-inbound]
exten => {BARE},1,Answer()
 same => n,StartMusicOnHold()
 same => n,Wait(3600)
"""
WINDOW_S = 10.0
POLL_S = 0.02
PATIENCE_S = 60.0


def main() -> None:
    """Measure and print."""
    rows = asyncio.run(_measure())
    print_table("Restart: ours beside what cannot be done without; the PBX beside itself alone", rows)


async def _measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="keskus-b-") as name:
        sandbox = Sandbox(Path(name) / "pbx", extra={"extensions.conf": BARE_HOLD})
        async with open_centre(operators=0, folder=Path(name), sandbox=sandbox) as centre:
            watch = await _watch(centre)  # first, before a thousand calls have left anything behind
            return [await _restart(centre, calls) for calls in CALLS] + watch


async def _restart(centre: Centre, calls: int) -> Row:
    async with _callers(centre, ANSWERING, calls):
        await _shown(centre, calls)
        await centre.service.kill()
        began_s = clock.monotonic()
        await centre.service.start()
        await _shown(centre, calls)
        took_s = clock.monotonic() - began_s
        bare_s = await _bare_start_s() + await asyncio.to_thread(_bare_list_s, centre.sandbox.layout, calls)
    await _shown(centre, 0)
    return Row(f"right state, {calls:,} calls", f"{took_s:.2f} s", f"{bare_s:.2f} s", took_s / bare_s)


async def _watch(centre: Centre) -> list[Row]:
    idle = await _asterisk_cpu_ms(centre)
    async with _callers(centre, ANSWERING, HELD):
        await _shown(centre, HELD)
        held = await _asterisk_cpu_ms(centre)
    await _shown(centre, 0)
    await centre.service.terminate()
    bare_idle = await _asterisk_cpu_ms(centre)
    async with _callers(centre, BARE, HELD):
        bare_held = await _asterisk_cpu_ms(centre)
    await centre.service.start()
    await centre.service.ready()
    return [
        _cpu_row("idle", idle, bare_idle),
        _cpu_row(f"{HELD} on hold", held, bare_held),
    ]


def _cpu_row(case: str, ours: float, bare: float) -> Row:
    return Row(
        f"Asterisk's CPU a second, {case}", f"{ours:.1f} ms", f"{bare:.1f} ms", ours / bare if bare else 0.0
    )


@asynccontextmanager
async def _callers(centre: Centre, number: str, calls: int) -> AsyncIterator[None]:
    """Keep `calls` callers on hold. SIPp does not end their calls at its end, so Asterisk hangs them up afterwards."""
    async with Callers(centre.sandbox.layout, number, calls=calls, rate=RATE) as callers:
        await callers.wait("answered", calls, timeout_s=PATIENCE_S)
        yield
    while not (await centre.sandbox.cli("core show channels count")).startswith("0 active channels"):
        await centre.sandbox.cli("channel request hangup all")


async def _shown(centre: Centre, calls: int) -> None:
    """Wait until the service's floor shows exactly `calls` calls."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            floor = await centre.service.floor()
            if floor is not None and floor["linked"] and len(floor["calls"]) == calls:
                return
            await asyncio.sleep(POLL_S)


async def _bare_start_s() -> float:
    began_s = clock.monotonic()
    program = str(Path(sys.executable).parent / "keskus")
    process = await asyncio.create_subprocess_exec(program, "--help", stdout=asyncio.subprocess.DEVNULL)
    await process.wait()
    return clock.monotonic() - began_s


def _bare_list_s(layout: Layout, calls: int) -> float:
    with socket.create_connection((layout.host, layout.ami_port)) as line:
        began_s = clock.monotonic()
        account = f"Username: {layout.ami_username}\r\nSecret: {layout.ami_secret}"
        login = f"Action: Login\r\n{account}\r\nEvents: off\r\n\r\n"
        line.sendall(f"{login}Action: CoreShowChannels\r\n\r\n".encode())
        listed, rest, complete = 0, b"", False
        while not complete:
            *whole, rest = (rest + line.recv(65536)).split(b"\r\n\r\n")
            listed += sum(b"Event: CoreShowChannel\r\n" in message for message in whole)
            complete = any(b"Event: CoreShowChannelsComplete\r\n" in message for message in whole)
        took_s = clock.monotonic() - began_s
    assert listed == calls, f"{listed} channels, not {calls}"
    return took_s


async def _asterisk_cpu_ms(centre: Centre) -> float:
    """Milliseconds of Asterisk's CPU time a second, measured over `WINDOW_S`."""
    pid = (await centre.sandbox.status()).pid
    assert pid is not None
    before_s = cpu_s(pid)
    await asyncio.sleep(WINDOW_S)
    return (cpu_s(pid) - before_s) / WINDOW_S * 1000
