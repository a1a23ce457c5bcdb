"""Operators of a simulated day: they answer or miss offers, take time to wrap up, and go on breaks."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from math import inf
from random import Random

from app.domain.ids import ChannelId, OperatorId, QueueId
from app.domain.operators import Membership, OperatorSettings, Presence, RoutingState
from app.floor.events import Event, OperatorSet, PresenceAsked, WrapUpEnded
from app.floor.facts import OperatorChanged, StepResult
from app.simulator.lines import Line
from app.simulator.pbx import SimulatedPbx
from app.simulator.people import Draw
from app.simulator.world import World

LONGEST_WRAP_UP_S = 3600.0
"""The queues' limit of wrap-up in seconds; operators end their wrap-up before it."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How operators work.

    Args:
        wrap_up: seconds of wrap-up after a talk.
        pick_up: seconds from the first ring to the answer of an operator who must click.
        auto_answer_s: seconds to the automatic answer of a campaign's call.
        miss_rate: share of offers of inbound calls that nobody answers, 0..1.
        work_s: mean seconds from one break to the next; inf for no breaks.
        break_s: seconds of a break.
    """

    wrap_up: Draw
    pick_up: Draw
    auto_answer_s: float = 0.0
    miss_rate: float = 0.0
    work_s: float = inf
    break_s: float = 600.0


class Team:
    """Operators who all serve the same queues, logged in from the start.

    Args:
        world: the time they live in.
        pbx: the PBX with their phones; its `rang` becomes theirs.
        queues: the queues that they serve, which must be on the floor.
        operators: number of operators.
        habits: how they work.
        random: decides which offers are missed and when breaks begin.
    """

    def __init__(
        self,
        world: World,
        pbx: SimulatedPbx,
        queues: Iterable[QueueId],
        operators: int,
        *,
        habits: Habits,
        random: Random,
    ) -> None:
        self._world, self._pbx, self._habits, self._random = world, pbx, habits, random
        self._states: dict[OperatorId, tuple[Presence, RoutingState]] = {}
        self._wrap_ups = 0
        self._wrapping: dict[OperatorId, int] = {}
        """The number of each operator's present wrap-up."""
        pbx.rang = self._rang
        world.listeners.append(self._heard)
        members = tuple(Membership(queue) for queue in queues)
        for id_ in map(OperatorId, range(1, operators + 1)):
            endpoint = f"op{id_}"
            pbx.connect_phone(endpoint)
            world.tell(
                OperatorSet(OperatorSettings(id=id_, name=endpoint, endpoint=endpoint, memberships=members))
            )
            world.tell(PresenceAsked(id_, Presence.AVAILABLE))
            if habits.work_s < inf:
                world.after(random.random() * habits.work_s, partial(self._ask_break, id_))

    def _rang(self, line: Line) -> None:
        called = line.campaign is not None
        if not called and self._random.random() < self._habits.miss_rate:
            return
        after_s = self._habits.auto_answer_s if called else self._habits.pick_up()
        if after_s > 0.0:
            self._world.after(after_s, partial(self._pick_up, line, line.leg))
        else:
            self._pbx.answer(line)

    def _pick_up(self, line: Line, leg: ChannelId | None) -> None:
        if line.leg == leg:
            self._pbx.answer(line)

    def _heard(self, _: Event, outcome: StepResult) -> None:
        for fact in outcome.facts:
            if not isinstance(fact, OperatorChanged):
                continue
            id_ = fact.operator
            before = self._states.get(id_)
            self._states[id_] = fact.presence, fact.routing
            if fact.routing is RoutingState.WRAP_UP:
                if id_ not in self._wrapping:
                    self._wrap_ups += 1
                    self._wrapping[id_] = self._wrap_ups
                    self._world.after(self._habits.wrap_up(), partial(self._done, id_, self._wrap_ups))
            else:
                self._wrapping.pop(id_, None)
            if fact.presence is Presence.ON_BREAK and (before is None or before[0] is not Presence.ON_BREAK):
                self._world.after(self._habits.break_s, partial(self._come_back, id_))

    def _done(self, operator: OperatorId, wrap_up: int) -> None:
        if self._wrapping.get(operator) == wrap_up:
            self._world.tell(WrapUpEnded(operator))

    def _ask_break(self, operator: OperatorId) -> None:
        self._world.tell(PresenceAsked(operator, Presence.ON_BREAK, "rest"))

    def _come_back(self, operator: OperatorId) -> None:
        self._world.tell(PresenceAsked(operator, Presence.AVAILABLE))
        if self._habits.work_s < inf:
            after_s = self._habits.work_s * (0.5 + self._random.random())
            self._world.after(after_s, partial(self._ask_break, operator))
