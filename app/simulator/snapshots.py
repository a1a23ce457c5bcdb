"""Snapshots of the simulated PBX for the service: at each log-in, on request, and every few seconds."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from app.domain.operators import DeviceState
from app.floor.events import DeviceChanged, Event, SeenChannel, SnapshotTaken
from app.simulator.loop import VirtualLoop, VirtualTimer
from app.simulator.pbx import SimulatedPbx
from app.simulator.trouble import SNAPSHOT_FAULTS, Trouble
from app.simulator.wire import LATENCY_S, Wire

LISTING_S = 0.006
"""Seconds from the list of channels to the list of phones: a snapshot is not of one moment."""
LIST_S = 2.5
"""Seconds that the PBX may take for a snapshot."""
RETRY_S = 1.0
"""Seconds from a refusal to the next try."""
AUDIT_S = 2.0
"""Seconds from one snapshot to the next, even without a cause."""
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
    """Takes one snapshot at a time; events that arrive meanwhile are passed on after it.

    Args:
        loop: the virtual time.
        pbx: the PBX that is asked.
        wire: carries the answers.
        trouble: the faults.
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
        """Whether a snapshot was merged since the login."""
        self._loop = loop
        self._pbx = pbx
        self._wire = wire
        self._trouble = trouble
        self._put = put
        self._behind: list[Event] | None = None
        self._asked = False
        self._number = 0
        """The number of the present or last snapshot."""
        self._timer: VirtualTimer | None = None
        self._settled = 0

    @property
    def under_way(self) -> bool:
        """Whether a snapshot is being taken or asked for."""
        return self._behind is not None or self._asked

    def heard(self, event: Event) -> None:
        """Pass an event on, after a snapshot that is being taken."""
        if self._behind is not None:
            self._behind.append(event)
        else:
            self._put(event)

    def ask(self) -> None:
        """Ask for a snapshot now, or after the present one."""
        self._settled = 0
        if not self._asked:
            self._asked = True
            if self._behind is None:
                self._after(0.0, self._take)

    def stir(self) -> None:
        """Note that something happened, so that snapshots are taken again."""
        if self._settled >= SETTLED_AUDITS and self._timer is None and self._behind is None and self._wire.up:
            self._after(AUDIT_S, self._take)
        self._settled = 0

    def end(self) -> None:
        """End with the link: cancel the present snapshot, and pass the waiting events on."""
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
        """Plan the next snapshot.

        After two snapshots without anything happening, none is due until something happens: a merge that changed
        nothing would change nothing again. Only the age of an order grows with time, and it is past its limit by then.
        So a quiet hour costs nothing.
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
    """The ids of the channels in an event, and the endpoint of a `DeviceChanged`."""
    if isinstance(event, DeviceChanged):
        yield event.endpoint
        return
    for field in _CHANNELS:
        channel = getattr(event, field, None)
        if channel:
            yield channel
