"""Whether a SIP program listens: it answers OPTIONS."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

PROBE_S: Final = 0.1


class _Probe(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.answered = asyncio.Event()

    def datagram_received(self, _data: bytes, _addr: object) -> None:
        self.answered.set()


async def answers(host: str, port: int, alive: Callable[[], bool]) -> bool:
    """Wait until a UDP port answers OPTIONS (True), or until `alive` says that the program there has ended (False)."""
    loop = asyncio.get_running_loop()
    transport, probe = await loop.create_datagram_endpoint(_Probe, local_addr=(host, 0))
    own = transport.get_extra_info("sockname")[1]
    try:
        turn = 0
        while not probe.answered.is_set() and alive():
            turn += 1
            request = (
                f"OPTIONS sip:probe@{host}:{port} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {host}:{own};branch=z9hG4bKp{own}{turn}\r\n"
                f"From: <sip:probe@{host}>;tag=p{turn}\r\nTo: <sip:probe@{host}>\r\nCall-ID: probe-{own}-{turn}\r\n"
                f"CSeq: 1 OPTIONS\r\nContact: <sip:probe@{host}:{own}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
            )
            transport.sendto(request.encode(), (host, port))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PROBE_S):
                    await probe.answered.wait()
        return probe.answered.is_set()
    finally:
        transport.close()
