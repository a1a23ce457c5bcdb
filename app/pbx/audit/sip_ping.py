"""Whether anything answers SIP at an address: sends one OPTIONS, as a phone does before it registers."""

import asyncio
import contextlib
import secrets
import ssl
from typing import Final

ANSWER_S: Final = 3.0


async def sip_answers(host: str, port: int, transport: str) -> bool:
    """Send one OPTIONS, and tell whether any answer came within `ANSWER_S`.

    Args:
        host: a name or an address.
        port: the port there.
        transport: `udp`, `tcp` or `tls`; the certificate is not verified.

    Raises:
        OSError: the name is unknown, or nothing listens there.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_S):
            return await (_by_udp(host, port) if transport == "udp" else _by_stream(host, port, transport))
    return False


async def _by_udp(host: str, port: int) -> bool:
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[bytes] = loop.create_future()
    line, _ = await loop.create_datagram_endpoint(lambda: _Heard(answered), remote_addr=(host, port))
    try:
        line.sendto(_options(host, port, "UDP", line.get_extra_info("sockname")))
        return (await answered).startswith(b"SIP/2.0 ")
    finally:
        line.close()


async def _by_stream(host: str, port: int, transport: str) -> bool:
    context = None
    if transport == "tls":
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(host, port, ssl=context)
    try:
        writer.write(_options(host, port, transport.upper(), writer.get_extra_info("sockname")))
        return (await reader.read(100)).startswith(b"SIP/2.0 ")
    finally:
        writer.close()


class _Heard(asyncio.DatagramProtocol):
    def __init__(self, answered: asyncio.Future[bytes]) -> None:
        self._answered = answered

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Keep the first answer."""
        del addr
        if not self._answered.done():
            self._answered.set_result(data)

    def error_received(self, exc: Exception) -> None:
        """Fail: nothing listens at the port."""
        if not self._answered.done():
            self._answered.set_exception(exc)


def _options(host: str, port: int, transport: str, own: tuple[str, int]) -> bytes:
    literal = f"[{host}]" if ":" in host else host
    here = f"[{own[0]}]" if ":" in own[0] else own[0]
    lines = [
        f"OPTIONS sip:{literal}:{port} SIP/2.0",
        f"Via: SIP/2.0/{transport} {here}:{own[1]};branch=z9hG4bK{secrets.token_hex(8)};rport",
        "Max-Forwards: 70",
        f"From: <sip:keskus-check@{here}>;tag={secrets.token_hex(8)}",
        f"To: <sip:{literal}:{port}>",
        f"Call-ID: {secrets.token_hex(16)}",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
    ]
    return "\r\n".join([*lines, "", ""]).encode()
