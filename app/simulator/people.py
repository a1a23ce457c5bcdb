"""The people of a simulated centre: callers who come and lose patience, operators who pick up and talk."""

from collections.abc import Callable
from functools import partial
from itertools import count
from random import Random

from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Membership, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.floor.events import OperatorSet, PresenceAsked, QueueSet
from app.simulator.lines import Line
from app.simulator.pbx import SimulatedPbx
from app.simulator.world import World

Draw = Callable[[], float]
"""Gives the next duration in seconds; `inf` for never."""


def exponential(random: Random, mean_s: float) -> Draw:
    """Memoryless durations of this mean, in seconds."""
    return partial(random.expovariate, 1.0 / mean_s)


def constantly(seconds: float) -> Draw:
    """The same duration each time."""
    return lambda: seconds


class Callers:
    """Callers of one queue: they arrive, wait as long as they have patience, and talk as long as they need.

    Args:
        world: the time they live in.
        pbx: the PBX that they call.
        queue: the queue that they ask for.
        between: seconds from one arrival to the next.
        patience: seconds that a caller waits for an answer before hanging up.
        talk: seconds that a caller talks. They are drawn on arrival, so that the operator who answers does not change
            the sequence of random numbers.
        limit: the number of callers in all.
    """

    def __init__(
        self,
        world: World,
        pbx: SimulatedPbx,
        queue: QueueId,
        *,
        between: Draw,
        patience: Draw,
        talk: Draw,
        limit: int,
    ) -> None:
        self._world, self._pbx, self._queue = world, pbx, queue
        self._between, self._patience, self._talk = between, patience, talk
        self._left = limit
        self._talks: dict[str, float] = {}
        pbx.connected = self.connected
        world.after(between(), self._arrive)

    def _arrive(self) -> None:
        self._left -= 1
        talk_s, patience_s = self._talk(), self._patience()
        if self._left > 0:
            self._world.after(self._between(), self._arrive)
        line = self._pbx.enter(self._queue)
        if line.talking:  # answered within the same moment
            self._world.after(talk_s, partial(self._pbx.hang_up, line))
            return
        self._talks[line.channel] = talk_s
        if patience_s < float("inf"):
            self._world.after(patience_s, partial(self._tire, line))

    def _tire(self, line: Line) -> None:
        if self._talks.pop(line.channel, None) is not None:
            self._pbx.hang_up(line)

    def connected(self, line: Line) -> None:
        """Note that a caller talks with an operator: plan the end of the talk."""
        talk_s = self._talks.pop(line.channel, None)
        if talk_s is not None:
            self._world.after(talk_s, partial(self._pbx.hang_up, line))


class Staff:
    """Operators of one queue who pick up each call that rings.

    Args:
        world: the time they live in.
        pbx: the PBX with their phones.
        queue: the settings of the queue, which is put on the floor.
        operators: number of operators.
        answer: seconds from the first ring to the answer.
    """

    def __init__(
        self, world: World, pbx: SimulatedPbx, queue: QueueSettings, operators: int, answer: Draw
    ) -> None:
        self._world, self._pbx, self._answer = world, pbx, answer
        pbx.rang = self._rang
        world.tell(QueueSet(queue))
        ids = count(1)
        for _ in range(operators):
            id_ = OperatorId(next(ids))
            endpoint = f"op{id_}"
            pbx.connect_phone(endpoint)
            members = (Membership(queue.id),)
            world.tell(
                OperatorSet(OperatorSettings(id=id_, name=endpoint, endpoint=endpoint, memberships=members))
            )
            world.tell(PresenceAsked(id_, Presence.AVAILABLE))
        world.tell(pbx.snapshot())

    def _rang(self, line: Line) -> None:
        delay_s = self._answer()
        if delay_s <= 0:
            self._pbx.answer(line)
        else:
            self._world.after(delay_s, partial(self._pick_up, line, line.offer))

    def _pick_up(self, line: Line, offer: int) -> None:
        if line.offer == offer:
            self._pbx.answer(line)
