"""Ports for a PBX, phones and callers on this machine that no other process takes before they are bound.

Whoever asks the kernel for a free port and lets it go gives it away: anyone who asks next may get it. So the ports
here lie below those that the kernel gives, in blocks, and a process takes from blocks of its own. A block belongs to
the process that keeps the block's first port bound.
"""

import atexit
import contextlib
import socket
from typing import Final

from app.sandbox.configuration import HOST
from app.sandbox.packages import SandboxError

PORTS: Final = range(30_000, 32_768)
BLOCK: Final = 128
"""How many ports a process takes at a time, the one that says so among them."""


class Ports:
    """The ports of one process; the one given longest ago comes first."""

    def __init__(self) -> None:
        self._claims = contextlib.ExitStack()
        self._in_turn: list[int] = []

    def free(self, count: int, *, host: str = HOST, beside: int = 0) -> list[int]:
        """Ports that are free for UDP and TCP at an address of this machine.

        Args:
            count: how many, each another.
            host: the address.
            beside: how far behind each port one more must be free for it.

        Raises:
            SandboxError: other processes have all of them.
        """
        found: list[int] = []
        with contextlib.ExitStack() as held:
            while len(found) < count:
                tried = self._try(count - len(found), host, beside, held)
                found += tried
                if not tried:
                    self._claim()
        return found

    def close(self) -> None:
        """Leave the blocks to other processes."""
        self._claims.close()

    def _try(self, count: int, host: str, beside: int, held: contextlib.ExitStack) -> list[int]:
        """Up to so many of our own, each held until all are found."""
        found: list[int] = []
        for port in tuple(self._in_turn):
            run = sorted({port, port + beside})
            if len(found) < count and set(run) <= set(self._in_turn):
                self._in_turn = [other for other in self._in_turn if other not in run] + run
                with contextlib.suppress(OSError):
                    for number in run:
                        _bind(host, number, held)
                    found.append(port)
        return found

    def _claim(self) -> None:
        """Take the first block that nobody has."""
        for first in range(PORTS.start, PORTS.stop - BLOCK + 1, BLOCK):
            claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                claim.bind((HOST, first))
            except OSError:
                claim.close()
            else:
                self._claims.enter_context(claim)
                self._in_turn += range(first + 1, first + BLOCK)
                return
        raise SandboxError(f"no free ports between {PORTS.start} and {PORTS.stop - 1}")


def _bind(host: str, port: int, held: contextlib.ExitStack) -> None:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        held.enter_context(socket.socket(socket.AF_INET, kind)).bind((host, port))


_ours: Final = Ports()
atexit.register(_ours.close)
free_ports: Final = _ours.free
