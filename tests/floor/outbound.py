"""Stories with a campaign that dials."""

from typing import Any

from app.domain.campaigns import AttemptOutcome, CampaignSettings, DialMode
from app.domain.ids import CampaignId, ChannelId, ContactId, LeadId, QueueId
from app.floor.commands import PlaceCall
from app.floor.events import (
    AttemptAnswered,
    AttemptDialled,
    CampaignRecalled,
    CampaignSet,
    ChannelHungUp,
    RecalledDial,
    TrunkSet,
)
from app.floor.facts import AttemptEnded
from app.pacing.abandonment import LiveAnswers
from app.simulator.lines import Line, Outgoing
from tests.floor.story import Story

ONE = CampaignId(1)
NUMBER = "+37255500001"


class Outbound(Story):
    """A story with a campaign: the dialer always has a lead, and customers act when the test says so."""

    def __init__(self, operators: int = 2, **settings: Any) -> None:
        super().__init__()
        self.queue()
        for id_ in range(1, operators + 1):
            self.operator(id_)
        self.placed: list[PlaceCall] = []
        self.pbx.place = self._place
        self.pbx.withdraws = False
        self.campaign(**settings)

    def campaign(self, id_: int = 1, **settings: Any) -> None:
        mode, running = settings.pop("mode", DialMode.PROGRESSIVE), settings.pop("running", True)
        queue = QueueId("sales")
        self.tell(
            CampaignSet(
                CampaignSettings(
                    CampaignId(id_), f"c{id_}", mode=mode, queue=queue, running=running, **settings
                )
            )
        )

    def recall(
        self,
        id_: int = 1,
        *,
        answered: int = 400,
        abandoned: int = 0,
        talk_s: float = 100.0,
        rate: float = 0.25,
    ) -> None:
        """Give a campaign records: live answers of this day, 400 dials, and operators' talk and wrap-up times."""
        at = self.world.moment().wall
        every = round(1 / rate)
        dials = tuple(
            RecalledDial(at, n % every == 0, 10.0 if n % every == 0 else 25.0, 1) for n in range(400)
        )
        past = ((at, LiveAnswers(answered, abandoned)),)
        self.tell(
            CampaignRecalled(CampaignId(id_), past, dials, (talk_s / 2, talk_s, talk_s * 2) * 30, (2.0,) * 90)
        )

    def answers(self, place: int = 0, *, machine: bool = False) -> Line:
        """A person or a machine answers the call at index `place` of those placed."""
        asked = self.placed[place]
        channel = ChannelId(asked.attempt)
        line = Line(channel, asked.queue, number=NUMBER, entered_s=self.world.now_s)
        self.pbx.lines[channel] = line
        self.tell(
            AttemptAnswered(
                channel, f"trunk-{place}", campaign=asked.campaign, number=NUMBER, machine=machine
            )
        )
        return line

    def ends(self, place: int, cause: int) -> None:
        self.tell(ChannelHungUp(ChannelId(self.placed[place].attempt), cause))

    def dial_is_there(self, place: int) -> None:
        """Let the PBX have the call at index `place` of those placed, still ringing."""
        asked = self.placed[place]
        self.pbx.outgoing[ChannelId(asked.attempt)] = Outgoing(asked, NUMBER, self.world.now_s)

    def tell_end(self, line: Line) -> None:
        """Report the end of a channel that the service hung up."""
        self.tell(ChannelHungUp(line.channel, 16))

    def tell_channels(self, channels: int) -> None:
        """Limit how many calls may be placed at one time."""
        self.tell(TrunkSet("trunk", channels, 5.0))

    def outcomes(self) -> list[AttemptOutcome]:
        return [fact.outcome for fact in self.told(AttemptEnded)]

    def _place(self, asked: PlaceCall) -> None:
        self.placed.append(asked)
        self.world.tell(
            AttemptDialled(
                asked.attempt,
                LeadId(len(self.placed)),
                number=NUMBER,
                contact=ContactId(7),
                contact_name="Tamm Mari",
            )
        )
