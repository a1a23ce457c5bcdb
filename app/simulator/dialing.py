"""A campaign in virtual time without the floor, to test pacing: dials, answers, talks and wrap-ups.

Leads and operators draw their times at random; the `Pacer` under test decides how many to dial. The same seed gives
the same people.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Protocol

from app.simulator.campaign_people import Ends, Leads
from app.simulator.people import Draw


@dataclass(slots=True, eq=False)
class Dial:
    """One dial. `ends` and `after_s` are the lead's secret until the dial ends; only an oracle may read them before."""

    placed_s: float
    ends: Ends
    after_s: float


class Pacer(Protocol):
    """Decides how many leads to dial, and is told what happens."""

    def look(self, centre: "DialingCentre") -> tuple[int, float]:
        """How many leads to dial now, and after how many seconds to ask again if nothing happens before."""

    def dial_ended(self, centre: "DialingCentre", dial: Dial) -> None:
        """Take note that a dial was answered or ended."""

    def settled(self, centre: "DialingCentre") -> None:
        """Take note that a live answer was connected or abandoned; the tally already counts it."""

    def talked(self, seconds: float) -> None:
        """Take note that a talk of this length ended."""

    def wrapped_up(self, seconds: float) -> None:
        """Take note that a wrap-up of this length ended."""


@dataclass(slots=True)
class Tally:
    """The figures of a day."""

    dials: int = 0
    answered: int = 0
    abandoned: int = 0
    busy_s: float = 0.0
    """Talk and wrap-up within the measured time."""
    logged_in_s: float = 0.0
    highest: float = 0.0
    """The highest abandon rate at any moment after the first hundred live answers, 0..1."""

    @property
    def utilisation(self) -> float:
        """Talk and wrap-up over logged-in time, 0..1."""
        return self.busy_s / self.logged_in_s

    @property
    def abandoned_share(self) -> float:
        """Abandon rate: abandoned / live answers, 0..1."""
        return self.abandoned / max(1, self.answered + self.abandoned)


class DialingCentre:
    """The operators, the dials and the clock.

    Args:
        leads: the leads that are dialled.
        pacer: decides how many are dialled.
        operators: number of operators logged in all day.
        talk, wrap_up: draw durations in seconds.
        connect_s: seconds that a live answer waits for an operator before it is abandoned.
        lines: the most dials and talks at one time.
        warm_up_s: seconds at the start of the day that are not measured.
        least_s: the fewest seconds between two questions to the pacer.
    """

    def __init__(
        self,
        leads: Leads,
        pacer: Pacer,
        operators: int,
        *,
        talk: Draw,
        wrap_up: Draw,
        connect_s: float = 2.0,
        lines: int = 1_000_000,
        warm_up_s: float = 1800.0,
        least_s: float = 0.25,
    ) -> None:
        self.now_s = 0.0
        self.operators = operators
        self.idle = operators
        self.connect_s = connect_s
        self.dials: dict[Dial, None] = {}
        self.talking: dict[int, float] = {}
        """Since when each talking operator talks, by the operator's seat."""
        self.wrapping_up: dict[int, float] = {}
        self.waiting: deque[tuple[float, int]] = deque()
        """Live answers without an operator: since when each waits, and its number."""
        self.tally = Tally()
        self.lines = lines
        self._leads, self._pacer = leads, pacer
        self._talk, self._wrap_up = talk, wrap_up
        self._warm_up_s, self._least_s = warm_up_s, least_s
        self._due: list[tuple[float, int, Callable[..., None], object]] = []
        self._order = 0
        self._asked_s = -1.0
        self._ask_at_s = -1.0
        self._seats = list(range(operators))
        self._changed = True

    @property
    def free_lines(self) -> int:
        """How many more dials the lines allow."""
        return self.lines - len(self.dials) - len(self.waiting) - len(self.talking)

    def run(self, until_s: float) -> Tally:
        """Simulate the day up to `until_s` seconds; give its figures."""
        self._ask()
        due = self._due
        while due and due[0][0] <= until_s:
            self.now_s, _, do, what = heappop(due)
            do(what)
            if self._changed:
                self._ask()
        for since_s in (*self.talking.values(), *self.wrapping_up.values()):
            self.tally.busy_s += until_s - max(since_s, self._warm_up_s)
        self.tally.logged_in_s = self.operators * (until_s - self._warm_up_s)
        return self.tally

    def _after(self, delay_s: float, do: Callable[..., None], what: object) -> None:
        self._order += 1
        heappush(self._due, (self.now_s + delay_s, self._order, do, what))

    def _ask(self) -> None:
        now_s = self.now_s
        self._changed = False
        if now_s < self._asked_s + self._least_s:
            if self._ask_at_s > self._asked_s + self._least_s:
                self._look_at(self._asked_s + self._least_s)
            return
        self._asked_s = now_s
        place, again_s = self._pacer.look(self)
        for _ in range(place):
            self.place()
        self._look_at(now_s + again_s)

    def _look_at(self, at_s: float) -> None:
        self._ask_at_s = at_s
        self._after(at_s - self.now_s, self._look_again, at_s)

    def _look_again(self, at_s: object) -> None:
        if at_s == self._ask_at_s:
            self._changed = True

    def place(self) -> None:
        """Dial one lead."""
        ends, after_s = self._leads.dial(self.now_s)
        dial = Dial(self.now_s, ends, after_s)
        self.dials[dial] = None
        self.tally.dials += 1
        self._after(after_s, self._end_dial, dial)

    def _end_dial(self, what: object) -> None:
        assert isinstance(what, Dial)
        del self.dials[what]
        self._changed = True
        self._pacer.dial_ended(self, what)
        if what.ends is not Ends.ANSWER:
            return
        if self.idle:
            self._connect()
        else:
            self._order += 1
            number = self._order
            self.waiting.append((self.now_s, number))
            self._after(self.connect_s, self._give_up, number)

    def _connect(self) -> None:
        seat = self._seats.pop()
        self.idle -= 1
        self.tally.answered += 1
        self._pacer.settled(self)
        self.talking[seat] = self.now_s
        self._after(self._talk(), self._end_talk, seat)

    def _give_up(self, number: object) -> None:
        if self.waiting and self.waiting[0][1] == number:
            self.waiting.popleft()
            self.tally.abandoned += 1
            if self.tally.answered + self.tally.abandoned >= 100:
                self.tally.highest = max(self.tally.highest, self.tally.abandoned_share)
            self._changed = True
            self._pacer.settled(self)

    def _end_talk(self, what: object) -> None:
        assert isinstance(what, int)
        since_s = self.talking.pop(what)
        self._count(since_s)
        self._pacer.talked(self.now_s - since_s)
        self.wrapping_up[what] = self.now_s
        self._changed = True
        self._after(self._wrap_up(), self._end_wrap_up, what)

    def _end_wrap_up(self, what: object) -> None:
        assert isinstance(what, int)
        since_s = self.wrapping_up.pop(what)
        self._count(since_s)
        self._pacer.wrapped_up(self.now_s - since_s)
        self._seats.append(what)
        self.idle += 1
        self._changed = True
        if self.waiting:
            self.waiting.popleft()
            self._connect()

    def _count(self, since_s: float) -> None:
        self.tally.busy_s += max(0.0, self.now_s - max(since_s, self._warm_up_s))
