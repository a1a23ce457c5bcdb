"""How the service learns what the PBX has: at each log-in, when it is asked for, and every few seconds."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from app.domain.operators import DeviceState
from app.floor.events import DeviceChanged, Event, SeenChannel, SnapshotTaken
from app.simulator.loop import VirtualLoop, VirtualTimer
from app.simulator.pbx import SimulatedPbx
from app.simulator.trouble import SNAPSHOT_FAULTS, Trouble
from app.simulator.wire import LATENCY_S, Wire

LISTING_S = 0.006
"""From the list of channels to the list of phones: a snapshot is not of one moment."""
LIST_S = 2.5
"""How long the PBX may take."""
RETRY_S = 1.0
"""From a refusal to the next try."""
AUDIT_S = 2.0
"""From a snapshot to the next, in doubt or not."""
SETTLED_AUDITS = 2
_CHANNELS = (
    "channel",
    "caller",
    "leg",
    "transferer",
    "second_transferer",
    "transferee",
    "target",
    "near",
    "far",
    "old",
    "new",
)


class Snapshots:
    """Takes one at a time; what is heard meanwhile is told after it.

    Args:
        loop: the time.
        pbx: which is asked.
        wire: on which the answer comes.
        trouble: what fails.
        put: takes snapshots and events, in order.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        pbx: SimulatedPbx,
        wire: Wire,
        trouble: Trouble,
        put: Callable[[Event], None],
    ) -> None:
        self.taken = 0
        self.reconciled = False
        """One was merged since the login."""
        self._loop = loop
        self._pbx = pbx
        self._wire = wire
        self._trouble = trouble
        self._put = put
        self._behind: list[Event] | None = None
        self._asked = False
        self._number = 0
        """Of the one that is being taken, or was."""
        self._timer: VirtualTimer | None = None
        self._settled = 0

    @property
    def under_way(self) -> bool:
        """One is being taken, or asked for."""
        return self._behind is not None or self._asked

    def heard(self, event: Event) -> None:
        """Pass an event on, after the snapshot that is being taken."""
        if self._behind is not None:
            self._behind.append(event)
        else:
            self._put(event)

    def ask(self) -> None:
        """Have one taken now, or after the one that is being taken."""
        self._settled = 0
        if not self._asked:
            self._asked = True
            if self._behind is None:
                self._after(0.0, self._take)

    def stir(self) -> None:
        """Something happened: the next audits may find something."""
        if self._settled >= SETTLED_AUDITS and self._timer is None and self._behind is None and self._wire.up:
            self._after(AUDIT_S, self._take)
        self._settled = 0

    def end(self) -> None:
        """The link is lost."""
        self._asked = self.reconciled = False
        self._settled = 0
        self._cancel()
        self._tell_behind()

    def _after(self, delay_s: float, do: Callable[[], None]) -> None:
        self._cancel()
        self._timer = self._loop.call_later(delay_s, do)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _take(self) -> None:
        self._timer, self._asked, self._behind = None, False, []
        self._number += 1
        self._after(LIST_S, self._over)
        if self._wire.silent:
            return
        armed = self._trouble.meet(SNAPSHOT_FAULTS)
        if armed is None:
            self._loop.call_later(LATENCY_S, partial(self._list_channels, self._number))
        elif armed.fault == "refuse_snapshot":
            self._loop.call_later(LATENCY_S, partial(self._wire.send, partial(self._refused, self._number)))

    def _list_channels(self, number: int) -> None:
        channels = self._pbx.snapshot().channels
        self._loop.call_later(LISTING_S, partial(self._list_phones, number, channels))

    def _list_phones(self, number: int, channels: tuple[SeenChannel, ...]) -> None:
        if self._is_awaited(number):
            self._wire.send(partial(self._arrived, number, channels, self._pbx.devices()))

    def _arrived(
        self, number: int, channels: tuple[SeenChannel, ...], devices: Mapping[str, DeviceState]
    ) -> None:
        if not self._is_awaited(number):
            return  # too late
        self.taken += 1
        self._settled += 1
        self.reconciled = True
        told = frozenset(name for event in self._behind or () for name in _about(event))
        self._put(SnapshotTaken(channels, devices, told))
        self._over()

    def _refused(self, number: int) -> None:
        if not self._is_awaited(number):
            return
        self._tell_behind()
        self._after(RETRY_S, self._take)

    def _is_awaited(self, number: int) -> bool:
        return number == self._number and self._behind is not None

    def _over(self) -> None:
        """Plan the next.

        When two were merged and nothing happened since, none is due until something does: a merge that changed
        nothing changes nothing the second time, and the one thing in it that grows with time, an order's age,
        is past its limit by then. So a quiet hour costs nothing.
        """
        self._cancel()
        self._tell_behind()
        if self._asked:
            self._after(0.0, self._take)
        elif self._settled < SETTLED_AUDITS:
            self._after(AUDIT_S, self._take)

    def _tell_behind(self) -> None:
        behind, self._behind = self._behind or [], None
        for event in behind:
            self._put(event)


def _about(event: Event) -> Iterator[str]:
    """The channels, and the phone, that an event says something of."""
    if isinstance(event, DeviceChanged):
        yield event.endpoint
        return
    for field in _CHANNELS:
        channel = getattr(event, field, None)
        if channel:
            yield channel
