"""A working day in virtual time around the real floor, with operators, customers, callers, a trunk and a PBX.

    people (chance) -> SimulatedPbx -> events -> step, next_deadline -> commands -> SimulatedPbx
                                                      `-> facts -> figures

The same day and seed give the same figures. Each kind of people has random numbers of its own.
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
"""Makes, from a source of chance, a function that draws durations in seconds."""


def usual_leads(rate: float = 0.25, ring_s: float = 25.0) -> Callable[[Random], Leads]:
    """`UsualLeads` with the same answer rate, 0..1, all day."""
    return lambda random: UsualLeads(random, steady(rate), ring_s)


def usual_wrap_up(random: Random) -> Draw:
    """Wrap-up times of 20 s on average."""
    return log_normal(random, 20.0, 0.6)


@dataclass(frozen=True, slots=True)
class Outbound:
    """A campaign and its customers.

    Args:
        mode: how it dials.
        leads: how dials end.
        talk: talk times of customers who answered.
        lines: dials for each free operator, in mode ratio.
        look: seconds that an operator looks at a lead before dialling it, in mode preview.
        ring_s: seconds that a dial rings.
        most: the most dials in all.
        limit: share of live answers that may be abandoned, 0..1.
        connect_s: seconds from a live answer within which an operator is due.
        patience: seconds that a customer who answered waits for an operator; `inf`: never hangs up.
        callers_weight: weight of a caller answered in time against a customer reached, 0..1.
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
    """The callers.

    Args:
        an_hour: callers in each hour of the day; the last value holds for all later hours.
        talk: their talk times.
        patience: how long they wait before hanging up.
        target_s: seconds within which they should be answered.
    """

    an_hour: Sequence[float]
    talk: Distribution = lambda random: log_normal(random, 180.0, 1.0)
    patience: Distribution = lambda random: exponential(random, 180.0)
    target_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Day:
    """The settings of a day.

    Args:
        operators: operators logged in all day.
        outbound, inbound: None for none; with both, operators serve both.
        begins: hour of the day, 0..24.
        hours: length of the day.
        wrap_up, pick_up: operators' wrap-up times and times to answer, in seconds.
        auto_answer_s: seconds until a phone answers automatically.
        miss_rate: share of inbound offers that nobody answers, 0..1.
        work_s, break_s: mean seconds between breaks, and seconds of a break; `work_s` `inf`: no breaks.
        channels, calls_per_s: limits of the trunk.
        pbx_s: seconds from an order until the PBX carries it out.
        pick_s: seconds to pick a lead and commit its attempt.
        warm_up_s: seconds at the beginning whose working and duty time the whole day's figures leave out.
        part_s: seconds of one part of the day.
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
    """One simulated day.

    Args:
        day: its settings.
        seed: the seed of all its random numbers.
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
        """Simulate the day; give its figures."""
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
        """Draws the seconds to the next arrival: a Poisson process with a rate for each hour."""
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
