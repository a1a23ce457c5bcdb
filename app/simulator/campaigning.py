"""Campaigns in a simulated centre: the dialer, its attempts on record, customers' phones, and the promises about dials.

    floor -> PlaceCall -> pick, commit -> AttemptDialled, link -> PBX -> a phone rings outside

The attempts on record outlive the service, as a database does; so do calls that the PBX dials.
"""

from collections.abc import Callable, Collection, Container
from functools import partial
from itertools import count

from app.domain.campaigns import AttemptOutcome, AttemptState
from app.domain.ids import AttemptId, ChannelId, LeadId, NodeId, node_of
from app.domain.operators import DeviceState, Presence
from app.floor.commands import PlaceCall
from app.floor.events import AttemptDialled, AttemptRestored, Event
from app.floor.facts import AttemptEnded
from app.floor.floor import Floor
from app.simulator import outgoing
from app.simulator.lines import Line
from app.simulator.link import Link
from app.simulator.loop import VirtualLoop
from app.simulator.promises import held

PICK_S = 0.02
"""Seconds to pick a lead and commit its attempt."""
FIRST_NAME = 1_000_001
"""The first name of a customer in a script; callers' names are below."""


class Campaigning:
    """The outbound side of one centre.

    Args:
        loop: the centre's time.
        link: carries orders to the PBX.
        floor: gives the floor of the present service.
        put: gives that service an event.
        is_sound: whether nothing has failed lately.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        link: Link,
        floor: Callable[[], Floor],
        put: Callable[[Event], None],
        is_sound: Callable[[], bool],
    ) -> None:
        self.dials = 0
        self.rang: Callable[[int], None] = lambda _: None
        """Called with the name of each customer whose phone begins to ring."""
        self._loop, self._link, self._floor, self._put, self._is_sound = loop, link, floor, put, is_sound
        self._names = count(FIRST_NAME)
        self._leads = count(1)
        self._ringing: dict[int, ChannelId] = {}
        self._open: dict[AttemptId, AttemptRestored] = {}
        """Committed attempts without an end on record."""
        self._ended: dict[AttemptId, AttemptOutcome] = {}
        self._dialled: set[AttemptId] = set()
        """All attempts that the PBX has ever dialled."""
        self._life = 1
        link.dial = self._dial

    def place(self, asked: PlaceCall) -> None:
        """Take the floor's order to place a call."""
        _may_be_placed(self._floor(), asked)
        self._loop.call_later(PICK_S, partial(self._pick, asked, self._life))

    def ended(self, fact: AttemptEnded) -> None:
        """Note that an attempt has ended. It ends once; only an unknown outcome may be replaced by a known one."""
        before = self._ended.get(fact.attempt)
        held(before in (None, AttemptOutcome.UNKNOWN), "an attempt ends twice", fact, before)
        self._ended[fact.attempt] = fact.outcome
        self._open.pop(fact.attempt, None)

    def restart(self) -> None:
        """Restart with the service: forget the leads being picked, and put open attempts back on the floor."""
        self._life += 1
        for restored in self._open.values():
            self._put(restored)

    def answers(self, name: int, *, machine: bool) -> Line | None:
        """Let a customer, or a machine, pick up; None if the phone has stopped ringing."""
        channel = self._ringing.pop(name, None)
        return None if channel is None else outgoing.answer(self._link.pbx, channel, machine=machine)

    def ends(self, name: int, cause: int) -> None:
        """Let the network, or a customer, end the ringing with this hangup cause."""
        channel = self._ringing.pop(name, None)
        if channel is not None:
            outgoing.end(self._link.pbx, channel, cause)

    def silence(self) -> None:
        """Stop every ringing phone."""
        for name in list(self._ringing):
            self.ends(name, 16)

    def complete(self) -> None:
        """Check the attempts after everybody has left.

        Raises:
            BrokenPromise: an attempt is still open, or a trunk still counts one.
        """
        floor = self._floor()
        held(not floor.attempts, "stuck in an attempt when everybody has gone", floor.attempts)
        held(not self._open, "an attempt without an end", *self._open)
        taken = {name: trunk.attempts for name, trunk in floor.trunks.items() if trunk.attempts}
        held(not taken, "a trunk is taken when everybody has gone", taken)

    def _pick(self, asked: PlaceCall, life: int) -> None:
        attempt = self._floor().attempts.get(asked.attempt)
        if life != self._life or attempt is None or attempt.dialled is not None:
            return
        known = asked.attempt in self._open or asked.attempt in self._ended
        held(not known, "an attempt's id is given twice", asked)
        lead = LeadId(next(self._leads))
        number = f"+372{55_500_000 + lead % 10_000}"
        self._open[asked.attempt] = AttemptRestored(
            attempt=asked.attempt, campaign=asked.campaign, lead=lead, number=number
        )
        self._put(AttemptDialled(attempt=asked.attempt, lead=lead, number=number))
        self._link.execute(asked)

    def _dial(self, asked: PlaceCall) -> str:
        """Carry out the order at the PBX; give its refusal, or an empty string."""
        pbx = self._link.pbx
        held(asked.attempt not in self._dialled, "dialled twice for one attempt", asked)
        self._dialled.add(asked.attempt)
        self.dials += 1
        outgoing.dial(pbx, asked, self._open[asked.attempt].number if asked.attempt in self._open else "")
        if self._is_sound():
            called = sum(line.campaign is not None for line in pbx.lines.values())
            trunk = self._floor().trunks[asked.trunk]
            held(
                len(pbx.outgoing) + called <= trunk.channels, "more calls than the trunk has channels", trunk
            )
        name = next(self._names)
        self._ringing[name] = ChannelId(asked.attempt)
        self.rang(name)
        return ""


def _may_be_placed(floor: Floor, asked: PlaceCall) -> None:
    """Check the promises about a call that the floor orders."""
    campaign, trunk = floor.campaigns[asked.campaign], floor.trunks[asked.trunk]
    held(campaign.settings.running, "dialled for a campaign that does not run", asked)
    held(floor.linked, "dialled while the PBX cannot be heard", asked)
    held(trunk.attempts <= trunk.channels, "more attempts than the trunk has channels", trunk)
    ready = [
        operator
        for id_ in floor.queues[asked.queue].members
        if (operator := floor.operators[id_]).presence is Presence.AVAILABLE
        and operator.device is not DeviceState.UNREACHABLE
    ]
    held(ready, "dialled with no operator ready", asked)


def attempts_agree(
    floor: Floor, node: NodeId, outgoing_: Collection[ChannelId], lines: Container[ChannelId]
) -> None:
    """Check that no attempt of this PBX is stuck, and that the floor knows every dial of the PBX.

    Raises:
        BrokenPromise: floor and PBX differ.
    """
    for attempt in [one for one in floor.attempts.values() if node_of(one.id) == node]:
        channel = ChannelId(attempt.id)
        if attempt.state is AttemptState.DIALLING:
            held(channel in outgoing_ or channel in lines, "stuck in an attempt that is over", attempt)
        elif attempt.state is AttemptState.ANSWERED and attempt.call is None:
            held(channel in lines, "stuck with a machine that is gone", attempt)
        elif attempt.call is not None:
            held(attempt.call in floor.calls, "stuck in an attempt whose call is over", attempt)
    for channel in outgoing_:
        known = AttemptId(channel) in floor.attempts
        held(known, "the floor has not heard of a dial", channel)
    counts: dict[str, int] = {}
    for campaign in floor.campaigns.values():
        trunk = campaign.settings.trunk
        counts[trunk] = counts.get(trunk, 0) + len(campaign.attempts)
    for name, trunk_ in floor.trunks.items():
        held(trunk_.attempts == counts.get(name, 0), "a trunk's calls miscounted", name, trunk_)


def is_machine(floor: Floor, line: Line) -> bool:
    """Whether this line is an answering machine's, for which the floor has no call."""
    attempt = floor.attempts.get(AttemptId(line.channel))
    return line.campaign is not None and attempt is not None and attempt.call is None
