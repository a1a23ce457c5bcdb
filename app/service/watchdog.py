"""Watches the event loop: how late its timers are, how long the loop's own work held it, and what ran meanwhile.

A beat is due every `BEAT_S`. Its delay is the loop's lag, which other processes on a busy machine cause as well as our
own work. Our work can have caused at most the processor time that the loop's thread used meanwhile: that is counted as
`held`. A separate thread looks at late beats and notes the loop's stack.
"""

import asyncio
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from app.system import clock

BEAT_S: Final = 0.01
STALL_S: Final = 0.1
"""A beat that is later than this is a stall: it is counted, and logged with what ran."""
LOG_EVERY_S: Final = 10.0
"""The least time between two logged stalls; those between are counted in the next line."""
WINDOW_S: Final = 60.0
"""The longest lag is that of this window and the one before it."""
_LOOK_EVERY_S: Final = 0.025
_FRAMES: Final = 12
_BUCKETS_S: Final = (
    *(0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.25),
    *(0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
_log = structlog.get_logger(__name__)


class Watchdog:
    """Measures the running event loop. Call `run` in a task group.

    Args:
        registry: shows the numbers.
        now: seconds of a clock that only goes forward.
        cpu: seconds of processor time the calling thread has used.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        *,
        now: Callable[[], float] = clock.monotonic,
        cpu: Callable[[], float] = clock.thread_cpu,
    ) -> None:
        self._now, self._cpu = now, cpu
        self._lag = Histogram(
            "keskus_event_loop_lag_seconds",
            "How late timers of the event loop came.",
            buckets=_BUCKETS_S,
            registry=registry,
        )
        self._held = Histogram(
            "keskus_event_loop_held_seconds",
            "How much of that lag the loop's own work can have caused, by processor time.",
            buckets=_BUCKETS_S,
            registry=registry,
        )
        longest = Gauge(
            "keskus_event_loop_lag_max_seconds",
            "The longest lag of the last one to two minutes.",
            registry=registry,
        )
        longest.set_function(self.longest)
        self._stalls = Counter(
            "keskus_event_loop_stalls", f"Lags over {STALL_S:g} s.", registry=registry
        )  # fmt: skip
        self._last_stall = Gauge(
            "keskus_event_loop_last_stall_seconds", "How long the last one was.", registry=registry
        )
        self._window, self._worst, self._worst_before = 0, 0.0, 0.0
        self._logged_s: float | None = None
        self._unlogged = 0
        self._due_s = 0.0
        self._seen: tuple[float, tuple[str, ...]] = (0.0, ())
        """The beat that was late when the thread looked, and the loop's stack then."""

    async def run(self) -> None:
        """Watch until cancelled."""
        thread = threading.get_ident()
        stopped = threading.Event()
        self._due_s = self._now() + BEAT_S
        looking = threading.Thread(target=self._look, args=(thread, stopped), name="watchdog", daemon=True)
        looking.start()
        cpu_s = self._cpu()
        try:
            while True:
                await asyncio.sleep(max(0.0, self._due_s - self._now()))
                now_s, used_s = self._now(), self._cpu()
                self.note(now_s, max(0.0, now_s - self._due_s), used_s - cpu_s)
                self._due_s, cpu_s = now_s + BEAT_S, used_s
        finally:
            stopped.set()

    def note(self, now_s: float, lag_s: float, cpu_s: float) -> None:
        """Take one beat.

        Args:
            now_s: when it came.
            lag_s: how late it was.
            cpu_s: processor time the loop's thread used since the beat before.
        """
        held_s = min(lag_s, cpu_s)
        self._lag.observe(lag_s)
        self._held.observe(held_s)
        self._turn_window(now_s)
        self._worst = max(self._worst, lag_s)
        if lag_s >= STALL_S:
            self._stalls.inc()
            self._last_stall.set(lag_s)
            self._tell(now_s, lag_s, held_s)

    def longest(self) -> float:
        """The longest lag of this window and the one before, in seconds."""
        self._turn_window(self._now())
        return max(self._worst, self._worst_before)

    def _turn_window(self, now_s: float) -> None:
        window = int(now_s // WINDOW_S)
        if window != self._window:
            self._worst_before = self._worst if window == self._window + 1 else 0.0
            self._window, self._worst = window, 0.0

    def _tell(self, now_s: float, lag_s: float, held_s: float) -> None:
        if self._logged_s is not None and now_s - self._logged_s < LOG_EVERY_S:
            self._unlogged += 1
            return
        due_s, stack = self._seen
        _log.warning(
            "event_loop_stalled",
            lag_ms=round(lag_s * 1000),
            held_ms=round(held_s * 1000),
            ran=" < ".join(stack) if due_s == self._due_s else "not seen",
            unlogged=self._unlogged,
        )
        self._logged_s, self._unlogged = now_s, 0

    def _look(self, thread: int, stopped: threading.Event) -> None:
        while not stopped.wait(_LOOK_EVERY_S):
            due_s = self._due_s
            if self._now() - due_s >= STALL_S / 2 and self._seen[0] != due_s:
                frame = sys._current_frames().get(thread)  # noqa: SLF001 - the only way to another thread's stack
                self._seen = due_s, _stack(frame)


def _stack(frame: FrameType | None) -> tuple[str, ...]:
    """The stack of a thread, innermost first: files, lines and functions, never values."""
    lines: list[str] = []
    while frame is not None and len(lines) < _FRAMES:
        code = frame.f_code
        lines.append(f"{code.co_filename.rpartition('/')[2]}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    return tuple(lines)
