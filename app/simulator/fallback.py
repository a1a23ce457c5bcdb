"""The dead-man's switch in the simulated PBX: its own queue serves callers while the service's heartbeat is missing."""

from collections.abc import Callable

from app.simulator.lines import FALLBACK, HOLD, Line
from app.simulator.pbx import BETWEEN_S, SimulatedPbx

RING_S = 15.0


class Fallback:
    """The PBX's own queue: takes the callers who wait on hold, and rings any free phone.

    Args:
        pbx: the PBX with the callers and phones.
        is_served: whether the service's heartbeat is fresh.
    """

    def __init__(self, pbx: SimulatedPbx, is_served: Callable[[], bool]) -> None:
        self._pbx = pbx
        self._is_served = is_served
        pbx.on_hold = self.look

    def look_at_all(self) -> None:
        """Look at every caller on hold: the service may be away."""
        for line in list(self._pbx.lines.values()):
            if line.where == HOLD:
                self.look(line)

    def look(self, line: Line) -> None:
        """Leave a waiting caller to the service if it is there, else ring a phone for them."""
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
