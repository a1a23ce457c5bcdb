"""The customers of a simulated campaign, and the dialer that picks one for each call that the floor places."""

from functools import partial
from math import inf

from app.domain.ids import AttemptId, ChannelId, LeadId
from app.floor.commands import FindLead, PlaceCall
from app.floor.events import AttemptDialled, AttemptNotPlaced, LeadFound, PreviewDialled
from app.simulator import outgoing
from app.simulator.campaign_people import Ends, Leads, nothing
from app.simulator.lines import BUSY, NO_ANSWER, Line
from app.simulator.pbx import SimulatedPbx
from app.simulator.people import Draw
from app.simulator.world import World


class Customers:
    """Leads who are dialled one after the other; those who answer talk with an operator, if one comes in time.

    Args:
        world: the time they live in.
        pbx: dials them; its `place` and `find` become theirs.
        leads: how a dial ends.
        talk: seconds that a customer talks.
        patience: seconds that a customer who answered waits for an operator before hanging up; `inf`: for the message.
        look: in mode preview, seconds that an operator looks at a lead before dialling it.
        most: the most dials in all.
        pick_s: seconds from the floor's order to the dial, for picking a lead and committing the attempt.
    """

    def __init__(
        self,
        world: World,
        pbx: SimulatedPbx,
        leads: Leads,
        *,
        talk: Draw,
        patience: Draw,
        look: Draw = nothing,
        most: float = inf,
        pick_s: float = 0.0,
    ) -> None:
        self.dials = 0
        self._world, self._pbx, self._leads = world, pbx, leads
        self._talk, self._patience, self._look = talk, patience, look
        self._most, self._pick_s = most, pick_s
        self._asked = 0
        pbx.place, pbx.find = self._place, self._find

    def connected(self, line: Line) -> None:
        """Note that a customer talks with an operator: plan the end of the talk."""
        self._world.after(self._talk(), partial(self._pbx.hang_up, line))

    def _place(self, asked: PlaceCall) -> None:
        if asked.operator is not None:  # the lead was found before
            self._dial(asked)
        elif self._reserve(asked.attempt):
            self._world.after(self._pick_s, partial(self._dial, asked))

    def _find(self, asked: FindLead) -> None:
        if self._reserve(asked.attempt):
            self._world.after(self._pick_s, partial(self._show, asked))

    def _reserve(self, attempt: AttemptId) -> bool:
        if self._asked >= self._most:
            self._world.tell(AttemptNotPlaced(attempt, inf))
            return False
        self._asked += 1
        return True

    def _show(self, asked: FindLead) -> None:
        self._world.tell(
            LeadFound(
                attempt=asked.attempt,
                campaign=asked.campaign,
                lead=LeadId(self._asked),
                number=_number(self._asked),
            )
        )
        self._world.after(self._look(), partial(self._looked, asked))

    def _looked(self, asked: FindLead) -> None:
        shown = self._world.floor.previews.get(asked.operator)
        if shown is not None and shown.id == asked.attempt:
            self._world.tell(PreviewDialled(asked.operator))

    def _dial(self, asked: PlaceCall) -> None:
        self.dials += 1
        number = _number(self.dials)
        self._world.tell(AttemptDialled(attempt=asked.attempt, lead=LeadId(self.dials), number=number))
        channel = outgoing.dial(self._pbx, asked, number)
        ends, after_s = self._leads.dial(self._world.now_s)
        if after_s < asked.ring_s:
            self._world.after(after_s, partial(self._end, channel, ends))

    def _end(self, channel: ChannelId, ends: Ends) -> None:
        if ends in (Ends.BUSY, Ends.NO_ANSWER):
            outgoing.end(self._pbx, channel, BUSY if ends is Ends.BUSY else NO_ANSWER)
            return
        line = outgoing.answer(self._pbx, channel, machine=ends is Ends.MACHINE)
        if line is not None and ends is Ends.ANSWER:
            patience_s = self._patience()
            if patience_s < inf:
                self._world.after(patience_s, partial(self._tire, line))

    def _tire(self, line: Line) -> None:
        if not line.talking and not line.talked_s:
            self._pbx.hang_up(line)


def _number(place: int) -> str:
    return f"+372{55_500_000 + place % 100_000}"
