"""The wire from the PBX to the service: messages arrive in order, unless a fault changes that."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf

from app.floor.events import Event
from app.simulator.loop import VirtualLoop
from app.simulator.trouble import EVENT_FAULTS, Trouble

LATENCY_S = 0.002
REORDERED_S = 1.0
"""The most seconds by which a reordered event is kept back."""


@dataclass(slots=True, eq=False)
class _Late:
    """An event that is kept back."""

    event: Event
    behind: float
    """How many events still have to go before it."""


class Wire:
    """One direction of the link. Each login begins a new generation; messages of the old one are lost.

    Args:
        loop: the virtual time.
        trouble: the faults.
        arrive: takes each event that arrives.
    """

    def __init__(self, loop: VirtualLoop, trouble: Trouble, arrive: Callable[[Event], None]) -> None:
        self.generation = 0
        self.up = False
        self.silent = False
        """Whether the link is half-open: nothing that is sent arrives."""
        self._loop = loop
        self._trouble = trouble
        self._arrive = arrive
        self._going: deque[Callable[[], None]] = deque()
        self._late: list[_Late] = []
        self._stalled_until_s = 0.0

    @property
    def empty(self) -> bool:
        """Whether no message is under way."""
        return not self._going and not self._late

    @property
    def in_trouble(self) -> bool:
        """Whether the link is down or half-open, or messages are kept back."""
        return not self.up or self.silent or bool(self._late) or self._loop.now_s < self._stalled_until_s

    def begin(self) -> None:
        """Begin a generation with a login."""
        self.generation += 1
        self.up, self.silent = True, False

    def end(self) -> None:
        """Lose the link, with all messages under way."""
        self.up = self.silent = False
        self._stalled_until_s = 0.0
        self._going.clear()
        self._late.clear()

    def stall(self, seconds: float) -> None:
        """Delay all messages by this many seconds."""
        self._stalled_until_s = max(self._stalled_until_s, self._loop.now_s + seconds)
        self._loop.call_later(seconds, self._trouble.changed)

    def say(self, event: Event) -> None:
        """Send an event, which may meet a fault."""
        if not self.up or self.silent:
            return
        armed = self._trouble.meet(EVENT_FAULTS, type(event).__name__)
        match armed:
            case ("lose", _, _):
                return
            case ("delay", _, seconds):
                self._keep_back(_Late(event, inf), seconds)
                return
            case ("reorder", _, behind):
                self._keep_back(_Late(event, behind), REORDERED_S)
                return
            case ("repeat", _, _):
                self.send(partial(self._arrive, event))
        self.send(partial(self._arrive, event))
        for late in list(self._late):
            late.behind -= 1
            if late.behind <= 0:
                self._release(late)

    def send(self, deliver: Callable[[], None]) -> None:
        """Send another message, such as an answer or a list."""
        if self.up and not self.silent:
            self._going.append(deliver)
            wait_s = max(LATENCY_S, self._stalled_until_s - self._loop.now_s)
            self._loop.call_later(wait_s, partial(self._deliver, self.generation))

    def _deliver(self, generation: int) -> None:
        if generation != self.generation or not self._going:
            return
        wait_s = self._stalled_until_s - self._loop.now_s
        if wait_s > 0:  # the wire stalled while this message was under way
            self._loop.call_later(wait_s, partial(self._deliver, generation))
            return
        deliver = self._going.popleft()
        if not self.silent:
            deliver()

    def _keep_back(self, late: _Late, seconds: float) -> None:
        self._late.append(late)
        self._loop.call_later(seconds, partial(self._release, late))

    def _release(self, late: _Late) -> None:
        if late in self._late:
            self._late.remove(late)
            self.send(partial(self._arrive, late.event))
            self._trouble.changed()
