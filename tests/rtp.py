"""Sound for the tests' own phones: each sends one letter of the A-law alphabet for ever and counts what it hears.

The PBX hands A-law through between two A-law parties, so a test can tell not only that somebody is heard but who.
"""

import asyncio
import socket
import struct
from collections import Counter, deque
from collections.abc import Callable
from typing import Final

from app.system import clock

SAMPLES: Final = 160  # 20 ms
PACKET_S: Final = 0.02
ALAW: Final = 8
RECEIVER_REPORT: Final = 201
REPORT_S: Final = 1.0
KEPT: Final = 10
"""Packets that are kept as they came."""


class Sound:
    """One call's sound: sent every 20 ms to where the other side wants it, received from wherever.

    Args:
        host: the address it is heard on.
        voice: the byte it sends.
    """

    def __init__(self, host: str, voice: int) -> None:
        self.voice = voice
        self.says = bytes([voice]) * SAMPLES
        """The packet that it sends for ever."""
        self.lately: deque[bytes] = deque(maxlen=KEPT)
        """What was heard last, as it came."""
        self.heard: Counter[int] = Counter()
        """Packets heard from each voice."""
        self.packets = 0
        """Packets heard, of voices and of anything else."""
        self.longest_gap_s = 0.0
        """The longest time between two packets heard."""
        self.on_heard: Callable[[], None] = lambda: None
        self.source = 0
        """Whose packets were heard last (SSRC)."""
        self._heard_s: float | None = None
        self._sent = 0
        self._reports = 0
        self._to: tuple[str, int] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.setblocking(False)
        self._loop.add_reader(self._socket, self._read)

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def send_to(self, host: str, port: int) -> None:
        """Send there from now on."""
        self._to = (host, port)
        if self._timer is None:
            self._send()

    def mute(self) -> None:
        """Send nothing until told anew."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def report(self) -> None:
        """Send no sound, but each second a report of what is heard (RTCP), as a muted phone does."""
        assert self._to is not None
        self._reports += 1
        block = struct.pack("!IIIIII", self.source, 0, self.packets, self._reports, 0, 0)
        head = struct.pack("!BBHI", 0x81, RECEIVER_REPORT, 7, self.voice)
        self._socket.sendto(head + block, (self._to[0], self._to[1] + 1))
        self._timer = self._loop.call_later(REPORT_S, self.report)

    def close(self) -> None:
        self.mute()
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def _send(self) -> None:
        assert self._to is not None
        head = struct.pack("!BBHII", 0x80, ALAW, self._sent & 0xFFFF, self._sent * SAMPLES, self.voice)
        self._sent += 1
        self._socket.sendto(head + self.says, self._to)
        self._timer = self._loop.call_later(PACKET_S, self._send)

    def _read(self) -> None:
        data = self._socket.recv(2048)
        now_s = clock.monotonic()
        if self._heard_s is not None:
            self.longest_gap_s = max(self.longest_gap_s, now_s - self._heard_s)
        self._heard_s = now_s
        self.packets += 1
        self.source = int.from_bytes(data[8:12], "big")
        if data[1] & 0x7F == ALAW:
            self.lately.append(data[12:])
        if len(data) > 12 and data[1] & 0x7F == ALAW and len(set(data[12:])) == 1:
            self.heard[data[12]] += 1
        self.on_heard()
