"""A machine outside: a network namespace, joined to this one by a cable of its own. Needs root."""

import subprocess
from types import TracebackType
from typing import Final, Self

NAME: Final = "keskus-trial"
HERE: Final = "198.18.7.1"
"""This machine as it is seen from outside. The network is reserved for trials of networks (RFC 2544)."""
PHONE: Final = "198.18.7.2"
CARRIER: Final = "198.18.7.3"


class Outside:
    """The namespace, while the context lasts; commands are run in it by what `command` puts before them."""

    command: Final = ("ip", "netns", "exec", NAME)

    def __enter__(self) -> Self:
        self._remove()
        self._ip("netns", "add", NAME)
        self._ip("link", "add", "keskus-here", "type", "veth", "peer", "name", "keskus-there", "netns", NAME)
        self._ip("address", "add", f"{HERE}/24", "dev", "keskus-here")
        self._ip("link", "set", "keskus-here", "up")
        self._ip("-n", NAME, "link", "set", "lo", "up")
        self._ip("-n", NAME, "link", "set", "keskus-there", "up")
        for address in (PHONE, CARRIER):
            self._ip("-n", NAME, "address", "add", f"{address}/24", "dev", "keskus-there")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    @staticmethod
    def _ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True)

    @staticmethod
    def _remove() -> None:
        subprocess.run(["ip", "link", "delete", "keskus-here"], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "delete", NAME], check=False, capture_output=True)
