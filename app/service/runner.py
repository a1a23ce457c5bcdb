"""The only writer of the floor: events in, one step each, outcomes out.

Everything happens on the event loop's thread. `put` only appends; a batch is taken from the inbox on the next
turn of the loop, so that the reader of the PBX is never held up by what its events cause. A turn takes events and
carries out their commands for `TURN_S`; what is left is for the next, in order: the commands of a step go out before
the next event is stepped. The inbox is not bounded: an event of the PBX must not be dropped, and memory is bounded by
what the PBX can say.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from app.domain.now import Now
from app.floor.commands import Command, TakeSnapshot
from app.floor.control import next_deadline, step
from app.floor.events import ClockTicked, Event
from app.floor.facts import FaultSeen, StepResult
from app.floor.floor import Floor

log = structlog.get_logger(__name__)

BATCH = 500  # events a turn of the loop, so that a burst does not starve everybody else
FAULTS_LOGGED = 20  # of one step
TURN_S = 0.01
"""Seconds for which a turn of the loop may take events and carry out commands; the last one may take longer."""


class Timer(Protocol):
    """A planned call."""

    def cancel(self) -> None:
        """Cancel the call."""


class Loop(Protocol):
    """What the runner needs of an event loop; asyncio's has it, and so has one in virtual time."""

    def call_soon(self, callback: Callable[[], object], /) -> object:
        """Call back on the next turn."""

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Timer:
        """Call back in `delay` seconds."""


class Runner:
    """Drives one floor.

    Args:
        floor: the floor; nothing else changes it.
        now: reads both clocks.
        sinks: told of each outcome, at once and in order; they must return within microseconds.
        dispatch: carries out one command; it must not wait.
        loop: the event loop; the running one if not given.
        ready: turns an event into the one that the floor gets, right before the step.
    """

    def __init__(
        self,
        floor: Floor,
        now: Callable[[], Now],
        sinks: Sequence[Callable[[StepResult], None]],
        dispatch: Callable[[Command], None],
        loop: Loop | None = None,
        *,
        ready: Callable[[Event], Event] = lambda event: event,
    ) -> None:
        self.floor = floor
        self.steps = 0
        self.faults = 0
        self._now = now
        self._sinks = sinks
        self._dispatch = dispatch
        self._ready = ready
        self._inbox: deque[tuple[Event, asyncio.Future[StepResult] | None]] = deque()
        self._commands: deque[Command] = deque()
        """Commands of the events stepped so far, to be carried out before the next step."""
        self._scheduled = False
        self._loop: Loop = loop or asyncio.get_running_loop()
        self._timer: Timer | None = None
        self._timer_at_s: float | None = None

    def put(self, event: Event) -> None:
        """Take an event; it is stepped on the next turn of the loop, in the order it came."""
        self._inbox.append((event, None))
        self._schedule()

    async def post(self, event: Event) -> StepResult:
        """Take an event and give its outcome.

        Raises:
            NotPossible: the floor refuses the event, and has not changed.
        """
        future: asyncio.Future[StepResult] = asyncio.get_running_loop().create_future()
        self._inbox.append((event, future))
        self._schedule()
        outcome = await future
        if outcome.refusal is not None:
            raise outcome.refusal
        return outcome

    def close(self) -> None:
        """Stop the timer, so that the clock causes nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._drain)

    def _drain(self) -> None:
        self._scheduled = False
        over_s, events = self._now().mono_s + TURN_S, BATCH
        while self._commands or (self._inbox and events):
            if self._commands:
                self._dispatch(self._commands.popleft())
            else:
                events -= 1
                self._take(*self._inbox.popleft())
            if self._now().mono_s >= over_s:
                break
        if self._commands or self._inbox:
            self._schedule()
        self._set_timer()

    def _take(self, event: Event, waiting: asyncio.Future[StepResult] | None) -> None:
        try:
            outcome = step(self.floor, self._ready(event), self._now())
        except Exception as error:  # the floor must outlive its own faults; the snapshot puts it right
            self.faults += 1
            log.exception("floor_fault", floor_event=type(event).__name__)
            for node in self.floor.nodes:
                self._dispatch(TakeSnapshot("floor_fault", node))
            if waiting is not None and not waiting.done():
                waiting.set_exception(error)
            return
        self.steps += 1
        for sink in self._sinks:
            sink(outcome)
        self._log_faults([fact for fact in outcome.facts if isinstance(fact, FaultSeen)])
        self._commands.extend(outcome.commands)
        if waiting is not None and not waiting.done():
            waiting.set_result(outcome)

    def _log_faults(self, faults: Sequence[FaultSeen]) -> None:
        """Log each fault in a line, and only the number of the others in a step with very many."""
        self.faults += len(faults)
        for fault in faults[:FAULTS_LOGGED]:
            log.warning("floor_fault_seen", what=fault.what, detail=fault.detail)
        if len(faults) > FAULTS_LOGGED:
            log.warning("floor_faults_seen", besides=len(faults) - FAULTS_LOGGED)

    def _set_timer(self) -> None:
        due_s = next_deadline(self.floor)
        if due_s == self._timer_at_s and self._timer is not None:
            return
        self.close()
        self._timer_at_s = due_s
        if due_s is not None:
            wait_s = max(0.0, due_s - self._now().mono_s)
            self._timer = self._loop.call_later(wait_s, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.put(ClockTicked())
