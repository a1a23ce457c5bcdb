"""The router's choice beside an oracle that looks at everybody each time and keeps no index.

Events fall on a coarse grid of time, so that ties in idleness, wait and urgency are common.
"""

from dataclasses import dataclass, field
from random import Random

import pytest

from app.domain.calls import Rule
from app.domain.ids import CallId, ChannelId, OperatorId, QueueId
from app.domain.operators import DeviceState, Membership, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.floor.control import next_deadline, step
from app.floor.events import (
    CallEntered,
    CallerIdentified,
    ChannelHungUp,
    ClockTicked,
    Event,
    LegAnswered,
    OperatorSet,
    PresenceAsked,
    QueueSet,
    SnapshotTaken,
)
from app.floor.facts import OfferMade
from app.floor.floor import Floor
from app.simulator.world import World

GRID_S = 0.5
SKILLS = ("card", "loan", "lang:et")
DECISIONS = 1_500


@dataclass
class Caller:
    id: str
    queue: QueueSettings
    skills: frozenset[str]
    priority: int
    since_s: float
    preferred: int | None = None
    known: bool = False
    released: bool = False
    """No longer waits for the preferred operator alone."""

    def rank(self, now_s: float) -> tuple[int, float, float, str]:
        urgency = (now_s - self.since_s) / max(self.queue.target_s, 1.0)
        return -(self.queue.priority + self.priority), -urgency, self.since_s, self.id


@dataclass
class Agent:
    id: int
    skills: frozenset[str]
    levels: dict[str, int]
    present: bool = True
    leaving: bool = False
    """Goes on a break when the present call is over."""
    idle_since_s: float = 0.0
    call: str | None = None

    def can_take(self, caller: Caller) -> bool:
        return caller.queue.id in self.levels and (caller.skills | caller.queue.skills) <= self.skills


@dataclass
class Oracle:
    """Who should get whom, by looking at everybody."""

    agents: dict[int, Agent] = field(default_factory=dict)
    waiting: list[Caller] = field(default_factory=list)
    offers: list[tuple[str, int, Rule]] = field(default_factory=list)

    def alone_for(self, caller: Caller, now_s: float) -> Agent | None:
        """The operator this caller still waits for alone."""
        agent = self.agents.get(caller.preferred) if caller.preferred is not None else None
        if agent is None or caller.released or now_s >= caller.since_s + caller.queue.preferred_s:
            return None
        return agent if agent.present and agent.can_take(caller) else None

    def seek(self, caller: Caller, now_s: float) -> None:
        """A call looks for an operator."""
        preferred = self.alone_for(caller, now_s)
        idle = [a for a in self.agents.values() if a.present and a.call is None and a.can_take(caller)]
        if preferred is not None:
            if preferred in idle:
                self._give(caller, preferred, Rule.PREFERRED)
            return
        caller.released = True
        if idle:
            best = min(idle, key=lambda a: (a.levels[caller.queue.id], a.idle_since_s, a.id))
            self._give(caller, best, Rule.LONGEST_IDLE)

    def free(self, agent: Agent, now_s: float) -> None:
        """An operator looks for a call."""
        mine = [
            c
            for c in self.waiting
            if c.known and agent.can_take(c) and self.alone_for(c, now_s) in (None, agent)
        ]
        if not mine:
            return
        best = min(mine, key=lambda c: c.rank(now_s))
        alone = self.alone_for(best, now_s) is agent
        self._give(best, agent, Rule.PREFERRED if alone else Rule.LONGEST_WAITING)

    def leave(self, agent: Agent, now_s: float) -> None:
        """An operator goes; who waited for them alone goes to anyone, in order of rank."""
        alone = [c for c in self.waiting if c.known and self.alone_for(c, now_s) is agent]
        agent.present = False
        for caller in sorted(alone, key=lambda c: c.rank(now_s)):
            self.seek(caller, now_s)

    def tick(self, now_s: float) -> None:
        """Callers who have waited long enough for one operator go to anyone, the longest waiting first."""
        for caller in sorted(self.waiting, key=lambda c: (c.since_s + c.queue.preferred_s, c.since_s)):
            over = now_s >= caller.since_s + caller.queue.preferred_s
            if caller.known and not caller.released and over:
                self.seek(caller, now_s)

    def _give(self, caller: Caller, agent: Agent, rule: Rule) -> None:
        self.waiting.remove(caller)
        agent.call = caller.id
        self.offers.append((caller.id, agent.id, rule))


class Game:
    """The floor and the oracle hear the same and must say the same."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.clock = World(Floor())  # for its two clocks only
        self.floor = self.clock.floor
        self.oracle = Oracle()
        self.expected = 0
        self.callers = 0
        self.queues = [
            QueueSettings(
                QueueId(f"q{n}"),
                f"q{n}",
                skills=frozenset(random.sample(SKILLS, random.choice([0, 0, 1]))),
                priority=random.choice([0, 0, 1]),
                target_s=random.choice([0.0, 10.0, 20.0, 20.0]),
                preferred_s=random.choice([0.0, 3.0, 8.0]) if n else 8.0,
                wrap_up_s=0.0,
            )
            for n in range(3)
        ]
        for queue in self.queues:
            self.tell(QueueSet(queue))
        for n in range(1, 8):
            # The first, whom many prefer, can do everything.
            queues = random.sample(self.queues, 3 if n == 1 else random.randint(1, 3))
            levels = {q.id: random.randint(1, 2) for q in queues}
            skills = frozenset(random.sample(SKILLS, 3 if n == 1 else random.randint(1, 3)))
            self.oracle.agents[n] = Agent(n, skills, levels={str(q): level for q, level in levels.items()})
            members = tuple(Membership(q, level) for q, level in levels.items())
            self.tell(
                OperatorSet(
                    OperatorSettings(
                        OperatorId(n), f"op{n}", endpoint=f"op{n}", skills=skills, memberships=members
                    )
                )
            )
            self.tell(PresenceAsked(OperatorId(n), Presence.AVAILABLE))
        self.tell(SnapshotTaken((), {f"op{n}": DeviceState.REGISTERED for n in self.oracle.agents}))

    def tell(self, event: Event) -> None:
        """Let the floor take an event; answer at once whatever it offers, as the oracle expects it."""
        outcome = step(self.floor, event, self.clock.moment())
        offers = [
            (str(f.call), int(f.operator), f.reason.rule) for f in outcome.facts if isinstance(f, OfferMade)
        ]
        assert offers == self.oracle.offers[self.expected :], (event, self.clock.now_s)
        self.expected = len(self.oracle.offers)
        for call, operator, _ in offers:
            leg = ChannelId(f"leg-{call}")
            step(self.floor, LegAnswered(ChannelId(call), leg, f"op{operator}"), self.clock.moment())

    def play(self) -> None:
        while self.expected < DECISIONS:
            act = self.random.choices(
                [self.enter, self.end, self.come_or_go, self.give_up, self.wait], [7, 6, 2, 1, 6]
            )
            act[0]()

    def enter(self) -> None:
        if len(self.oracle.waiting) >= 12:
            return
        self.callers += 1
        queue = self.random.choice(self.queues)
        skills = frozenset(self.random.sample(SKILLS, self.random.choice([0, 0, 1])))
        priority = self.random.choice([0, 0, 0, 1])
        # Ids do not rise with time: they decide a tie, and nothing else.
        name = f"{self.random.randrange(1000):03}-{self.callers}"
        caller = Caller(name, queue, skills=skills, priority=priority, since_s=self.clock.now_s)
        self.oracle.waiting.append(caller)
        number = self.random.choice(["", "+3725"])
        if not number:
            caller.known = True
            self.oracle.seek(caller, self.clock.now_s)
        self.tell(
            CallEntered(
                ChannelId(name),
                "",
                caller_number=number,
                caller_name="",
                dialed="",
                queue=queue.id,
                language="",
                skills=skills,
                priority=priority,
            )
        )
        if number:
            caller.known = True
            caller.preferred = self.random.choice([None, 1, 1, 2, 9])
            self.oracle.seek(caller, self.clock.now_s)
            preferred = None if caller.preferred is None else OperatorId(caller.preferred)
            self.tell(CallerIdentified(CallId(name), "somebody", preferred=preferred))

    def end(self) -> None:
        busy = [a for a in self.oracle.agents.values() if a.call is not None]
        if not busy:
            return
        agent = self.random.choice(busy)
        ended, agent.call = agent.call, None
        agent.idle_since_s = self.clock.now_s
        if agent.leaving:
            agent.leaving = False
            self.oracle.leave(agent, self.clock.now_s)
        else:
            self.oracle.free(agent, self.clock.now_s)
        self.tell(ChannelHungUp(ChannelId(str(ended)), 16))

    def come_or_go(self) -> None:
        agent = self.random.choice(list(self.oracle.agents.values()))
        presence = Presence.ON_BREAK if agent.present else Presence.AVAILABLE
        if agent.call is not None:
            agent.leaving = True
        elif agent.present:
            self.oracle.leave(agent, self.clock.now_s)
        else:
            agent.present = True
            agent.idle_since_s = self.clock.now_s
            self.oracle.free(agent, self.clock.now_s)
        self.tell(PresenceAsked(OperatorId(agent.id), presence, "lunch"))

    def give_up(self) -> None:
        if self.oracle.waiting:
            caller = self.oracle.waiting.pop(self.random.randrange(len(self.oracle.waiting)))
            self.tell(ChannelHungUp(ChannelId(caller.id), 16))

    def wait(self) -> None:
        until_s = self.clock.now_s + GRID_S * self.random.choice([1, 1, 2, 5])
        while (due_s := next_deadline(self.floor)) is not None and due_s <= until_s:
            self.clock.now_s = max(due_s, self.clock.now_s)
            self.oracle.tick(self.clock.now_s)
            self.tell(ClockTicked())
        self.clock.now_s = until_s


@pytest.mark.parametrize("seed", range(10))
def test_the_router_chooses_as_the_oracle_does(seed: int) -> None:
    game = Game(seed)
    game.play()
    rules = {rule for _, _, rule in game.oracle.offers}
    assert rules == set(Rule) - {Rule.KEPT}  # nothing is dialled here
