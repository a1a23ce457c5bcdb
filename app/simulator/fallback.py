"""The dead-man's switch in the simulated PBX: its own queue, while the service gives no sign of life."""

from collections.abc import Callable

from app.simulator.lines import FALLBACK, HOLD, Line
from app.simulator.pbx import BETWEEN_S, SimulatedPbx

RING_S = 15.0


class Fallback:
    """Takes callers who wait on hold, and rings whoever's phone is free.

    Args:
        pbx: its callers.
        is_served: whether the service has given a sign of life of late.
    """

    def __init__(self, pbx: SimulatedPbx, is_served: Callable[[], bool]) -> None:
        self._pbx = pbx
        self._is_served = is_served
        pbx.on_hold = self.look

    def look_at_all(self) -> None:
        """The service may be away: look at everybody who waits."""
        for line in list(self._pbx.lines.values()):
            if line.where == HOLD:
                self.look(line)

    def look(self, line: Line) -> None:
        """Somebody waits: leave them to the service if it is there, else ring a phone."""
        pbx = self._pbx
        if line.channel not in pbx.lines or line.where not in (HOLD, FALLBACK) or line.leg is not None:
            return
        if self._is_served():
            line.where = HOLD
            return
        line.where = FALLBACK
        free = [name for name, phone in pbx.phones.items() if phone.registered and not phone.legs]
        if free:
            pbx.ring(line, free[0], RING_S)
        else:
            pbx.world.after(BETWEEN_S, lambda: self.look(line))
