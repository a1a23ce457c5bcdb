"""A campaign in virtual time, with a light centre: dials, answers, talks, wrap-ups, and what pacing makes of them.

Leads and operators are people who draw what they do; the `Pacer` under test decides how many to dial. The same seed
gives the same people.
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
    """One dial; `ends` and `after_s` are the lead's, and nobody may look at them before (but an oracle)."""

    placed_s: float
    ends: Ends
    after_s: float


class Pacer(Protocol):
    """What decides how many to dial, and is told what happens."""

    def look(self, centre: "DialingCentre") -> tuple[int, float]:
        """How many to dial now, and after how many seconds to ask again if nothing happens before."""

    def dial_ended(self, centre: "DialingCentre", dial: Dial) -> None:
        """A dial was answered or ended."""

    def settled(self, centre: "DialingCentre") -> None:
        """An answer came to an operator, or was abandoned; the tally has it."""

    def talked(self, seconds: float) -> None:
        """A talk ended."""

    def wrapped_up(self, seconds: float) -> None:
        """A wrap-up ended."""


@dataclass(slots=True)
class Tally:
    """What a day came to."""

    dials: int = 0
    answered: int = 0
    abandoned: int = 0
    busy_s: float = 0.0
    """Talk and wrap-up within the measured time."""
    logged_in_s: float = 0.0
    highest: float = 0.0
    """The highest share of abandoned calls at any moment after the first hundred live answers, 0..1."""

    @property
    def utilisation(self) -> float:
        """Talk and wrap-up over logged-in time, 0..1."""
        return self.busy_s / self.logged_in_s

    @property
    def abandoned_share(self) -> float:
        """Abandoned / live answers, 0..1."""
        return self.abandoned / max(1, self.answered + self.abandoned)


class DialingCentre:
    """Operators, dials and the clock.

    Args:
        leads: who is dialled.
        pacer: decides how many.
        operators: how many are logged in, all day.
        talk, wrap_up: draw their durations.
        connect_s: how long a live answer waits for an operator.
        lines: dials and talks at one time, at most.
        warm_up_s: not measured at the start of the day.
        least_s: the pacer is not asked again earlier.
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
        """Since when, by operator's place."""
        self.wrapping_up: dict[int, float] = {}
        self.waiting: deque[tuple[float, int]] = deque()
        """Live answers without an operator: since when, and their number."""
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
        """Lines that may be added."""
        return self.lines - len(self.dials) - len(self.waiting) - len(self.talking)

    def run(self, until_s: float) -> Tally:
        """Let the day pass, up to `until_s` seconds."""
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
        """Dial one."""
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
