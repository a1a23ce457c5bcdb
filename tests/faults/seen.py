"""What SIPp saw, as it sees it: every caller, every ringing phone, every talk, on SIPp's clock alone."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from app.demo.sipp_process import SippEvent

FOREVER: float = float("inf")
CROSSING_S = 0.4
"""Two parties that act within this do so at the same time: either story is true."""
State = tuple[Literal["waiting", "talking", "leaving"], str] | None
"""Where a caller is, and at which phone; None before the call and after it."""


@dataclass
class Ring:
    """One invitation at one phone."""

    phone: str
    caller: str
    """The number it showed."""
    call: str
    """The call's id in our records, from the `X-Keskus-Call` header."""
    rang_s: float
    answered_s: float = FOREVER
    ended_s: float = FOREVER
    ended: str = ""
    """`local`: the operator hung up; `remote`: the other side; else `cancelled` or `refused`."""

    @property
    def talked(self) -> bool:
        return self.answered_s < FOREVER

    def talking(self, at_s: float) -> bool:
        """Whether the phone was in this talk then."""
        return self.answered_s <= at_s < self.ended_s

    def moments(self) -> tuple[float, float, float]:
        """When its state changed."""
        return self.rang_s, self.answered_s, self.ended_s


@dataclass
class Caller:
    """One call, seen from who called."""

    number: str
    dialled_s: float
    answered_s: float = FOREVER
    """The PBX picked up; the caller may still wait for an operator."""
    ended_s: float = FOREVER
    ended: str = ""
    """`local`: the caller hung up; `remote`: the other side; else `gave up` or `refused` with the SIP status."""
    rings: list[Ring] = field(default_factory=list)

    @property
    def talks(self) -> list[Ring]:
        """The phones that answered, in order; without one that picked up what had just been withdrawn."""
        kept = [ring for ring in self.rings if ring.talked and not self._too_late(ring)]
        return sorted(kept, key=lambda ring: ring.answered_s)

    def _too_late(self, ring: Ring) -> bool:
        crossed = ring.ended_s - ring.answered_s < CROSSING_S and ring.ended == "remote"
        return crossed and self.ended_s > ring.ended_s + CROSSING_S

    def state(self, at_s: float) -> State:
        """Where the caller was then."""
        if not self.dialled_s <= at_s < self.ended_s:
            return None
        over = False
        for ring in self.rings:
            if ring.talking(at_s):
                return "talking", ring.phone
            over = over or (ring.talked and ring.ended_s <= at_s)
        return ("leaving", "") if over else ("waiting", "")

    def moments(self) -> list[float]:
        """When its state changed."""
        times = [self.dialled_s, self.ended_s]
        times += [moment for ring in self.rings for moment in (ring.answered_s, ring.ended_s)]
        return times


class Seen:
    """Every event of callers and phones, put together."""

    def __init__(self) -> None:
        self.callers: dict[str, Caller] = {}
        """By number; each number calls once."""
        self.rings: list[Ring] = []
        self.by_phone: dict[str, list[Ring]] = {}
        self.events = 0
        """Whatever happened, at callers and phones."""
        self.answers = 0
        """Talks begun."""
        self.ends = 0
        """Calls over."""
        self.strange: list[str] = []
        self._live: dict[str, Ring] = {}
        self._unclaimed: dict[str, list[Ring]] = {}
        """Rings by a caller of whom nothing was read yet: the two are told in files of their own."""
        self._waiters: list[tuple[Callable[[], bool], asyncio.Event]] = []

    def caller_event(self, event: SippEvent) -> None:
        """Take what a caller tells."""
        if event.kind == "dialled":
            if event.user in self.callers:
                self.strange.append(f"{event.user} called twice")
            rings = self._unclaimed.pop(event.user, [])
            self.callers[event.user] = Caller(event.user, event.at_s, rings=rings)
        elif (caller := self.callers.get(event.user)) is not None:
            if event.kind == "answered":
                caller.answered_s = event.at_s
            elif event.kind in ("ended", "gave up", "refused"):
                caller.ended_s = event.at_s
                caller.ended = (
                    event.detail if event.kind == "ended" else f"{event.kind} {event.detail}".strip()
                )
                self.ends += 1
        self._wake()

    def phone_event(self, event: SippEvent) -> None:
        """Take what a phone tells."""
        if event.kind == "ringing":
            ring = Ring(event.user, event.peer, call=event.detail.strip(), rang_s=event.at_s)
            self._live[event.call_id] = ring
            self.rings.append(ring)
            self.by_phone.setdefault(event.user, []).append(ring)
            caller = self.callers.get(event.peer)
            rings = self._unclaimed.setdefault(event.peer, []) if caller is None else caller.rings
            rings.append(ring)
        elif (live := self._live.get(event.call_id)) is not None:
            if event.kind == "answered":
                live.answered_s = event.at_s
                self.answers += 1
            elif event.kind in ("ended", "cancelled", "refused"):
                live.ended_s = event.at_s
                live.ended = event.detail if event.kind == "ended" else event.kind
                del self._live[event.call_id]
        self._wake()

    def cut(self, at_s: float) -> None:
        """The PBX died then: whatever was live has ended, and no SIP message tells of it."""
        for ring in self._live.values():
            ring.ended_s, ring.ended = at_s, "cut"
        self._live.clear()
        for caller in self.callers.values():
            if caller.ended_s == FOREVER:
                caller.ended_s, caller.ended = at_s, "cut"
        self._wake()

    def uncalled(self) -> list[str]:
        """Rings for somebody who did not call, in words."""
        return [
            f"{ring.phone} rang for {number}, who did not call"
            for number, rings in self._unclaimed.items()
            for ring in rings
        ]

    def live(self) -> int:
        """Calls that have begun and not ended."""
        return sum(caller.ended_s == FOREVER for caller in self.callers.values())

    def talking(self) -> int:
        """Phones in a talk now."""
        return sum(ring.talked for ring in self._live.values())

    async def until(self, what: Callable[[], bool], timeout_s: float = 30.0) -> None:
        """Wait until something is so; it is looked at after each event."""
        told = asyncio.Event()
        waiter = (what, told)
        self._waiters.append(waiter)
        try:
            if what():
                return
            async with asyncio.timeout(timeout_s):
                await told.wait()
        finally:
            self._waiters.remove(waiter)

    async def more_events(self, count: int, timeout_s: float = 60.0) -> None:
        """Wait for so many more events of any kind."""
        aim = self.events + count
        await self.until(lambda: self.events >= aim, timeout_s)

    async def more_answers(self, count: int, timeout_s: float = 60.0) -> None:
        """Wait for so many more talks to begin."""
        aim = self.answers + count
        await self.until(lambda: self.answers >= aim, timeout_s)

    def _wake(self) -> None:
        self.events += 1
        for what, told in self._waiters:
            if what():
                told.set()
