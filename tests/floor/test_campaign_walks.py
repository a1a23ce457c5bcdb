"""In any order of events, no number is dialled that may not be."""

from collections import deque
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.campaigns import AttemptState, CampaignSettings, DialMode
from app.domain.ids import AttemptId, CampaignId, LeadId, OperatorId, QueueId
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.campaigns.dialing import Campaign
from app.floor.commands import FindLead, PlaceCall
from app.floor.events import (
    AttemptDialled,
    AttemptNotPlaced,
    CampaignSet,
    Event,
    LeadFound,
    LinkLost,
    PreviewDialled,
    PreviewSkipped,
    TrunkSet,
)
from app.floor.facts import StepResult
from app.simulator.lines import Line
from app.simulator.promises import check, held
from tests.floor.outbound import NUMBER, Outbound
from tests.floor.story import call_id

QUEUES = {1: "sales", 2: "sales", 3: "polls"}
"""Two campaigns share all operators, the third shares one of them."""
MEMBERS = {1: ("sales",), 2: ("sales", "polls", "help"), 3: ("polls",)}
CALLS_PER_S = 2.0


class Walk(Outbound):
    """Two trunks, three campaigns, three operators, and callers; each call that is placed is judged."""

    def __init__(self) -> None:
        self.settings: dict[int, dict[str, Any]] = {n: {"running": n != 2} for n in QUEUES}
        self.placed_at: dict[str, deque[float]] = {"one": deque(), "two": deque()}
        self.counted: dict[AttemptId, bool] = {}
        self.lazy = False
        super().__init__(operators=0, running=False)
        self.pbx.find = self._find
        for queue in ("sales", "polls", "help"):
            self.queue(queue, wrap_up_s=5.0)
        for id_, queues in MEMBERS.items():
            self.operator(id_, *queues)
        for name in self.placed_at:
            self.tell(TrunkSet(name, 4, CALLS_PER_S))
        for n in QUEUES:
            self.set(n)

    def set(self, n: int, **changed: Any) -> None:
        said: dict[str, Any] = {"mode": DialMode.PROGRESSIVE, "lines": 3.0} | self.settings[n] | changed
        self.settings[n] = said
        trunk = "two" if n == 3 else "one"
        queue = QueueId(QUEUES[n])
        self.tell(
            CampaignSet(CampaignSettings(CampaignId(n), f"c{n}", queue=queue, trunk=trunk, ring_s=15, **said))
        )

    def is_there(self, line: Line) -> bool:
        """Whether a customer is in a call."""
        return call_id(line) in self.floor.calls

    def dialling(self) -> list[int]:
        """Places of calls that ring somewhere."""
        attempts = self.floor.attempts
        return [
            n
            for n, asked in enumerate(self.placed)
            if (attempt := attempts.get(asked.attempt)) and attempt.state is AttemptState.DIALLING
        ]

    def _place(self, asked: PlaceCall) -> None:
        self.placed.append(asked)
        if self.lazy:
            self.world.tell(AttemptNotPlaced(asked.attempt, 3.0))
        else:
            self.world.tell(AttemptDialled(asked.attempt, LeadId(len(self.placed)), number=NUMBER))

    def _find(self, asked: FindLead) -> None:
        if self.lazy:
            self.world.tell(AttemptNotPlaced(asked.attempt, 3.0))
        else:
            self.world.tell(LeadFound(asked.attempt, asked.campaign, lead=LeadId(1), number=NUMBER))

    def _heard(self, event: Event, outcome: StepResult) -> None:
        super()._heard(event, outcome)
        for attempt in self.floor.attempts.values():
            if attempt.abandoned or attempt.connected is not None:
                self.counted.setdefault(attempt.id, attempt.abandoned)
        asked = [command for command in outcome.commands if isinstance(command, PlaceCall)]
        for command in asked:
            self._judge(command)
        for trunk in self.floor.trunks.values():
            taken = sum(len(c.attempts) for c in self._through(trunk))
            held(taken == trunk.attempts, "a trunk's calls miscounted", taken, trunk)

    def _through(self, trunk: object) -> list[Campaign]:
        return [c for c in self.floor.campaigns.values() if self.floor.trunks[c.settings.trunk] is trunk]

    def _judge(self, asked: PlaceCall) -> None:
        floor, now_s = self.floor, self.world.now_s
        campaign = floor.campaigns[asked.campaign]
        held(campaign.settings.running, "dialled for a campaign that does not run", asked)
        preview = campaign.settings.mode is DialMode.PREVIEW
        held(preview == (asked.operator is not None), "dialled by itself in preview", asked)
        held(floor.linked, "dialled while the PBX cannot be heard", asked)
        trunk = floor.trunks[asked.trunk]
        held(trunk.attempts <= trunk.channels, "more calls than the trunk has channels", trunk)
        times = self.placed_at[asked.trunk]
        times.append(now_s)
        while times[0] < now_s - 1.0:
            times.popleft()
        held(len(times) <= 2 * max(1.0, CALLS_PER_S), "more calls a second than the trunk takes", times)
        if asked.operator is not None:
            looks = floor.operators[asked.operator].routing is RoutingState.PREVIEWING
            held(looks, "dialled for somebody who does not look at it", asked)
            return
        members = floor.queues[asked.queue].members.keys()
        operators = [floor.operators[id_] for id_ in members]
        idle = sum(operator.offerable or operator.settings.id in floor.kept for operator in operators)
        back = [
            operator
            for operator in operators
            if operator.routing is not RoutingState.IDLE
            and operator.presence is Presence.AVAILABLE
            and operator.pending is None
            and operator.device is not DeviceState.UNREACHABLE
        ]
        held(idle or back, "dialled with no operator ready", asked)
        answered = sum(
            not lost for id_, lost in self.counted.items() if id_.startswith(f"kc{asked.campaign}-")
        )
        lost = sum(lost for id_, lost in self.counted.items() if id_.startswith(f"kc{asked.campaign}-"))
        may_lose = 0.03 * (answered + lost + 1) >= lost + 1
        if campaign.settings.mode is DialMode.PROGRESSIVE or not may_lose:
            attempt = floor.attempts[asked.attempt]
            held(attempt.keeper in members, "dialled beyond the limit with nobody kept for it", asked)


places = st.integers(0, 5)
campaigns = st.sampled_from(list(QUEUES))
pasts = st.sampled_from([(2000, 0), (2000, 0), (97, 3), (100, 2)])
actions = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([0.1, 0.3, 1.0, 1.0, 2.5, 7.0, 20.0])),
    st.tuples(st.just("wait"), st.sampled_from([0.3, 1.0])),
    st.tuples(st.just("answer"), places, st.sampled_from([False, False, True])),
    st.tuples(st.just("end"), places, st.sampled_from([16, 17, 34])),
    st.tuples(st.just("pick_up"), places),
    st.tuples(st.just("pick_up"), places),
    st.tuples(st.just("hang_up"), places),
    st.tuples(st.just("caller"), st.sampled_from(["sales", "polls", "help"])),
    st.tuples(st.just("presence"), st.sampled_from(list(MEMBERS)), st.sampled_from(Presence)),
    st.tuples(st.just("phone"), st.sampled_from(list(MEMBERS))),
    st.tuples(st.just("look"), st.sampled_from(list(MEMBERS)), st.booleans()),
    st.tuples(st.just("mode"), campaigns, st.sampled_from(DialMode)),
    st.tuples(st.just("run"), campaigns, st.booleans()),
    st.tuples(st.just("priority"), campaigns, st.integers(0, 2)),
    st.tuples(st.just("past"), campaigns, pasts),
    st.tuples(st.just("trunk"), st.sampled_from(["one", "two"]), st.integers(0, 6)),
    st.tuples(st.just("leads"), st.booleans()),
    st.tuples(st.just("cut")),
    st.tuples(st.just("heard")),
)


def act(s: Walk, action: tuple[Any, ...]) -> None:  # noqa: C901 - a table of actions
    match action:
        case ("wait", seconds):
            s.wait(seconds)
        case ("answer", n, machine) if ringing := s.dialling():
            s.answers(ringing[n % len(ringing)], machine=machine)
        case ("end", n, cause) if ringing := s.dialling():
            s.ends(ringing[n % len(ringing)], cause)
        case ("pick_up", n):
            offered = [line for line in s.pbx.lines.values() if s.is_there(line) and s.ringing(line)]
            if offered:
                s.answer(offered[n % len(offered)])
        case ("hang_up", n):
            there = [line for line in s.pbx.lines.values() if s.is_there(line)]
            if there:
                s.pbx.hang_up(there[n % len(there)])
        case ("caller", queue):
            s.call(queue)
        case ("presence", operator, presence):
            s.presence(operator, presence, "lunch")
        case ("phone", operator):
            endpoint = s.op(operator).settings.endpoint
            if s.op(operator).device is DeviceState.UNREACHABLE:
                s.pbx.connect_phone(endpoint)
            else:
                s.pbx.lose_phone(endpoint)
        case ("look", operator, dial):
            id_ = OperatorId(operator)
            s.tell(PreviewDialled(id_) if dial else PreviewSkipped(id_, "no"))
        case ("mode", campaign, mode):
            s.set(campaign, mode=mode)
        case ("run", campaign, running):
            s.set(campaign, running=running)
        case ("priority", campaign, priority):
            s.set(campaign, priority=priority)
        case ("past", campaign, (answered, abandoned)):
            prefix = f"kc{campaign}-"
            s.counted = {id_: lost for id_, lost in s.counted.items() if not id_.startswith(prefix)}
            for n in range(answered + abandoned):
                s.counted[AttemptId(f"{prefix}past{n}")] = n < abandoned
            s.recall(campaign, answered=answered, abandoned=abandoned, talk_s=8.0, rate=0.05)
        case ("trunk", name, channels):
            s.tell(TrunkSet(name, channels, CALLS_PER_S))
        case ("leads", there):
            s.lazy = not there
        case ("cut",):
            s.tell(LinkLost("cut"))
        case ("heard",):
            s.tell(s.pbx.snapshot())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*DialMode, DialMode.PREDICTIVE, DialMode.PREDICTIVE]), min_size=3, max_size=3),
    st.lists(pasts, min_size=3, max_size=3),
    st.lists(actions, min_size=5, max_size=60),
)
def test_nothing_is_dialled_beyond_what_may_be(
    modes: list[DialMode], pasts: list[tuple[int, int]], walk: list[tuple[Any, ...]]
) -> None:
    s = Walk()
    for n, mode, past in zip(QUEUES, modes, pasts, strict=True):
        act(s, ("past", n, past))
        s.set(n, mode=mode)
    for action in walk:
        act(s, action)
        check(s.floor, s.world.now_s)
