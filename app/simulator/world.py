"""Virtual time around one floor: a heap of callbacks that are due.

Only the people who use a `World` are random; the world itself decides nothing.
"""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import inf

from app.domain.now import Now
from app.floor.commands import Command
from app.floor.control import next_deadline, step
from app.floor.events import ClockTicked, Event
from app.floor.facts import StepResult
from app.floor.floor import Floor

_START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)  # a Monday morning


class World:
    """One floor and its virtual time.

    Args:
        floor: driven by this world only.
        start: the wall clock at the world's second 0, aware.
    """

    def __init__(self, floor: Floor, start: datetime = _START) -> None:
        self.floor = floor
        self.now_s = 0.0
        self.steps = 0
        self.listeners: list[Callable[[Event, StepResult], None]] = []
        """Called with each step, before its commands are carried out."""
        self.obey: Callable[[Command], None] = lambda _: None
        """Carries out one command; the PBX sets it."""
        self._start = start
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._inbox: deque[Event] = deque()
        self._draining = False

    def after(self, delay_s: float, do: Callable[[], None]) -> None:
        """Call `do` after `delay_s` seconds (>= 0)."""
        heappush(self._due, (self.now_s + delay_s, next(self._order), do))

    def tell(self, event: Event) -> None:
        """Give the floor an event now, after the events that it was given before."""
        self._inbox.append(event)
        if self._draining:
            return
        self._draining = True
        try:
            while self._inbox:
                self._step(self._inbox.popleft())
        finally:
            self._draining = False

    def run(self, until_s: float = inf) -> None:
        """Let time pass up to `until_s` (world seconds), or until nothing more is due."""
        due = self._due
        while True:
            at_s = due[0][0] if due else inf
            deadline_s = next_deadline(self.floor)
            if deadline_s is not None and deadline_s <= min(at_s, until_s):
                self.now_s = max(self.now_s, deadline_s)
                self.tell(ClockTicked())
            elif at_s <= until_s and due:
                self.now_s = at_s
                heappop(due)[2]()
            else:
                break
        if until_s < inf:
            self.now_s = until_s

    def moment(self) -> Now:
        """The monotonic and the wall clock of this world."""
        return Now(self.now_s, self._start + timedelta(seconds=self.now_s))

    def _step(self, event: Event) -> None:
        outcome = step(self.floor, event, self.moment())
        self.steps += 1
        for listen in self.listeners:
            listen(event, outcome)
        for command in outcome.commands:
            self.obey(command)
