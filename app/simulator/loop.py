"""Virtual time: an event loop whose clock stands still during a callback, and then jumps to the next one."""

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from math import inf, nextafter


class VirtualTimer:
    """A callback that is due at a moment."""

    __slots__ = ("do",)

    def __init__(self, do: Callable[[], object]) -> None:
        self.do: Callable[[], object] | None = do

    def cancel(self) -> None:
        """Cancel the callback."""
        self.do = None


class VirtualLoop:
    """The event loop of the runner (`app.service.runner.Loop`), in virtual time."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.until_s = 0.0
        """The end of the present `run`; callbacks may bring it nearer."""
        self._soon: deque[Callable[[], object]] = deque()
        self._due: list[tuple[float, int, VirtualTimer]] = []
        self._order = count()

    def call_soon(self, callback: Callable[[], object], /) -> None:
        """Call back at this moment, after the callbacks that are already due."""
        self._soon.append(callback)

    def call_later(self, delay: float, callback: Callable[[], object], /) -> VirtualTimer:
        """Call back in `delay` seconds."""
        at_s = self.now_s + delay
        if delay > 0 and at_s <= self.now_s:  # less than the clock's last bit, but time must advance
            at_s = nextafter(self.now_s, inf)
        timer = VirtualTimer(callback)
        heappush(self._due, (at_s, next(self._order), timer))
        return timer

    def run(self, until_s: float) -> None:
        """Let time pass up to this moment, and call what is due."""
        soon, due = self._soon, self._due
        self.until_s = until_s
        while True:
            while soon:
                soon.popleft()()
            if not due or due[0][0] > self.until_s:
                break
            self.now_s, _, timer = heappop(due)
            if timer.do is not None:
                timer.do()
        self.now_s = max(self.now_s, self.until_s)
