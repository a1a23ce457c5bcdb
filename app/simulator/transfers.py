"""What operators do from their phones during a talk: hold, blind and attended transfers."""

from app.floor.events import (
    AttendedTransferred,
    BlindTransferred,
    CallEntered,
    ChannelHeld,
    ChannelHungUp,
    ChannelResumed,
    LegDialed,
)
from app.floor.model import ChannelId, QueueId
from app.simulator.pbx import AWAY, HOLD, NORMAL, Line, SimulatedPbx

RING_S = 20.0
"""How long a phone rings that a caller was transferred to."""
TRUNK = "trunk"
"""The endpoint of everything outside."""


def hold(pbx: SimulatedPbx, line: Line) -> None:
    """The operator puts the caller on hold."""
    if line.leg is not None:
        pbx.say(ChannelHeld(line.leg))


def resume(pbx: SimulatedPbx, line: Line) -> None:
    """The operator takes the caller off hold."""
    if line.leg is not None:
        pbx.say(ChannelResumed(line.leg))


def blind_to_phone(pbx: SimulatedPbx, line: Line, endpoint: str) -> None:
    """The operator sends the caller to a colleague's phone."""
    _send_away(pbx, line, endpoint)
    pbx.ring(line, endpoint, RING_S)


def blind_to_queue(pbx: SimulatedPbx, line: Line, queue: QueueId) -> None:
    """The operator sends the caller to a queue."""
    _send_away(pbx, line, f"queue {queue}")
    line.context, line.queue = HOLD, queue
    pbx.say(CallEntered(line.channel, "", line.number, "", "", queue))


def blind_outside(pbx: SimulatedPbx, line: Line, number: str) -> None:
    """The operator sends the caller to a number outside; `pbx.answer` lets it be answered there."""
    _send_away(pbx, line, number)
    line.leg, line.endpoint = ChannelId(f"out-{line.channel}"), TRUNK
    pbx.say(LegDialed(line.channel, line.leg, TRUNK))


def attended_to_phone(pbx: SimulatedPbx, line: Line, endpoint: str, *, second_first: bool = False) -> None:
    """The operator, who has a colleague on a second line, joins the two and leaves.

    Args:
        pbx: where it happens.
        line: the caller.
        endpoint: the colleague's phone.
        second_first: the PBX names the operator's second channel first, and so the colleague as the customer.
    """
    first = line.leg
    if first is None:
        return
    second, target = ChannelId(f"{first}-2"), ChannelId(f"{first}-t")
    pbx.phones[endpoint].legs.add(target)
    if second_first:
        event = AttendedTransferred(second, first, target, line.channel, TRUNK, endpoint)
    else:
        event = AttendedTransferred(first, second, line.channel, target, endpoint, TRUNK)
    pbx.say(event)
    pbx.drop_leg(line)
    pbx.say(ChannelHungUp(second, NORMAL))
    line.leg, line.endpoint, line.talking = target, endpoint, True


def _send_away(pbx: SimulatedPbx, line: Line, extension: str) -> None:
    if line.leg is not None:
        pbx.say(BlindTransferred(line.leg, line.channel, extension))
    pbx.drop_leg(line)
    line.context = AWAY
