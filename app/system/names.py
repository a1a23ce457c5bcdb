"""Finds the addresses of names by the system's resolver, which may hang for as long as a name's server likes."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Sequence
from typing import Final

MOST: Final = 64
"""Names that are resolved at one time."""


class Resolver:
    """Each name is resolved in a thread of its own, once for all who ask meanwhile.

    So a name whose server hangs holds up no other name, and no end of the program: these threads are not waited for.
    """

    def __init__(self) -> None:
        self._asked: dict[tuple[str, int], asyncio.Future[Sequence[str] | None]] = {}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, for a port.

        Raises:
            OSError: it has none, or `MOST` other names are being resolved.
        """
        asked = self._asked.get((host, port))
        if asked is None:
            if len(self._asked) >= MOST:
                raise OSError("too many names are being resolved")
            loop = asyncio.get_running_loop()
            asked = self._asked[host, port] = loop.create_future()
            threading.Thread(
                target=self._resolve, args=(loop, host, port), name="resolve", daemon=True
            ).start()
        found = await asyncio.shield(asked)
        if found is None:
            raise OSError("the name has no address")
        return found

    def _resolve(self, loop: asyncio.AbstractEventLoop, host: str, port: int) -> None:
        found: Sequence[str] | None = None
        with contextlib.suppress(OSError, UnicodeError):
            listed = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(one[4][0]) for one in listed))
        with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
            loop.call_soon_threadsafe(self._found, host, port, found)

    def _found(self, host: str, port: int, found: Sequence[str] | None) -> None:
        self._asked.pop((host, port)).set_result(found)
