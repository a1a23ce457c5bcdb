"""One PBX as the runner sees it: parses events, formats commands, takes snapshots.

An order that Asterisk refuses comes back as `CommandRefused`; an order of unknown outcome as `CommandLost`.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import structlog

from app.domain.ids import FIRST_NODE, ChannelId, NodeId
from app.floor.calls.lost_phones import PhoneInTalk
from app.floor.commands import Order, PbxCommand, PlaceCall, TakeSnapshot, WithdrawCall
from app.floor.events import (
    CallEntered,
    ChannelHungUp,
    CommandLost,
    CommandRefused,
    LegAnswered,
    LinkLost,
    SeenChannel,
    SnapshotTaken,
)
from app.floor.events import Event as FloorEvent
from app.pbx.ami.encode import Action
from app.pbx.ami.errors import PbxLinkLost, PbxRejected
from app.pbx.ami.link import Link
from app.pbx.ami.message import Event, Response
from app.pbx.ami.session import LinkSettings
from app.pbx.clocks import HeardClock
from app.pbx.format import format_order, format_placing, format_state, format_withdrawal
from app.pbx.listed import device_states, seen_channel
from app.pbx.parse import WANTED, about, parse
from app.pbx.phones.parking import ParkingWatch
from app.pbx.phones.watch import PhoneWatch
from app.system import clock
from app.system.slices import in_slices

log = structlog.get_logger(__name__)

SNAPSHOT_RETRY_S = 1.0
BEAT_S = 2.0
"""Seconds between heartbeats to the PBX; after three that are missing the dialplan takes the service for away."""
HAND_OVER_S = 1.0
LIST_S, LONGEST_LIST_S = 2.5, 20.0
"""Seconds that the PBX may take to list its channels and phones. The end of a list may be lost, and events wait for
it, so the limit is short. After a log-in the floor needs the list: after each time-out the limit doubles."""
AUDIT_S = 2.0
"""Seconds between snapshots, even without a cause: any event may have been lost on the way."""


class Pbx:
    """One Asterisk. `put` gets every floor event, in order, and must return at once.

    Call `run` inside a task group; it keeps the link and takes snapshots until cancelled.
    """

    def __init__(
        self,
        settings: LinkSettings,
        put: Callable[[FloorEvent], None],
        variables: Mapping[str, str] | None = None,
        in_talk: Callable[[], Iterable[PhoneInTalk]] = tuple,
        known: Callable[[SeenChannel], SeenChannel] = lambda channel: channel,
        *,
        node: NodeId = FIRST_NODE,
    ) -> None:
        """Name a PBX; nothing is connected yet.

        Args:
            settings: its address and account.
            put: takes every floor event; must return at once.
            variables: global variables of its dialplan, set at each log-in.
            in_talk: gives the phones that are in a talk now, to be watched.
            known: gives a listed channel with the caller's number normalised.
            node: its id on the floor.
        """
        self.node = node
        self.link = Link(settings, self._heard, self._up, self._down, WANTED)
        self.reconciled = False
        """Whether a snapshot has been merged since the last log-in."""
        self.clock = HeardClock()
        self._put = put
        self._known = known
        self._parking = ParkingWatch(self.link, lambda event: self._put(event), node)  # noqa: PLW0108
        self._phones = PhoneWatch(self.link, in_talk, lambda event: self._put(event))  # noqa: PLW0108
        self._variables = dict(variables or {})
        self._snapshot_due = asyncio.Event()
        self._behind_snapshot: list[FloorEvent] | None = None
        self._about: set[str] = set()
        """The channels and endpoints of the events that wait for the snapshot."""
        self._beat_due = asyncio.Event()
        self._leaving = False
        """Whether callers have been handed over to the PBX's own queues: no snapshot is taken any more."""

    async def run(self) -> None:
        """Keep the link up and take the snapshots that are asked for."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.link.run())
            group.create_task(self._take_snapshots())
            group.create_task(self._beat())
            group.create_task(self._phones.run())
            group.create_task(self._parking.run())

    def phones_come_back(self, channels: Iterable[ChannelId]) -> None:
        """Have patience with phones whose page was loaded anew in a talk."""
        self._phones.comes_back(channels)

    async def hand_over(self) -> None:
        """Tell the PBX that the service stops: waiting callers go to the PBX's own queues at once."""
        self.reconciled = False
        self._leaving = True
        self._put(LinkLost("the service stops", self.node))  # from now on the PBX's own queues offer calls
        with contextlib.suppress(PbxRejected, PbxLinkLost):
            await self.link.send(_beat_of("0"), timeout_s=HAND_OVER_S)

    def execute(self, command: PbxCommand) -> None:
        """Send a command now; a refusal or an unknown outcome comes back as an event."""
        if isinstance(command, TakeSnapshot):
            if not self._snapshot_due.is_set():  # one snapshot serves all requests
                log.info("pbx_snapshot_asked", cause=command.cause)
                self._snapshot_due.set()
            return
        if isinstance(command, WithdrawCall):
            self._withdraw(command)
            return
        try:
            answer = self.link.send_all(format_order(command))
        except PbxLinkLost as error:  # nothing was sent
            self._put(CommandRefused(command, error.reason))
            return
        except ValueError as error:  # a value that cannot be encoded: nothing was sent
            log.exception("pbx_order_unfit", order=type(command).__name__, call_id=command.call)
            self._put(CommandRefused(command, str(error)))
            return
        answer.add_done_callback(lambda done: self._answered(command, done))

    def place(self, asked: PlaceCall, number: str) -> bool:
        """Dial a customer, once. The attempt must be committed before; its outcome comes back as events.

        Returns:
            Whether the Originate was sent; if not, a `CommandRefused` comes back.

        Raises:
            ValueError: the number, or another value, cannot be sent.
        """
        try:
            answer = self.link.send(format_placing(asked, number))
        except PbxLinkLost as error:  # nothing was written
            self._put(CommandRefused(asked, error.reason))
            return False
        answer.add_done_callback(lambda done: self._placed(asked, done))
        return True

    def _withdraw(self, command: WithdrawCall) -> None:
        """Hang up a dial unless it has been answered: during machine detection the customer is on the line already."""
        try:
            answer = self.link.send(format_state(command))
        except PbxLinkLost as error:
            self._put(CommandRefused(command, error.reason))
            return
        answer.add_done_callback(lambda done: self._hang_up_if_ringing(command, done))

    def _hang_up_if_ringing(self, command: WithdrawCall, state: asyncio.Future[Response]) -> None:
        if state.cancelled():
            return
        error = state.exception()
        try:
            if isinstance(error, PbxRejected):
                self._put(CommandRefused(command, error.message))
            elif error is not None:
                self._put(CommandLost(command))
            elif state.result().get("Value") == "Up":
                self._put(CommandRefused(command, "answered"))
            else:
                answer = self.link.send(format_withdrawal(command))
                answer.add_done_callback(lambda done: self._withdrawn(command, done))
        except PbxLinkLost as lost:
            self._put(CommandRefused(command, lost.reason))

    def _withdrawn(self, command: WithdrawCall, answer: asyncio.Future[Response]) -> None:
        error = None if answer.cancelled() else answer.exception()
        if isinstance(error, PbxRejected):
            self._put(CommandRefused(command, error.message))
        elif error is not None:
            log.warning("pbx_order_lost", order="WithdrawCall", attempt=command.attempt, reason=str(error))
            self._put(CommandLost(command))

    def _placed(self, asked: PlaceCall, answer: asyncio.Future[Response]) -> None:
        if answer.cancelled():
            return
        error = answer.exception()
        if isinstance(error, PbxRejected):
            log.info("pbx_order_refused", order="PlaceCall", attempt=asked.attempt, reason=error.message)
            self._put(CommandRefused(asked, error.message))
        elif error is not None:
            log.warning("pbx_order_lost", order="PlaceCall", attempt=asked.attempt, reason=str(error))
            self._put(CommandLost(asked))

    def _answered(self, order: Order, answer: asyncio.Future[list[Response | PbxRejected]]) -> None:
        if answer.cancelled():
            return
        error = answer.exception()
        if error is not None:
            log.warning("pbx_order_lost", order=type(order).__name__, call_id=order.call, reason=str(error))
            self._put(CommandLost(order))
            return
        last = answer.result()[-1]  # the Redirect: a failed Setvar alone is ignored
        if isinstance(last, PbxRejected):
            log.info("pbx_order_refused", order=type(order).__name__, call_id=order.call, reason=last.message)
            self._put(CommandRefused(order, last.message))

    def _heard(self, event: Event) -> None:
        parsed = parse(event, self.node)
        if parsed is None:
            return
        self._parking.heard(parsed)
        self._phones.heard(parsed)
        stamp = event.get("Timestamp")
        if stamp and isinstance(parsed, CallEntered | LegAnswered | ChannelHungUp):
            parsed = parsed._replace(late_s=self.clock.stamped(float(stamp)))
        if self._behind_snapshot is not None:
            self._behind_snapshot.append(parsed)
            self._about.update(about(event, self.node))
        else:
            self._put(parsed)

    def _up(self, _generation: int) -> None:
        self._snapshot_due.set()
        self._parking.logged_in()
        if self._variables:
            told = self.link.send_all([_global(name, value) for name, value in self._variables.items()])
            told.add_done_callback(_note_untold)

    def _down(self, _generation: int, reason: str) -> None:
        self.reconciled = False
        self._put(LinkLost(reason, self.node))

    async def _take_snapshots(self) -> None:
        list_s = LIST_S
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AUDIT_S):
                    await self._snapshot_due.wait()
            self._snapshot_due.clear()
            if self._leaving:
                return
            list_s = LIST_S if self.reconciled else min(LONGEST_LIST_S, list_s)
            try:
                await self._take_snapshot(list_s)
            except PbxLinkLost:  # the next log-in asks again; after a time-out the limit doubles
                list_s *= 2
            except PbxRejected:
                log.exception("pbx_snapshot_refused")
                await asyncio.sleep(SNAPSHOT_RETRY_S)
                self._snapshot_due.set()

    async def _take_snapshot(self, list_s: float) -> None:
        """Ask for channels and phones, for `list_s` seconds at most; events that arrive meanwhile follow the snapshot.

        A list is not of one moment: a channel may end between its line and the last line. With the events behind
        the snapshot, the end of such a channel comes after the snapshot that still has it. What then arrives twice,
        the floor takes once. The pong behind the lists arrives after most events that the lists already reflect. The
        lists are read in slices, so that many channels do not hold up the event loop.
        """
        generation = self.link.generation
        self._behind_snapshot, self._about = [], set()
        asked_s = clock.monotonic()
        try:
            channels, devices, pong = await asyncio.gather(
                self.link.collect({"Action": "CoreShowChannels"}, timeout_s=list_s),
                self.link.collect({"Action": "DeviceStateList"}, timeout_s=list_s),
                self.link.send({"Action": "Ping"}, timeout_s=list_s),
            )
            self.clock.answered(_epoch(pong), asked_s)
            read = partial(
                self._read,
                now_s=_epoch(pong),
                late_s=self.clock.late_s(_epoch(pong), asked_s),
            )
            seen = await in_slices(read, channels)
            if generation == self.link.generation and self.link.connected:
                phones = device_states(devices, self.node)
                self._put(SnapshotTaken(tuple(seen), phones, frozenset(self._about), self.node))
                if not self.reconciled:
                    self.reconciled = True
                    self._beat_due.set()
        finally:
            behind, self._behind_snapshot = self._behind_snapshot, None
            for event in behind:
                self._put(event)

    def _read(self, listed: Event, *, now_s: float, late_s: float) -> SeenChannel:
        return self._known(
            seen_channel(listed, self.node, now_s=now_s, clock_sets=self.clock.sets, late_s=late_s)
        )

    async def _beat(self) -> None:
        """Renew the heartbeat, in the PBX's own time, while the service can serve calls."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_S):
                    await self._beat_due.wait()
            self._beat_due.clear()
            if not self.reconciled:
                continue
            with contextlib.suppress(PbxRejected, PbxLinkLost):
                asked_s = clock.monotonic()
                pong = await self.link.send({"Action": "Ping"}, timeout_s=BEAT_S)
                self.clock.answered(_epoch(pong), asked_s)
                if self.reconciled:
                    await self.link.send(_beat_of(str(int(_epoch(pong)))), timeout_s=BEAT_S)


def _epoch(pong: Response) -> float:
    """The PBX's own time in an answer to Ping, in seconds since 1970.

    Raises:
        PbxRejected: the answer has no time.
    """
    try:
        return float(pong.get("Timestamp"))
    except ValueError:
        raise PbxRejected("Ping", "the answer has no Timestamp") from None


def _beat_of(epoch: str) -> Action:
    return _global("KESKUS_BEAT", epoch)


def _global(name: str, value: str) -> Action:
    return {"Action": "Setvar", "Variable": name, "Value": value}


def _note_untold(told: asyncio.Future[list[Response | PbxRejected]]) -> None:
    """Log variables that could not be set. The next log-in sets them again; until then the dialplan's defaults hold."""
    if not told.cancelled() and told.exception() is not None:
        log.info("pbx_variables_untold", reason=str(told.exception()))
