"""A working day in virtual time around the real floor: operators, a campaign's customers, callers, trunk and PBX.

    people (chance) -> SimulatedPbx -> events -> step, next_deadline -> commands -> SimulatedPbx
                                                      `-> facts -> figures

The same day and seed give the same figures. What is drawn for one kind of people does not depend on the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf
from random import Random

from app.domain.campaigns import CampaignSettings, DialMode
from app.domain.ids import CampaignId, QueueId
from app.domain.queues import QueueSettings
from app.floor.events import CampaignSet, QueueSet, TrunkSet
from app.floor.floor import Floor
from app.simulator.campaign_people import Leads, UsualLeads, log_normal, steady
from app.simulator.customers import Customers
from app.simulator.day_figures import DayFigures
from app.simulator.lines import Line
from app.simulator.pbx import SimulatedPbx
from app.simulator.people import Callers, Draw, constantly, exponential
from app.simulator.team import LONGEST_WRAP_UP_S, Habits, Team
from app.simulator.world import World

HOUR_S = 3600.0
SALES, SUPPORT = QueueId("campaign"), QueueId("inbound")
CAMPAIGN = CampaignId(1)
_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)

Distribution = Callable[[Random], Draw]
"""Durations: given chance, it gives what draws them, in seconds."""


def usual_leads(rate: float = 0.25, ring_s: float = 25.0) -> Callable[[Random], Leads]:
    """Leads of whom this share (0..1) answers all day, as `UsualLeads` do."""
    return lambda random: UsualLeads(random, steady(rate), ring_s)


def usual_wrap_up(random: Random) -> Draw:
    """Twenty seconds on average."""
    return log_normal(random, 20.0, 0.6)


@dataclass(frozen=True, slots=True)
class Outbound:
    """A campaign and those it calls.

    Args:
        mode: how it dials.
        leads: how dials end.
        talk: of those who answered.
        lines: for each free operator, in mode ratio.
        look: how long an operator looks at a lead before dialling it, in mode preview.
        ring_s: how long a dial rings, in seconds.
        most: dials in all.
        limit: share of live answers that may be abandoned, 0..1.
        connect_s: within which an operator is due.
        patience: how long who answered waits for a word; `inf` for ever.
        callers_weight: of a caller in time against a customer reached, 0..1.
        detects: whether answering machines are told from people; else they count as no answer.
    """

    mode: DialMode = DialMode.PREDICTIVE
    leads: Callable[[Random], Leads] = field(default_factory=usual_leads)
    talk: Distribution = lambda random: log_normal(random, 100.0, 1.1)
    lines: float = 1.0
    look: Distribution = lambda random: log_normal(random, 8.0, 0.5)
    ring_s: int = 25
    most: float = inf
    limit: float = 0.03
    connect_s: float = 2.0
    patience: Distribution = lambda _: constantly(inf)
    callers_weight: float = 0.8


@dataclass(frozen=True, slots=True)
class Inbound:
    """Those who call.

    Args:
        an_hour: how many come in each hour of the day; the last counts for all later ones.
        talk: how long they talk.
        patience: how long they wait.
        target_s: within which they are to be answered.
    """

    an_hour: Sequence[float]
    talk: Distribution = lambda random: log_normal(random, 180.0, 1.0)
    patience: Distribution = lambda random: exponential(random, 180.0)
    target_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Day:
    """How a day is to be.

    Args:
        operators: logged in all day.
        outbound, inbound: None for none; with both, operators serve both.
        begins: hour of the day, 0..24.
        hours: how long it is.
        wrap_up, pick_up: operators' times in seconds.
        auto_answer_s: until a phone answers by itself.
        miss_rate: share of inbound offers nobody picks up, 0..1.
        work_s, break_s: between breaks and on them; `inf` for none.
        channels, calls_per_s: limits of the trunk.
        pbx_s: from an order to its carrying out.
        pick_s: until a lead is picked and its attempt committed.
        warm_up_s: not counted in the figures of the whole day.
        part_s: length of a part of the day.
    """

    operators: int
    outbound: Outbound | None = field(default_factory=Outbound)
    inbound: Inbound | None = None
    begins: float = 9.0
    hours: float = 8.0
    wrap_up: Distribution = usual_wrap_up
    pick_up: Distribution = lambda random: log_normal(random, 4.0, 0.5)
    auto_answer_s: float = 0.3
    miss_rate: float = 0.0
    work_s: float = inf
    break_s: float = 600.0
    channels: int = 1_000
    calls_per_s: float = 100.0
    pbx_s: float = 0.005
    pick_s: float = 0.02
    warm_up_s: float = 0.0
    part_s: float = 1800.0


class LivedDay:
    """One day, lived once.

    Args:
        day: how it is to be.
        seed: of all chance.
    """

    def __init__(self, day: Day, seed: int) -> None:
        self.day = day
        self.floor = Floor()
        self.world = World(self.floor, _MONDAY + timedelta(hours=day.begins))
        self.pbx = SimulatedPbx(self.world, delay_s=day.pbx_s)
        self.figures = DayFigures(self.world, part_s=day.part_s, warm_up_s=day.warm_up_s)
        self._seed = seed
        self._customers: Customers | None = None
        self._callers: Callers | None = None
        self._open()

    def run(self) -> DayFigures:
        """Let the day pass."""
        until_s = self.day.hours * HOUR_S
        self.world.run(until_s)
        self.figures.close(until_s)
        return self.figures

    def _random(self, what: str) -> Random:
        return Random(f"{self._seed} {what}")  # noqa: S311 - chance, not secrets

    def _open(self) -> None:
        day, world, pbx = self.day, self.world, self.pbx
        queues = []
        if day.inbound is not None:
            queues.append(SUPPORT)
            self._set_queue(SUPPORT, day.inbound.target_s)
        if day.outbound is not None:
            queues.append(SALES)
            self._set_queue(SALES, 20.0)
        habits = Habits(
            wrap_up=day.wrap_up(self._random("wrap-up")),
            pick_up=day.pick_up(self._random("pick up")),
            auto_answer_s=day.auto_answer_s,
            miss_rate=day.miss_rate,
            work_s=day.work_s,
            break_s=day.break_s,
        )
        Team(world, pbx, queues, day.operators, habits=habits, random=self._random("team"))
        world.tell(pbx.snapshot())
        if day.inbound is not None:
            self._callers = self._open_inbound(day.inbound)
        if day.outbound is not None:
            self._customers = self._open_outbound(day.outbound)
        pbx.connected = self._connected

    def _set_queue(self, id_: QueueId, target_s: float) -> None:
        self.world.tell(
            QueueSet(QueueSettings(id_, id_, target_s=target_s, wrap_up_s=LONGEST_WRAP_UP_S, miss_limit=0))
        )

    def _open_inbound(self, inbound: Inbound) -> Callers:
        return Callers(
            self.world,
            self.pbx,
            SUPPORT,
            between=self._between(inbound),
            patience=inbound.patience(self._random("patience")),
            talk=inbound.talk(self._random("inbound talk")),
            limit=1_000_000,
        )

    def _between(self, inbound: Inbound) -> Draw:
        """From one arrival to the next: a Poisson stream whose rate is each hour's own."""
        random, world, rates = self._random("arrivals"), self.world, inbound.an_hour

        def draw() -> float:
            left, at_s = random.expovariate(1.0), world.now_s
            while True:
                number = int(at_s / HOUR_S)
                rate = rates[min(number, len(rates) - 1)] / HOUR_S
                end_s = (number + 1) * HOUR_S
                if rate > 0.0 and left <= rate * (end_s - at_s):
                    return at_s + left / rate - world.now_s
                if rate <= 0.0 and number >= len(rates) - 1:
                    return inf
                left -= rate * (end_s - at_s)
                at_s = end_s

        return draw

    def _open_outbound(self, outbound: Outbound) -> Customers:
        day, world = self.day, self.world
        customers = Customers(
            world,
            self.pbx,
            outbound.leads(self._random("leads")),
            talk=outbound.talk(self._random("talk")),
            patience=outbound.patience(self._random("customers' patience")),
            look=outbound.look(self._random("look")),
            most=outbound.most,
            pick_s=day.pick_s,
        )
        world.tell(TrunkSet("trunk", day.channels, day.calls_per_s))
        world.tell(
            CampaignSet(
                CampaignSettings(
                    id=CAMPAIGN,
                    title="simulated",
                    mode=outbound.mode,
                    queue=SALES,
                    running=True,
                    ring_s=outbound.ring_s,
                    lines=outbound.lines,
                    connect_s=outbound.connect_s,
                    abandon_limit=outbound.limit,
                    callers_weight=outbound.callers_weight,
                )
            )
        )
        return customers

    def _connected(self, line: Line) -> None:
        people = self._callers if line.campaign is None else self._customers
        if people is not None:
            people.connected(line)
