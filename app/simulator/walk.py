"""Random walks through a centre: callers, operators, administrators' changes, and faults.

A `Walk` decides at random what happens next, does it in the centre by actions, and keeps the actions as a script.
Nothing else is random.
"""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import ceil, inf, log
from random import Random

from app.simulator.centre import Action, Argument, Centre
from app.simulator.lines import Line
from app.simulator.script_settings import phone_of
from app.simulator.trouble import EVENT_FAULTS, ORDER_FAULTS, SNAPSHOT_FAULTS

QUEUES = ("a", "b", "c", "d")
OPERATORS = (1, 2, 3, 4, 5, 6)
SKILLS = ("card", "loan")
EVENTS = (
    "CallEntered",
    "LegDialed",
    "LegAnswered",
    "OfferReturned",
    "HangupRequested",
    "ChannelHungUp",
    "BlindTransferred",
    "AttendedTransferred",
    "CallParked",
    "CallRetrieved",
    "LocalBridged",
    "ChannelReplaced",
    "ColleagueCalled",
    "ColleagueRang",
    "ColleagueMissed",
    "DeviceChanged",
)
CAMPAIGN_EVENTS = (*EVENTS, "AttemptAnswered")
CAMPAIGNS = (1, 2)
FALSE_EVENTS = ("LegDialed", "LegAnswered", "OfferReturned", "ChannelHungUp")
_DAY_S = 86_400.0
_HOUR_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of a walk. Rates are per hour."""

    name: str
    calls: float
    """Calls at the busiest hour of the day."""
    faults: float
    night: float = 1.0
    """Calls at night, as a share of the busiest hour's."""
    talk_s: float = 180.0
    patience_s: float = 240.0
    changes: float = 6.0
    """Operators' breaks, phones lost and back, and administrators' changes."""
    loses: tuple[str, ...] = ()
    """If not empty, the only fault is that one of these events is lost, one at a time."""
    settle_s: float = 0.0
    """The fewest seconds from one fault to the next."""
    campaigns: bool = False
    """Whether two campaigns dial, too."""


CLEAN = Plan("clean", calls=40, faults=0, night=0.1)
"""A day at a small centre without faults."""
LOSE = Plan("lose", calls=40, faults=120, night=0.1, loses=EVENTS, settle_s=20)
"""As `CLEAN`, but single events are lost now and then, and the centre must go on working."""
MIXED = Plan("mixed", calls=60, faults=20, night=0.1, settle_s=15)
"""A busier day with every kind of fault, each with time to heal."""
STORM = Plan("storm", calls=400, faults=400, talk_s=60, patience_s=60, changes=60)
"""An hour in which faults follow each other without time to heal."""

DIALS = Plan("dials", calls=30, faults=60, night=1.0, talk_s=60, changes=60, settle_s=12, campaigns=True)
"""Hours in which two campaigns dial beside the callers, with every kind of fault, each with time to heal."""
DIALS_STORM = Plan(
    "dials_storm", calls=60, faults=500, night=1.0, talk_s=40, patience_s=60, changes=120, campaigns=True
)
"""As `DIALS`, but faults follow each other without time to heal."""


class Walk:
    """One random walk.

    Args:
        seed: the seed of all its random numbers.
        plan: its settings.
        closely: check each promise after each event.
    """

    def __init__(self, seed: int, plan: Plan, *, closely: bool = False) -> None:
        self.plan = plan
        self.centre = Centre(closely=closely)
        self.script: list[Action] = []
        self._random = Random(seed)  # noqa: S311 - chance, not secrets
        self._names = count(1)
        self._order = count()
        self._agenda: list[tuple[float, int, str, tuple[Argument, ...]]] = []
        self._waits_from_s = 0.0
        self.centre.pbx.rang = self._rang
        self.centre.pbx.connected = self._connected
        self.centre.campaigns.rang = self._customer_rings
        self._events = CAMPAIGN_EVENTS if plan.campaigns else EVENTS

    def go(self, hours: float) -> None:
        """Walk for this many simulated hours, then let everybody leave.

        Raises:
            BrokenPromise: a promise does not hold; `script` ends with the action that broke it.
        """
        self._load()
        until_s = hours * _HOUR_S
        self._plan_in(self._next_arrival(0.0), "arrive")
        self._plan_in(self._exponential(_HOUR_S / self.plan.changes), "change")
        if self.plan.faults:
            self._plan_in(self._exponential(_HOUR_S / self.plan.faults), "fault")
        while self.centre.loop.now_s < until_s:
            self._wait_until(min(until_s, self._agenda[0][0]))
            while self._agenda[0][0] <= self.centre.loop.now_s:
                _, _, what, about = heappop(self._agenda)
                self._happen(what, about)
        self.script.append(("finish",))
        self.centre.finish()

    def _do(self, *action: Argument) -> None:
        self.script.append(action)
        self.centre.do(action)

    def _wait_until(self, at_s: float) -> None:
        """Let time pass up to `at_s`, or up to an earlier action that is planned meanwhile."""
        loop = self.centre.loop
        self._waits_from_s = loop.now_s
        self._do("wait", _whole_ms(at_s - loop.now_s))
        self.script[-1] = ("wait", round(loop.now_s - self._waits_from_s, 3))

    def _plan_in(self, seconds: float, what: str, *about: Argument) -> None:
        if seconds < inf:
            loop = self.centre.loop
            at_s = loop.now_s + seconds
            heappush(self._agenda, (at_s, next(self._order), what, about))
            soonest_s = self._waits_from_s + _whole_ms(at_s - self._waits_from_s)
            loop.until_s = min(loop.until_s, soonest_s)

    def _happen(self, what: str, about: tuple[Argument, ...]) -> None:
        if what == "arrive":
            self._arrive()
        elif what == "asks_colleague":
            self._call_colleague(*(int(one or 0) for one in about))
        elif what in ("colleague_answers", "colleague_hangs_up", "hand_over"):
            self._do(what, *about)
        elif what == "change":
            self._change()
            self._plan_in(self._exponential(_HOUR_S / self.plan.changes), "change")
        elif what == "fault":
            self._fail()
            self._plan_in(self.plan.settle_s + self._exponential(_HOUR_S / self.plan.faults), "fault")
        elif what in ("customer_answers", "customer_ends"):
            self._do(what, *about)
            if what == "customer_answers" and not about[1]:
                self._plan_in(self._exponential(30.0), "tire", about[0])
        elif (line := self.centre.lines.get(int(about[0] or 0))) is not None:
            self._go_on(what, line, *about)

    def _go_on(self, what: str, line: Line, name: Argument, *about: Argument) -> None:
        """Do a planned action of a caller, if it is still possible."""
        if what in ("answer", "reject"):
            if line.leg == about[0] and not line.talking:
                self._do(what, name)
        elif what == "tire":
            if not line.talking:
                self._do("hang_up", name)
        elif line.talking or what in ("pick_up", "retrieve"):
            self._do(what, name, *about)
            if what == "blind_outside":
                self._plan_in(self._exponential(5.0), "answer", name, line.leg)
            elif what == "park":
                self._plan_in(self._exponential(40.0), "retrieve", name, self._random.choice(OPERATORS))
            elif what == "retrieve":
                self._plan_in(self._exponential(self.plan.talk_s), "hang_up", name)

    # People

    def _load(self) -> None:
        for queue in QUEUES:
            self._set_queue(queue)
        for operator in OPERATORS:
            self._set_operator(operator)
            self._do("presence", operator)
        if self.plan.campaigns:
            self._do("trunk", 5, 2.0)
            for campaign in CAMPAIGNS:
                self._set_campaign(campaign)
        self._do("wait", 1.0)

    def _next_arrival(self, now_s: float) -> float:
        """Seconds to the next call, by the rate of the hour of the day."""
        at_s = now_s
        while True:
            at_s += self._exponential(_HOUR_S / self.plan.calls)
            hour = at_s % _DAY_S / _HOUR_S
            share = 1.0 if hour < 10.0 else self.plan.night  # the day begins as the offices open
            if self._random.random() < share:
                return at_s - now_s

    def _arrive(self) -> None:
        random, name = self._random, next(self._names)
        self._plan_in(self._next_arrival(self.centre.loop.now_s), "arrive")
        preferred = random.choice((None, 0, 0, random.choice(OPERATORS)))
        skills = random.choice(("", "", "", random.choice(SKILLS)))
        self._do("arrive", name, random.choice(QUEUES), preferred, skills, random.choice((0, 0, 0, 1)))
        self._plan_in(self._exponential(self.plan.patience_s), "tire", name)

    def _customer_rings(self, name: int) -> None:
        random = self._random
        chance, after_s = random.random(), 1.0 + self._exponential(5.0)
        if chance < 0.45:
            self._plan_in(after_s, "customer_answers", name, 0)
        elif chance < 0.6:
            self._plan_in(after_s, "customer_answers", name, 1)
        elif chance < 0.85:
            self._plan_in(after_s, "customer_ends", name, random.choice((17, 19, 1, 34)))

    def _rang(self, line: Line) -> None:
        chance, name = self._random.random(), self.centre.names[line.channel]
        if line.campaign is not None and chance < 0.9:
            self._plan_in(0.3, "answer", name, line.leg)  # automatic answer
        elif chance < 0.8:
            self._plan_in(self._exponential(4.0), "answer", name, line.leg)
        elif chance < 0.87:
            self._plan_in(self._exponential(3.0), "reject", name, line.leg)
        elif chance < 0.92:
            self._plan_in(self._exponential(3.0), "pick_up", name, self._random.choice(OPERATORS))

    def _connected(self, line: Line) -> None:
        random, name = self._random, self.centre.names[line.channel]
        talk_s = self._exponential(self.plan.talk_s)
        self._plan_in(talk_s, random.choice(("hang_up", "operator_hangs_up")), name)
        if line.local is not None:
            self._plan_in(0.5, "optimise", name)
        if random.random() < 0.15:
            began_s = random.random() * talk_s
            self._plan_in(began_s, "hold", name)
            self._plan_in(began_s + self._exponential(20.0), "resume", name)
        if random.random() < 0.25:
            self._plan_in(random.random() * talk_s, *self._transfer(name))
        if random.random() < 0.1:
            self._ask_colleague(line, name)

    def _transfer(self, name: int) -> tuple[str, *tuple[Argument, ...]]:
        random = self._random
        operator = random.choice(OPERATORS)
        ways: tuple[tuple[str, *tuple[Argument, ...]], ...] = (
            ("blind_to_phone", name, operator) if name % 2 else ("asks_transfer", name, phone_of(operator)),
            ("blind_to_queue", name, random.choice((*QUEUES, "nowhere"))),
            ("blind_outside", name),
            ("attended", name, operator, random.randrange(2)),
            ("blind_through_local", name, operator),
            ("take_over", name, operator),
            ("park", name),
            ("replace_caller", name),
        )
        return random.choice(ways)

    def _ask_colleague(self, line: Line, name: int) -> None:
        """Plan that a talking operator calls a colleague, and then transfers the caller or goes on."""
        asks = next((one for one in OPERATORS if line.endpoint == phone_of(one)), None)
        if asks is not None:
            self._plan_in(2.0, "asks_colleague", asks, name)

    def _call_colleague(self, operator: int, caller: int = 0) -> None:
        random, name = self._random, next(self._names)
        self._do(
            "calls_colleague", name, operator, random.choice([one for one in OPERATORS if one != operator])
        )
        answers_s = self._exponential(6.0)
        if random.random() < 0.8:
            self._plan_in(answers_s, "colleague_answers", name)
        talk_s = answers_s + self._exponential(self.plan.talk_s / 4)
        if caller and random.random() < 0.5:
            self._plan_in(talk_s, "hand_over", name, caller)
        self._plan_in(talk_s + 0.1, "colleague_hangs_up", name, random.randrange(2))

    def _exponential(self, mean_s: float) -> float:
        return -mean_s * log(1.0 - self._random.random())

    # Changes

    def _change(self) -> None:
        random, operator = self._random, self._random.choice(OPERATORS)
        if self.plan.campaigns and random.random() < 0.3:
            self._set_campaign(random.choice(CAMPAIGNS))
            return
        match random.choices(range(9), (8, 10, 3, 3, 4, 2, 0.3, 0.3, 4))[0]:
            case 0:
                self._do("presence", operator, random.choice(("on_break", "on_break", "offline")))
            case 1:
                self._do("presence", operator)
            case 2:
                self._do("wrapped_up", operator)
            case 3:
                self._do("phone_lost", operator)
            case 4:
                self._do("phone_back", operator)
            case 5:
                self._set_operator(operator)
            case 6:
                self._set_queue(random.choice(QUEUES))
            case 8:
                self._call_colleague(operator)
            case _:
                self._do("remove_operator", operator)
                self._set_operator(operator)
                self._do("presence", operator)

    def _set_queue(self, queue: str) -> None:
        choice = self._random.choice
        self._do(
            "queue",
            queue,
            choice(("", "", "card")),
            choice((0, 0, 1)),
            choice((0.0, 10.0, 20.0)),
            choice((5, 15)),
            choice((0.0, 7.0)),
            choice((0.0, 4.0)),
            choice((0, 1, 3)),
            choice((0.0, 3.3)),
            choice((0.0, 25.1)),
            choice(("stay", "queue", "leave")),
            choice(QUEUES),
        )

    def _set_campaign(self, campaign: int) -> None:
        choice = self._random.choice
        self._do(
            "campaign",
            campaign,
            QUEUES[campaign],
            choice(("progressive", "ratio", "predictive")),
            choice((1, 1, 1, 0)),
            choice((1.0, 2.5)),
            choice((0, 0, 1)),
            choice(("hang_up", "message", "pass_on")),
        )

    def _set_operator(self, operator: int) -> None:
        random = self._random
        queues = random.sample(QUEUES, random.randint(2, 4))
        levels = [f"{queue}{random.choice(('', ':2'))}" for queue in queues]
        self._do(
            "operator", operator, " ".join(levels), " ".join(random.sample(SKILLS, random.randint(1, 2)))
        )

    # Faults

    def _fail(self) -> None:
        random, do = self._random, self._do
        if self.plan.loses:
            do("disarm")  # one at a time
            do("arm", "lose", random.choice(self.plan.loses))
            return
        faults: dict[Callable[[], None], float] = {
            self._fail_event: 12,
            lambda: do("arm", random.choice(ORDER_FAULTS), "", random.choice((0.3, 1.0))): 12,
            lambda: do("arm", random.choice(SNAPSHOT_FAULTS)): 3,
            lambda: do("cut", random.choice((0.0, 0.0, 3.0, 30.0))): 2,
            lambda: do("stall", random.choice((0.1, 1.0, 3.0))): 3,
            lambda: do("half_open"): 1.5,
            lambda: do("restart_service", random.choice((0.0, 3.0, 30.0))): 1.5,
            lambda: do("restart_pbx", random.choice((0.5, 3.0, 10.0))): 1,
            lambda: do("set_clock", random.choice((-1, 1)) * random.choice((3600, 86_400))): 2,
            self._say_falsely: 2,
        }
        random.choices(list(faults), list(faults.values()))[0]()

    def _fail_event(self) -> None:
        random = self._random
        fault = random.choice(EVENT_FAULTS)
        value = random.choice((0.05, 0.6, 2.5)) if fault == "delay" else random.choice((1, 2, 4))
        self._do("arm", fault, random.choice((*self._events, "")), value)

    def _say_falsely(self) -> None:
        random = self._random
        if self.centre.lines:
            name = random.choice(list(self.centre.lines))
            self._do("false", random.choice(FALSE_EVENTS), name, random.choice(OPERATORS))


def _whole_ms(seconds: float) -> float:
    """Seconds rounded up to whole milliseconds, so that scripts are short."""
    return ceil(max(0.0, seconds) * 1000.0) / 1000.0
