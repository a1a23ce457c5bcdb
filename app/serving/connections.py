"""The register of open connections: limits their number, and ends those that give way or whose time is up.

When all places are taken, a new connection replaces the one that has waited longest for its client. So a client that
holds connections open without a request cannot lock others out. One address may take a part of the places; a proxy of
ours may take all, because many clients are behind it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from app.serving.addresses import Proxies, place_of
from app.system import clock

SWEEP_S: Final = 0.5
LOG_EVERY_S: Final = 10.0
KEPT_BACK: Final = 128
"""File descriptors reserved for the database, the PBX, files and worker processes."""
_log = structlog.get_logger(__name__)


class Line(Protocol):
    """The interface of one connection, as the register uses it."""

    @property
    def peer(self) -> str:
        """The client's address."""

    def expire(self, now_s: float) -> str:
        """End the connection if its time is up; give the reason, or an empty string."""

    def give_way(self) -> None:
        """End the connection in favour of another."""


@dataclass(slots=True, frozen=True)
class ConnectionLimits:
    """How many connections there may be, in total and from one address."""

    total: int = 4096
    per_address: int = 1024

    def within(self, descriptors: int) -> "ConnectionLimits":
        """These limits, lowered to what this many file descriptors allow."""
        total = min(self.total, max(16, descriptors - KEPT_BACK))
        return ConnectionLimits(total, min(self.per_address, max(8, total // 2)))


class Connections:
    """All open connections.

    Args:
        limits: how many there may be.
        proxies: our own proxies, which have no limit per address.
        now: a monotonic clock, in seconds.
    """

    def __init__(
        self,
        limits: ConnectionLimits | None = None,
        proxies: Proxies | None = None,
        now: Callable[[], float] = clock.monotonic,
    ) -> None:
        self.limits = limits or ConnectionLimits()
        self.now = now
        self.turned_away: Counter[str] = Counter()
        """How many connections were ended before their request was served, by the reason."""
        self._proxies = proxies or Proxies()
        self._places: dict[Line, str] = {}
        self._waiting: dict[str, dict[Line, None]] = {}
        """By place (`place_of`), the connections that wait for their client; the longest waiting comes first."""
        self._all_waiting: dict[Line, None] = {}
        self._counts: Counter[str] = Counter()
        self._logged_s: float | None = None
        self._untold: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many connections are open."""
        return len(self._places)

    def admit(self, line: Line) -> bool:
        """Take a new connection, which waits for its client; False when no place is free and none can be freed."""
        place = place_of(line.peer)
        if line.peer not in self._proxies and self._counts[place] >= self.limits.per_address:
            if not self._one_gives_way(self._waiting.get(place, {}), place):
                return self._turn_away("address_full", place)
        elif len(self._places) >= self.limits.total and not self._one_gives_way(self._all_waiting, place):
            return self._turn_away("full", place)
        self._places[line] = place
        self._counts[place] += 1
        self.waits(line)
        return True

    def waits(self, line: Line) -> None:
        """Note that a connection waits for its client from now on: it may give way."""
        place = self._places.get(line)
        if place is not None:
            self.works(line)
            self._waiting.setdefault(place, {})[line] = None
            self._all_waiting[line] = None

    def works(self, line: Line) -> None:
        """Note that a connection is being served or is logged in: it does not give way."""
        self._all_waiting.pop(line, None)
        place = self._places.get(line, "")
        waiting = self._waiting.get(place)
        if waiting is not None:
            waiting.pop(line, None)
            if not waiting:
                del self._waiting[place]

    def leave(self, line: Line) -> None:
        """Remove a connection that has ended; nothing happens if it is not registered."""
        self.works(line)
        place = self._places.pop(line, None)
        if place is not None:
            self._counts[place] -= 1
            if not self._counts[place]:
                del self._counts[place]

    def note(self, why: str, peer: str) -> None:
        """Count a connection that was ended, and log the counts at most every `LOG_EVERY_S` seconds."""
        self._turn_away(why, place_of(peer))

    def sweep(self) -> None:
        """End the connections whose time is up."""
        now_s = self.now()
        for line, place in list(self._places.items()):
            why = line.expire(now_s)
            if why:
                self._turn_away(why, place)

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            self.sweep()
            await asyncio.sleep(SWEEP_S)

    def _one_gives_way(self, waiting: dict[Line, None], place: str) -> bool:
        line = next(iter(waiting), None)
        if line is None:
            return False
        self._turn_away("gave_way", place)
        self.leave(line)
        line.give_way()
        return True

    def _turn_away(self, why: str, place: str) -> bool:
        self.turned_away[why] += 1
        self._untold[why] += 1
        now_s = self.now()
        if self._logged_s is None or now_s - self._logged_s >= LOG_EVERY_S:
            _log.warning("connections_turned_away", lately=dict(self._untold), last=place, open=len(self))
            self._untold.clear()
            self._logged_s = now_s
        return False
