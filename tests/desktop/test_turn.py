"""The phone in the page by way of a TURN server alone: coturn, as docs/docker.md sets it up, but for TLS."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from playwright.async_api import expect

from app.domain.operators import DeviceState, Presence, RoutingState
from app.pbx.realtime.ice import Ice
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.provision import coturn_command
from tests.running import running_service, sqlite_url
from tests.sipua import Phone
from tests.tones import tone_packet

from .talking import CUSTOMER_SAYS, SETUP, browsing, hears, is_heard
from .test_desktop import desk
from .test_phone import ANNA, NUMBER, make

SECRET = "turn's secret"
RELAYED = """
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(given) { super({ ...given, iceTransportPolicy: "relay" }); } // nothing else reaches the PBX
};
"""
WAYS = """async () => {
  const found = [...(await window.lines.at(-1).getStats()).values()];
  const pair = found.find((one) => one.type === "candidate-pair" && one.nominated && one.state === "succeeded");
  return found.find((one) => one.id === pair.localCandidateId).candidateType;
}"""
READY_S = 20.0
_CONFIGURATION = """
listening-ip={own}
listening-port={port}
relay-ip={own}
use-auth-secret
static-auth-secret={secret}
realm=turn.example
no-tls
no-dtls
no-cli
no-multicast-peers
denied-peer-ip=0.0.0.0-255.255.255.255
allowed-peer-ip={own}
log-file=stdout
simple-log
verbose
pidfile={folder}/turn.pid
userdb={folder}/turn.sqlite
"""


@asynccontextmanager
async def coturn(folder: Path) -> AsyncIterator[str]:
    """A TURN server that relays to this machine alone; its address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect(("192.0.2.1", 9))  # sends nothing; tells the address at which the PBX is for browsers
        own: str = way.getsockname()[0]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((own, 0))
        port: int = free.getsockname()[1]
    file = folder / "turnserver.conf"
    file.write_text(_CONFIGURATION.format(port=port, secret=SECRET, own=own, folder=folder))
    with (folder / "turnserver.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *coturn_command(), "-c", str(file), stdout=log, stderr=log
        )
    try:
        await asyncio.to_thread(_answers, own, port)
        yield f"turn:{own}:{port}?transport=udp"
    finally:
        process.kill()
        await process.wait()


def _answers(own: str, port: int) -> None:
    """Wait until the server answers."""
    asked = struct.pack("!HHI12s", 1, 0, 0x2112A442, b"which am I? ")  # STUN: a Binding request
    until_s = clock.monotonic() + READY_S
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.2)
        line.connect((own, port))
        while clock.monotonic() < until_s:
            with suppress(TimeoutError, ConnectionRefusedError):
                line.send(asked)
                assert line.recv(1500)[8:20] == asked[8:20]
                return
    raise AssertionError("coturn does not answer")


async def test_a_page_that_reaches_nothing_but_turn_talks(sandbox: Sandbox, tmp_path: Path) -> None:
    async with (
        coturn(tmp_path) as url,
        running_service(sandbox, sqlite_url(tmp_path), ice=Ice([url], SECRET)) as service,
        browsing(tmp_path) as browser,
    ):
        await service.ask("POST", "/queues", {"id": "abi", "title": "Klienditugi"})
        await service.ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "abi"})
        made = await make(service, "mari", memberships=[{"queue": "abi"}], browser=True)
        mari = service.house.runner.floor.operators[made["id"]]
        async with (
            Phone.customer(sandbox.layout, ANNA) as anna,
            desk(browser, service.house.url, "mari", setup=RELAYED + SETUP) as page,
        ):
            await service.outcomes.until(lambda: mari.device is DeviceState.REGISTERED, "the page")
            await page.keyboard.press("Alt+1")
            await service.outcomes.until(lambda: mari.presence is Presence.AVAILABLE, "Mari")
            call = await anna.dial(NUMBER)
            assert call.sound is not None
            call.sound.says = tone_packet(CUSTOMER_SAYS)
            await expect(page.get_by_role("button", name="Vasta", exact=True)).to_be_visible()
            await page.keyboard.press("Alt+A")
            await service.outcomes.until(lambda: mari.routing is RoutingState.TALKING, "the talk")
            await is_heard(anna, call)
            await hears(page)
            assert await page.evaluate(WAYS) == "relay"
