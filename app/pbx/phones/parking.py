"""Watches the parking places: a customer who is parked while no place is free must not be lost.

Asterisk answers a phone's REFER to the parking number with success before it looks for a place, and the phone hangs up.
So while all places are taken, blind transfers go to a context without a parking number: the REFER is refused (404), the
phone shows that to the operator, and the talk goes on. The floor is told too, for the operators' page. The dialplan
(`keskus-talked`) puts a customer who was sent there just before, or while the service is away, back into the queue.
It knows such a customer by the variable `SIPTRANSFER`, which is cleared here when a customer is taken off a place.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from app.domain.ids import FIRST_NODE, NodeId, name_of
from app.floor.events import BlindTransferred, CallParked, CallRetrieved, ParkingFilled
from app.floor.events import Event as FloorEvent
from app.pbx.ami.errors import PbxLinkLost, PbxRejected
from app.pbx.ami.link import Link
from app.pbx.dialplan import Context
from app.pbx.words import whole_number

PARK: Final = "700"
"""The parking number, to which phones transfer."""
LOT: Final = "default"
LOOK_S: Final = 2.0
"""Seconds between looks without a cause: no event tells that a parked caller hung up or came back."""


class ParkingWatch:
    """Watches the parking places of one PBX. Give `run` to a task group, and each event to `heard`.

    Args:
        link: to the PBX.
        put: takes a `ParkingFilled`; must return at once.
        node: the PBX.
    """

    def __init__(self, link: Link, put: Callable[[ParkingFilled], None], node: NodeId = FIRST_NODE) -> None:
        self._node = node
        self._link = link
        self._put = put
        self._due = asyncio.Event()
        self._full: bool | None = None
        """Whether all places were taken, as last told to the PBX; None: not told since the last log-in."""

    def heard(self, event: FloorEvent) -> None:
        """Take an event, and look at once if a place may have been taken or freed; takes microseconds."""
        sent = isinstance(event, BlindTransferred) and event.extension == PARK
        if sent or isinstance(event, CallParked | CallRetrieved):
            self._due.set()
        if isinstance(event, CallRetrieved):
            self._link.tell(
                [
                    {
                        "Action": "Setvar",
                        "Channel": name_of(event.channel),
                        "Variable": "SIPTRANSFER",
                        "Value": "",
                    }
                ]
            )

    def logged_in(self) -> None:
        """Look anew after a log-in: the PBX may have restarted."""
        self._full = None
        self._due.set()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._due.wait()
            self._due.clear()
            with contextlib.suppress(PbxLinkLost, PbxRejected):  # a PBX without parking
                await self._look()

    async def _look(self) -> None:
        lots = await self._link.collect({"Action": "Parkinglots"})
        places = sum(
            whole_number(lot.get("StopSpace")) - whole_number(lot.get("StartSpace")) + 1
            for lot in lots
            if lot.get("Name") == LOT and lot.get("StopSpace")
        )
        parked = await self._link.collect({"Action": "ParkedCalls", "ParkingLot": LOT})
        full = 0 < places <= len(parked)
        if full is not self._full:
            self._full = full
            self._put(ParkingFilled(full, self._node))
            context = Context.FULL if full else ""
            await self._link.send({"Action": "Setvar", "Variable": "TRANSFER_CONTEXT", "Value": context})
