"""Looks after the parking places: a customer who is parked when none is free must not be lost.

Asterisk answers a phone's REFER to the parking number with success before it looks for a place, and the phone hangs up.
So while all places are taken, blind transfers land in a context that has no parking number: the REFER is refused (404),
the phone tells the operator so, and the talk goes on.
"""

import asyncio
import contextlib
from typing import Final

from app.floor.events import BlindTransferred, CallParked, CallRetrieved
from app.floor.events import Event as FloorEvent
from app.floor.model import ChannelId
from app.pbx.encode import Action
from app.pbx.errors import PbxLinkLost, PbxRejected
from app.pbx.link import Link

PARK: Final = "700"
"""What phones transfer to."""
LOT: Final = "default"
FULL_CONTEXT: Final = "keskus-full"
LOOK_S: Final = 2.0
"""How often it is looked by itself: that a caller gave up, or came back, is not told."""


class ParkingWatch:
    """Give `run` to a task group, and tell what is heard."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._due = asyncio.Event()
        self._full: bool | None = None
        """As the PBX was told last; None: not since the last log-in."""
        self._on_the_way: set[ChannelId] = set()
        """Who was sent to a place since the last look."""

    def heard(self, event: FloorEvent) -> None:
        """Look at once where places may have been taken, or become free; microseconds."""
        if isinstance(event, BlindTransferred) and event.extension == PARK:
            self._on_the_way.add(event.transferee)
        if self._on_the_way or isinstance(event, CallParked | CallRetrieved):
            self._due.set()

    def logged_in(self) -> None:
        """The PBX may be another, or new."""
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
            int(lot.get("StopSpace")) - int(lot.get("StartSpace")) + 1
            for lot in lots
            if lot.get("Name") == LOT
        )
        parked = {
            ChannelId(call.get("ParkeeUniqueid"))
            for call in await self._link.collect({"Action": "ParkedCalls", "ParkingLot": LOT})
        }
        full = 0 < places <= len(parked)
        told: list[Action] = []
        if full is not self._full:
            told.append(_setvar("TRANSFER_CONTEXT", FULL_CONTEXT if full else ""))
            self._full = full
        if full:  # it was, a moment before that was known: the phone hangs up next
            told += [_setvar("KESKUS_UNPARKED", "1", channel) for channel in self._on_the_way - parked]
        self._on_the_way.clear()
        if told:
            await self._link.send_all(told)


def _setvar(name: str, value: str, channel: str = "") -> Action:
    action = {"Action": "Setvar", "Variable": name, "Value": value}
    return {**action, "Channel": channel} if channel else action
