"""A PBX in virtual time: it carries out the floor's commands and sends the events that Asterisk would send.

It knows channels and phones, not queues or operators. People act on it (`enter`, `answer`, `hang_up`, ...).
It calls `rang`, `connected` and `gone` when a phone rings, a caller talks, and a caller's channel ends, so that
people can react. All its events go through `say`: replace it to lose, repeat or delay events.
"""

from collections.abc import Callable
from itertools import count
from math import inf
from typing import Protocol

from app.domain.calls import OfferOutcome
from app.domain.ids import FIRST_NODE, CallId, ChannelId, NodeId, QueueId, at_node
from app.domain.operators import DeviceState
from app.floor.commands import (
    AbandonCall,
    Command,
    DialOutside,
    DismissCall,
    EndOutside,
    FindLead,
    HangUpPhone,
    IdentifyCaller,
    OfferCall,
    Order,
    PlaceCall,
    ReadNumber,
    RefuseOutside,
    ReleaseLead,
    ReturnToHold,
    TakeBack,
    TakeFromPhone,
    TakeSnapshot,
    TransferCall,
    WithdrawCall,
)
from app.floor.events import (
    AttemptNotPlaced,
    CallEntered,
    CallerIdentified,
    CallerTakenBack,
    ChannelHungUp,
    CommandRefused,
    DeviceChanged,
    Event,
    HangupRequested,
    LegAnswered,
    LegDialed,
    OfferReturned,
    SeenChannel,
    SnapshotTaken,
    TalkLost,
    Whereabouts,
)
from app.simulator import seen
from app.simulator.lines import (
    ABANDONED,
    AWAY,
    BUSY,
    CONNECT,
    FALLBACK,
    HOLD,
    LEAVE,
    LIVE,
    NO_ANSWER,
    NORMAL,
    REJECTED,
    TRUNK,
    UNREACHABLE,
    InternalLine,
    Line,
    Outgoing,
    Phone,
)

Moving = OfferCall | ReturnToHold | TakeFromPhone | TakeBack | DismissCall | AbandonCall
"""Commands that name a caller's channel."""
BETWEEN_S = 2.0
"""Seconds between a phone that did not answer the PBX's own queue and the next phone."""
LIVE_S = 4.0
"""Seconds that the dialplan keeps a customer who answered a campaign's call in silence."""


class Surroundings(Protocol):
    """The world around a PBX: its time, and where its events go."""

    obey: Callable[[Command], None]
    """Carries out one command; the PBX sets it."""

    @property
    def now_s(self) -> float:
        """The virtual time in seconds."""

    def after(self, delay_s: float, do: Callable[[], None]) -> None:
        """Call `do` after `delay_s` seconds."""

    def tell(self, event: Event) -> None:
        """Take an event of the PBX."""


def _nobody(_: Line) -> None:
    """React to nothing."""


class SimulatedPbx:
    """The PBX of one world.

    Args:
        world: its `obey` becomes this PBX.
        delay_s: seconds from a command until it is carried out.
        message_s: seconds of the message that a caller hears before the call ends.
        node: the PBX's id, which the ids of its channels and phones contain.
    """

    def __init__(
        self,
        world: Surroundings,
        *,
        delay_s: float = 0.0,
        message_s: float = 5.0,
        node: NodeId = FIRST_NODE,
    ) -> None:
        self.world = world
        self.node = node
        self.trunk = at_node(node, TRUNK)
        self.delay_s = delay_s
        self.message_s = message_s
        self.lines: dict[ChannelId, Line] = {}
        self.outgoing: dict[ChannelId, Outgoing] = {}
        self.internal: dict[CallId, InternalLine] = {}
        """Calls between phones (`app.simulator.colleagues`)."""
        self.phones: dict[str, Phone] = {}
        self.say: Callable[[Event], None] = world.tell
        self.rang: Callable[[Line], None] = _nobody
        self.connected: Callable[[Line], None] = _nobody
        self.gone: Callable[[Line], None] = _nobody
        self.on_hold: Callable[[Line], None] = _nobody
        """Called when a caller begins to wait in `keskus-hold`, or returns there."""
        self.transfer: Callable[[Line, str], None] = lambda *_: None
        """Sends the caller of a talk to an extension, as the operator's phone would."""
        self.alive = True
        self.withdraws = True
        """Whether it ends a dial when told to; if not, a test's script ends the ringing."""
        self.identify: Callable[[IdentifyCaller], CallerIdentified] = lambda asked: CallerIdentified(
            asked.call
        )
        self.place: Callable[[PlaceCall], None] = lambda asked: self.say(AttemptNotPlaced(asked.attempt, inf))
        self.find: Callable[[FindLead], None] = lambda asked: self.say(AttemptNotPlaced(asked.attempt, inf))
        self.release: Callable[[ReleaseLead], None] = lambda _: None
        """`place`, `find` and `release` are the dialer's; by default there is never a lead."""
        self._ids = count(1)
        world.obey = self._obey if delay_s <= 0 else self._obey_later

    def connect_phone(self, endpoint: str) -> None:
        """Let a phone register."""
        self.phones.setdefault(endpoint, Phone()).registered = True
        self.tell_device(endpoint)

    def lose_phone(self, endpoint: str) -> None:
        """Let a phone become unreachable; a talk in progress goes on."""
        self.phones.setdefault(endpoint, Phone()).registered = False
        self.tell_device(endpoint)

    def enter(
        self,
        queue: QueueId,
        number: str = "",
        *,
        language: str = "",
        skills: frozenset[str] = frozenset(),
        priority: int = 0,
    ) -> Line:
        """Let a caller enter a queue."""
        line = Line(channel=self.new_channel("c"), queue=queue, number=number, entered_s=self.world.now_s)
        self.lines[line.channel] = line
        self.say(
            CallEntered(
                channel=line.channel,
                channel_name=f"trunk-{line.channel}",
                caller_number=number,
                caller_name="",
                dialed="",
                queue=queue,
                language=language,
                skills=skills,
                priority=priority,
                line=self.trunk,
            )
        )
        return line

    def answer(self, line: Line) -> None:
        """Answer the phone that rings for a caller."""
        if line.leg is None or line.talking:
            return
        self.join(line, line.leg, line.endpoint)
        if line.local is None:
            self.say(LegAnswered(line.channel, line.leg, line.endpoint))
        else:
            self.say(LegAnswered(line.local.far, line.leg, line.endpoint))
            self.say(LegAnswered(line.channel, line.local.near, ""))
        self.connected(line)

    def reject(self, line: Line) -> None:
        """Reject the call at the phone that rings for a caller."""
        self._return(line, OfferOutcome.REJECTED, REJECTED)

    def hang_up(self, line: Line) -> None:
        """The caller hangs up."""
        if line.channel in self.lines:
            self.say(HangupRequested(line.channel))
            self._end(line, NORMAL)

    def hang_up_leg(self, line: Line) -> None:
        """The operator hangs up; the dialplan then ends the caller's channel."""
        if line.leg is not None and line.talking:
            self.say(HangupRequested(line.leg))
            self._end(line, NORMAL)

    def ring(self, line: Line, endpoint: str, ring_s: float) -> None:
        """Dial a phone for a caller; after `ring_s` seconds without an answer the caller is back on hold."""
        phone = self.phones.get(endpoint)
        if phone is None or not phone.registered or phone.legs:
            cause = BUSY if phone is not None and phone.legs else UNREACHABLE
            self._return(line, OfferOutcome.REJECTED if cause == BUSY else OfferOutcome.FAILED, cause)
            return
        leg = self.new_channel("o")
        line.leg, line.endpoint = leg, endpoint
        phone.legs.add(leg)
        self.say(LegDialed(line.local.far if line.local else line.channel, leg, endpoint))
        self.tell_device(endpoint)
        self.world.after(ring_s, lambda: self._ring_over(line, leg))
        self.rang(line)

    def join(self, line: Line, leg: ChannelId, endpoint: str) -> None:
        """Let a caller talk with a leg from now on."""
        line.leg, line.endpoint, line.talking = leg, endpoint, True
        line.talking_since_s = self.world.now_s

    def restart(self, away_s: float) -> None:
        """Die with all channels, without any event; after `away_s` seconds the phones register again."""
        lines, self.lines = self.lines, {}
        self.outgoing.clear()
        self.internal.clear()
        registered = [name for name, phone in self.phones.items() if phone.registered]
        self.alive = False
        for phone in self.phones.values():
            phone.legs.clear()
            phone.registered = False
        for line in lines.values():
            self._stop_talking(line)
            line.leg = line.local = None
            self.gone(line)
        self.world.after(away_s, lambda: self._come_back(registered))

    def drop_leg(self, line: Line) -> None:
        """The operator's channel ends; the caller's stays."""
        leg, endpoint = line.leg, line.endpoint
        if leg is None:
            self.drop_local(line)
            return
        self._stop_talking(line)
        line.leg, line.endpoint, line.talking = None, "", False
        phone = self.phones.get(endpoint)
        if phone is not None:
            phone.legs.discard(leg)  # before the events, which may bring the next offer at once
        self.say(ChannelHungUp(leg, NORMAL))
        self.drop_local(line)
        self.tell_device(endpoint)

    def drop_local(self, line: Line) -> None:
        """End the Local channel between caller and phone: it is optimised away, or the talk ends."""
        halves, line.local = line.local, None
        for half in halves or ():
            self.say(ChannelHungUp(half, NORMAL))

    def snapshot(self) -> SnapshotTaken:
        """A snapshot of all channels and phones now."""
        found: list[SeenChannel] = []
        for line in self.lines.values():
            bridge = f"b{line.channel}" if line.talking else "parked" if line.parked else ""
            found.append(seen.seen_caller(line, bridge, self.trunk, self.world.now_s))
            if line.local is not None:
                far_bridge = bridge and f"{bridge}-far"
                found.append(seen.seen_half(line, line.local.near, bridge, near=True))
                found.append(seen.seen_half(line, line.local.far, far_bridge, near=False))
                bridge = far_bridge
            if line.leg is not None:
                found.append(seen.seen_leg(line, line.leg, bridge))
        found += [
            seen.seen_outgoing(channel, out, self.trunk, self.world.now_s)
            for channel, out in self.outgoing.items()
        ]
        for internal in self.internal.values():
            found += seen.seen_internal(internal, self.world.now_s)
        return SnapshotTaken(tuple(found), self.devices(), node=self.node)

    def devices(self) -> dict[str, DeviceState]:
        """The state of each phone now, by its endpoint."""
        return {name: phone.state for name, phone in self.phones.items()}

    def _obey_later(self, command: Command) -> None:
        self.world.after(self.delay_s, lambda: self._obey(command))

    def _obey(self, command: Command) -> None:
        if isinstance(command, IdentifyCaller):
            self.say(self.identify(command))
        elif isinstance(command, TakeSnapshot):
            self.say(self.snapshot())
        elif isinstance(command, PlaceCall):
            self.place(command)
        elif isinstance(command, FindLead):
            self.find(command)
        elif isinstance(command, ReleaseLead):
            self.release(command)
        elif isinstance(command, ReadNumber | DialOutside | RefuseOutside | EndOutside | HangUpPhone):
            pass  # no phone here calls outside
        elif isinstance(command, WithdrawCall):
            self._withdraw_or_refuse(command)
        elif (line := self.line_of(command)) is None:
            self.say(CommandRefused(command, "No such channel"))
        elif isinstance(command, TransferCall):
            self.transfer(line, command.extension)
        else:
            self._move(line, command)

    def line_of(self, order: Order) -> Line | None:
        """The line that an order names: a transfer by the channel of the phone that talks, all others by its own."""
        if isinstance(order, TransferCall):
            talking = (line for line in self.lines.values() if line.leg == order.channel and line.talking)
            return next(talking, None)
        return self.lines.get(order.channel)

    def _move(self, line: Line, command: Moving) -> None:
        if isinstance(command, TakeBack):
            self._take_back(line, command)
        else:
            self._redirect(line, command)

    def _withdraw_or_refuse(self, command: WithdrawCall) -> None:
        if not self.withdraw(command):
            self.say(CommandRefused(command, "answered, or over"))

    def withdraw(self, command: WithdrawCall) -> bool:
        """End a ringing dial; False if it has been answered or has ended."""
        channel = ChannelId(command.attempt)
        if not self.withdraws:
            return True
        if self.outgoing.pop(channel, None) is None:
            return False
        self.say(ChannelHungUp(channel, NORMAL))
        return True

    def _take_back(self, line: Line, command: TakeBack) -> None:
        if line.where != FALLBACK or line.asked_back:
            self.say(CommandRefused(command, "not in that queue, or asked already"))
            return
        line.asked_back = True
        if line.leg is None:
            self._back(line)

    def _back(self, line: Line) -> None:
        """Put a caller back on hold, out of the PBX's own queue or off a phone that rings."""
        line.asked_back = False
        line.where = HOLD
        self.say(CallerTakenBack(line.channel))
        self.on_hold(line)

    def _redirect(
        self, line: Line, command: OfferCall | ReturnToHold | TakeFromPhone | DismissCall | AbandonCall
    ) -> None:
        self.drop_leg(line)
        line.parked = line.asked_back = False
        if isinstance(command, OfferCall):
            line.where, line.offer = CONNECT, command.offer
            self.ring(line, command.endpoint, command.ring_s)
        elif isinstance(command, TakeFromPhone):
            line.where, line.first = HOLD, True
            self.say(TalkLost(line.channel))
            self.on_hold(line)
        elif isinstance(command, ReturnToHold):
            self._back(line)
        elif not command.message:
            self._end(line, NORMAL)
        else:
            self._say_message(line, ABANDONED if isinstance(command, AbandonCall) else LEAVE)

    def wait_live(self, line: Line) -> None:
        """Keep a customer who answered a campaign's call in silence, for `LIVE_S` seconds at most."""
        line.where = LIVE
        since_s = self.world.now_s
        line.live_since_s = since_s
        self.world.after(LIVE_S, lambda: self._live_over(line, since_s))

    def _live_over(self, line: Line, since_s: float) -> None:
        if line.where == LIVE and line.live_since_s == since_s and line.channel in self.lines:
            self._say_message(line, ABANDONED)

    def _say_message(self, line: Line, where: Whereabouts) -> None:
        line.where = where
        self.world.after(self.message_s, lambda: self._message_over(line))

    def _ring_over(self, line: Line, leg: ChannelId) -> None:
        if line.leg == leg and not line.talking:
            self._return(line, OfferOutcome.TIMED_OUT, NO_ANSWER)

    def _message_over(self, line: Line) -> None:
        if line.where in (LEAVE, ABANDONED) and line.channel in self.lines:
            self._end(line, NORMAL)

    def _return(self, line: Line, outcome: OfferOutcome, cause: int) -> None:
        self.drop_leg(line)
        if line.where == AWAY:
            line.where, line.live = HOLD, False
            self.say(
                CallEntered(
                    channel=line.channel,
                    channel_name="",
                    caller_number=line.number,
                    caller_name="",
                    dialed="",
                    queue=line.queue,
                )
            )
        elif line.where == FALLBACK and line.asked_back:
            self._back(line)
            return
        elif line.where == FALLBACK:
            self.world.after(BETWEEN_S, lambda: self.on_hold(line))
            return
        else:
            line.where = HOLD
            self.say(OfferReturned(line.channel, line.offer, outcome, cause))
            if line.live and line.where == HOLD:  # the event may already have moved the caller on
                self.wait_live(line)
                return
        self.on_hold(line)

    def _end(self, line: Line, cause: int) -> None:
        self.drop_leg(line)
        del self.lines[line.channel]
        self.gone(line)
        self.say(ChannelHungUp(line.channel, cause))

    def _stop_talking(self, line: Line) -> None:
        if line.talking:
            line.talked_s += self.world.now_s - line.talking_since_s
            line.talking = False

    def _come_back(self, registered: list[str]) -> None:
        self.alive = True
        for endpoint in registered:
            self.connect_phone(endpoint)

    def new_channel(self, kind: str) -> ChannelId:
        """A channel id that was never used before."""
        return ChannelId(at_node(self.node, f"{kind}{next(self._ids)}"))

    def tell_device(self, endpoint: str) -> None:
        """Send a phone's present state as an event."""
        if endpoint in self.phones:
            self.say(DeviceChanged(endpoint, self.phones[endpoint].state))
