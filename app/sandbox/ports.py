"""Free ports for a PBX, phones and callers on this machine, which no other process takes before they are bound.

The kernel may give a free port that was asked for and released to the next process. So the ports here lie below the
kernel's range, in blocks, and each process uses blocks of its own. A block belongs to the process that keeps the
block's first port bound.
"""

import atexit
import contextlib
import socket
from typing import Final

from app.sandbox.configuration import HOST
from app.sandbox.packages import SandboxError

PORTS: Final = range(30_000, 32_768)
BLOCK: Final = 128
"""How many ports a process claims at a time; the first one marks the claim."""


class Ports:
    """The ports of one process; they are given in turn."""

    def __init__(self) -> None:
        self._claims = contextlib.ExitStack()
        self._in_turn: list[int] = []

    def free(self, count: int, *, host: str = HOST, beside: int = 0, kept: bool = False) -> list[int]:
        """Ports that are free for UDP and TCP at an address of this machine.

        Args:
            count: how many different ports.
            host: the address.
            beside: for each port, the port this far above it must be free, too; 0: none.
            kept: they are not given again, though nothing may listen there for a time.

        Raises:
            SandboxError: other processes have claimed all ports.
        """
        found: list[int] = []
        with contextlib.ExitStack() as held:
            while len(found) < count:
                tried = self._try(count - len(found), host, beside, held)
                found += tried
                if not tried:
                    self._claim()
        if kept:
            self._in_turn = [port for port in self._in_turn if port not in found]
        return found

    def close(self) -> None:
        """Release the blocks to other processes."""
        self._claims.close()

    def _try(self, count: int, host: str, beside: int, held: contextlib.ExitStack) -> list[int]:
        """Find up to `count` free ports of our own blocks; `held` keeps each bound until all are found."""
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
        """Claim the first block that no process has."""
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
