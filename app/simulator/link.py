"""The link between the runner and the simulated PBX; it can fail in every way that a real link fails.

    SimulatedPbx -> wire -> snapshots -> runner inbox          runner -> execute -> SimulatedPbx

It behaves like `app.pbx.node`. It takes a snapshot at each log-in, on request and every few seconds. Events that
arrive while a snapshot is taken are passed on after it. An order comes back as refused when it was certainly not
carried out, and as lost when that is not known.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from app.floor.commands import Command, Order, PbxCommand, PlaceCall, TakeSnapshot, WithdrawCall
from app.floor.events import CommandLost, CommandRefused, Event, LinkLost
from app.simulator.fallback import Fallback
from app.simulator.loop import VirtualLoop, VirtualTimer
from app.simulator.pbx import SimulatedPbx
from app.simulator.snapshots import Snapshots
from app.simulator.trouble import ORDER_FAULTS, Trouble
from app.simulator.wire import LATENCY_S, Wire

ANSWER_S = 5.0
"""Seconds that an order may stay unanswered."""
SILENCE_S = 4.0
"""Seconds of silence after which a link is given up."""
RETRY_FIRST_S, RETRY_LAST_S = 0.1, 5.0
SIGN_S = 6.0
"""Seconds after the last heartbeat when the PBX's own queue takes the waiting callers."""
DOWN = "the link is down"


class _Sent(NamedTuple):
    """An order that is not answered yet."""

    order: Order | WithdrawCall | PlaceCall
    timer: VirtualTimer


class Link:
    """The link of one simulated centre, with the PBX at its other end.

    Args:
        loop: the centre's time.
        trouble: what fails.
        put: takes what the service hears, in order.
    """

    def __init__(self, loop: VirtualLoop, trouble: Trouble, put: Callable[[Event], None]) -> None:
        self.loop = loop
        self.put = put
        self.obey: Callable[[Command], None] = lambda _: None
        self.dial: Callable[[PlaceCall], str] = lambda _: "nobody dials here"
        """Has the PBX dial; gives its refusal, or an empty string."""
        self.pbx = SimulatedPbx(self)
        self._trouble = trouble
        self._wire = Wire(loop, trouble, self._arrived)
        self._snapshots = Snapshots(loop, self.pbx, self._wire, trouble, self._put)
        self.fallback = Fallback(self.pbx, self._gives_signs)
        self._last_sign_s = 0.0
        self._sent: dict[int, _Sent] = {}
        self._last_order = 0
        self._going_out = 0
        self._away_until_s = 0.0
        self._retry_s = RETRY_FIRST_S
        self._connect()

    # What the PBX needs of its surroundings

    @property
    def now_s(self) -> float:
        """The virtual time in seconds."""
        return self.loop.now_s

    def after(self, delay_s: float, do: Callable[[], None]) -> None:
        """Call `do` after `delay_s` seconds."""
        self.loop.call_later(delay_s, do)

    def tell(self, event: Event) -> None:
        """Take an event of the PBX."""
        self.stir()
        self._wire.say(event)

    def stir(self) -> None:
        """Note that something happened, so that snapshots are taken again."""
        self._snapshots.stir()

    # How it is

    @property
    def in_trouble(self) -> bool:
        """Whether a fault is not over yet."""
        return self._wire.in_trouble

    @property
    def quiet(self) -> bool:
        """Whether no message is under way in either direction."""
        return self._wire.empty and not self._snapshots.under_way and not self._going_out

    @property
    def snapshots(self) -> int:
        """How many snapshots were merged."""
        return self._snapshots.taken

    # Faults

    def cut(self, reason: str, away_s: float = 0.0) -> None:
        """Lose the link now; it reconnects after `away_s` seconds or a little later."""
        self._away_until_s = max(self._away_until_s, self.now_s + away_s)
        if not self._wire.up:
            return
        self._no_more_signs()
        self._wire.end()
        self._trouble.happen("cut")
        self.put(LinkLost(reason))
        self._snapshots.end()
        sent, self._sent = self._sent, {}
        for order, timer in sent.values():
            timer.cancel()
            self.put(CommandLost(order))
        self._retry_s = RETRY_FIRST_S
        self.loop.call_later(self._retry_s, self._connect)

    def go_silent(self) -> None:
        """Make the link half-open: no message arrives in either direction until the silence is noticed."""
        if self._wire.up and not self._wire.silent:
            self._no_more_signs()
            self._wire.silent = True
            self._trouble.happen("half_open")
            self.loop.call_later(SILENCE_S, partial(self._notice, self._wire.generation))

    def stall(self, seconds: float) -> None:
        """Delay everything that the PBX sends by this many seconds, in order."""
        if self._wire.up:
            self._trouble.happen("stall")
            self._wire.stall(seconds)

    def restart_pbx(self, away_s: float) -> None:
        """Kill the PBX with all its channels, without any event; it is back after `away_s` seconds."""
        self._trouble.happen("restart_pbx")
        self.pbx.restart(away_s)
        self.cut("the PBX closed the connection", away_s)

    def mend(self) -> None:
        """Disarm all faults, and let the link come back."""
        self._trouble.disarm()
        self._away_until_s = 0.0

    def _gives_signs(self) -> bool:
        if self._wire.up and not self._wire.silent and self._snapshots.reconciled:
            return True
        return self.now_s < self._last_sign_s + SIGN_S

    def _no_more_signs(self) -> None:
        if self._gives_signs():
            self._last_sign_s = max(self._last_sign_s, self.now_s if self._snapshots.reconciled else 0.0)
            self.loop.call_later(SIGN_S, self.fallback.look_at_all)

    def _notice(self, generation: int) -> None:
        if generation == self._wire.generation:
            self.cut("no pong")

    def _connect(self) -> None:
        if self.now_s < self._away_until_s:
            self._retry_s = min(self._retry_s * 2, RETRY_LAST_S)
            self.loop.call_later(self._retry_s, self._connect)
            return
        self._wire.begin()
        self._trouble.changed()
        self._snapshots.ask()

    # To the service

    def _arrived(self, event: Event) -> None:
        self._snapshots.heard(event)

    def _put(self, event: Event) -> None:
        self.put(event)

    # To the PBX

    def execute(self, command: PbxCommand | PlaceCall) -> None:
        """Carry out a command of the floor, or an order of the dialer."""
        if isinstance(command, TakeSnapshot):
            if self._wire.up:
                self._snapshots.ask()
            return
        self.stir()
        if not self._wire.up:
            self.put(CommandRefused(command, DOWN))
            return
        armed = self._trouble.meet(ORDER_FAULTS)
        fault = armed.fault if armed else ""
        if fault == "cut_unwritten":
            self.cut(fault)
            self.put(CommandRefused(command, DOWN))
            return
        self._last_order += 1
        id_ = self._last_order
        self._sent[id_] = _Sent(command, self.loop.call_later(ANSWER_S, partial(self._unanswered, id_)))
        if fault == "cut_written":
            self.cut(fault)
        elif fault != "vanished" and not self._wire.silent:
            late_s = armed.value if armed and fault == "late" else 0.0
            self._going_out += 1
            self.loop.call_later(LATENCY_S + late_s, partial(self._carry_out, id_, command, fault))

    def _carry_out(self, id_: int, order: Order | WithdrawCall | PlaceCall, fault: str) -> None:
        refusal = ""
        self._going_out -= 1
        if fault == "refuse":
            refusal = "no"
        elif isinstance(order, PlaceCall):
            refusal = self.dial(order) if self.pbx.alive else "No such channel"
        elif isinstance(order, WithdrawCall):
            refusal = "" if self.pbx.withdraw(order) else "answered, or over"
        elif self.pbx.line_of(order) is None:
            refusal = "No such channel"
        else:
            self.obey(order)
        if fault == "cut_carried_out":
            self.cut(fault)
        elif fault != "unanswered":
            self._wire.send(partial(self._answered, id_, refusal))

    def _answered(self, id_: int, refusal: str) -> None:
        if id_ not in self._sent:
            return
        order, timer = self._sent.pop(id_)
        timer.cancel()
        if refusal:
            self.put(CommandRefused(order, refusal))

    def _unanswered(self, id_: int) -> None:
        order, _ = self._sent.pop(id_)
        self.put(CommandLost(order))
