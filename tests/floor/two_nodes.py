"""Stories of a floor with two PBXs, whose links may be lost and come back."""

from collections.abc import Callable
from typing import TypeVar

from app.domain.campaigns import CampaignSettings, DialMode
from app.domain.ids import (
    FIRST_NODE,
    CampaignId,
    ChannelId,
    LeadId,
    NodeId,
    OperatorId,
    QueueId,
    at_node,
    node_of,
)
from app.domain.operators import Membership, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.floor.commands import (
    Command,
    FindLead,
    IdentifyCaller,
    PlaceCall,
    ReadNumber,
    ReleaseLead,
    node_of_command,
)
from app.floor.events import (
    AttemptDialled,
    CallerIdentified,
    CampaignSet,
    CommandRefused,
    Event,
    LinkLost,
    OperatorSet,
    PresenceAsked,
    QueueSet,
)
from app.floor.facts import Fact, StepResult
from app.floor.floor import Floor
from app.simulator import outgoing
from app.simulator.lines import Line
from app.simulator.pbx import SimulatedPbx
from app.simulator.promises import check
from app.simulator.world import World

A, B = FIRST_NODE, NodeId("tartu")
SALES = QueueId("sales")
NUMBER = "+37255500001"
F = TypeVar("F")


class Surroundings:
    """The world of one of the PBXs: its events reach the floor only while its link is up."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.up = True
        self.obey: Callable[[Command], None] = lambda _: None

    @property
    def now_s(self) -> float:
        return self.world.now_s

    def after(self, delay_s: float, do: Callable[[], None]) -> None:
        self.world.after(delay_s, do)

    def tell(self, event: Event) -> None:
        if self.up:
            self.world.tell(event)


class TwoNodes:
    """A floor with a queue that operators of both PBXs serve: 1 and 2 have phones at A, 11 and 12 at B."""

    def __init__(self, *, wrap_up_s: float = 0.0, operators: int = 2) -> None:
        self.floor = Floor(identify_s=0.0)
        self.world = World(self.floor)
        self.links = {node: Surroundings(self.world) for node in (A, B)}
        self.pbxs = {node: SimulatedPbx(self.links[node], node=node) for node in (A, B)}
        self.preferred: OperatorId | None = None
        """The preferred operator that the contact base gives for every caller."""
        self.steps: list[tuple[Event, StepResult]] = []
        self.world.obey = self._obey
        self.world.listeners.append(self._stepped)
        for node in (A, B):
            self.world.tell(self.pbxs[node].snapshot())
        self.world.tell(QueueSet(QueueSettings(SALES, "Sales", wrap_up_s=wrap_up_s)))
        for node, first in ((A, 1), (B, 11)):
            for number in range(first, first + operators):
                self.operator(node, number)

    def operator(self, node: NodeId, number: int) -> None:
        """Set an available operator with a phone at a PBX."""
        id_, endpoint = OperatorId(number), phone(node, number)
        members = (Membership(SALES),)
        self.world.tell(
            OperatorSet(OperatorSettings(id_, f"op {number}", endpoint=endpoint, memberships=members))
        )
        self.pbxs[node].connect_phone(endpoint)
        self.world.tell(PresenceAsked(id_, Presence.AVAILABLE))

    def campaign(self, node: NodeId, id_: int) -> None:
        """Set a campaign that dials through one of the PBXs, and always has a lead."""
        self.pbxs[node].place = self._place
        trunk = at_node(node, "trunk")
        mode = DialMode.PROGRESSIVE
        self.world.tell(
            CampaignSet(
                CampaignSettings(CampaignId(id_), "c", mode=mode, queue=SALES, running=True, trunk=trunk)
            )
        )

    def call(self, node: NodeId) -> Line:
        return self.pbxs[node].enter(SALES, NUMBER)

    def talk(self, node: NodeId) -> Line:
        line = self.call(node)
        self.pbxs[node].answer(line)
        return line

    def lose(self, node: NodeId) -> None:
        """Lose the link to a PBX, which goes on working."""
        if self.links[node].up:
            self.links[node].up = False
            self.world.tell(LinkLost("cut", node))

    def die(self, node: NodeId, away_s: float = 1.0) -> None:
        """Let a PBX die with all its channels, and start again."""
        self.lose(node)
        self.pbxs[node].restart(away_s)

    def heard_again(self, node: NodeId) -> None:
        self.links[node].up = True
        self.world.tell(self.pbxs[node].snapshot())

    def wait(self, seconds: float) -> None:
        self.world.run(self.world.now_s + seconds)

    def told(self, kind: type[F], since: int = 0) -> list[F]:
        return [fact for _, step in self.steps[since:] for fact in step.facts if isinstance(fact, kind)]

    def ordered(self, kind: type[F], since: int = 0) -> list[F]:
        return [one for _, step in self.steps[since:] for one in step.commands if isinstance(one, kind)]

    def facts(self, since: int = 0) -> list[Fact]:
        return [fact for _, step in self.steps[since:] for fact in step.facts]

    def state_of(self, node: NodeId) -> list[str]:
        """Everything that the floor knows about one PBX's calls, operators and attempts, as text to compare."""
        floor = self.floor
        return [
            *(repr(one) for one in floor.calls.values() if one.node == node),
            *(repr(one) for one in floor.operators.values() if one.node == node),
            *(repr(one) for id_, one in floor.internal.calls.items() if node_of(id_) == node),
            *(repr(one) for id_, one in floor.outgoing.calls.items() if node_of(id_) == node),
            *(repr(one) for id_, one in floor.attempts.items() if node_of(id_) == node),
        ]

    def _place(self, asked: PlaceCall) -> None:
        self.world.tell(AttemptDialled(asked.attempt, LeadId(self.floor.next_attempt), number=NUMBER))
        outgoing.dial(self.pbxs[node_of_command(asked)], asked, NUMBER)

    def answers(self, asked: PlaceCall) -> Line | None:
        """Let the customer of a dial answer."""
        return outgoing.answer(self.pbxs[node_of_command(asked)], ChannelId(asked.attempt))

    def _obey(self, command: Command) -> None:
        if isinstance(command, IdentifyCaller):
            self.world.tell(CallerIdentified(command.call, preferred=self.preferred))
        elif isinstance(command, ReadNumber | FindLead | ReleaseLead):
            pass
        else:
            link = self.links[node_of_command(command)]
            if link.up:
                link.obey(command)
            else:
                self.world.tell(CommandRefused(command, "the link is down"))

    def _stepped(self, event: Event, outcome: StepResult) -> None:
        self.steps.append((event, outcome))
        check(self.floor, self.world.now_s)


def phone(node: NodeId, number: int) -> str:
    """An operator's endpoint."""
    return at_node(node, f"op{number}")
