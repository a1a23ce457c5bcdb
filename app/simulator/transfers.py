"""Operators' actions on their phones during a talk: hold, blind and attended transfers, parking, pickup."""

from app.domain.ids import CallId, ChannelId, QueueId
from app.floor.events import (
    AttendedTransferred,
    BlindTransferred,
    CallEntered,
    CallParked,
    CallRetrieved,
    ChannelHeld,
    ChannelHungUp,
    ChannelReplaced,
    ChannelResumed,
    LegAnswered,
    LegDialed,
    LocalBridged,
    MusicBegan,
    MusicEnded,
)
from app.simulator.lines import AWAY, HOLD, NORMAL, Halves, Line
from app.simulator.pbx import SimulatedPbx

RING_S = 20.0
"""Seconds that a phone rings for a transferred caller."""
PARK_S = 60.0
"""Seconds that a caller stays parked before the phone that parked the caller rings."""
QUEUE = "queue "
"""What extensions of queues begin with."""
TRUNK = "trunk"
"""The endpoint of everything outside."""


def hold(pbx: SimulatedPbx, line: Line) -> None:
    """The operator puts the caller on hold."""
    if line.leg is not None:
        pbx.say(ChannelHeld(line.leg))
        pbx.say(MusicBegan(line.channel))


def resume(pbx: SimulatedPbx, line: Line) -> None:
    """The operator takes the caller off hold."""
    if line.leg is not None:
        pbx.say(ChannelResumed(line.leg))
        pbx.say(MusicEnded(line.channel))


def blind_to_phone(pbx: SimulatedPbx, line: Line, endpoint: str) -> None:
    """Blind transfer of the caller to a colleague's phone."""
    _send_away(pbx, line, endpoint)
    pbx.ring(line, endpoint, RING_S)


def blind_to_queue(pbx: SimulatedPbx, line: Line, queue: QueueId) -> None:
    """Blind transfer of the caller to a queue."""
    _send_away(pbx, line, f"{QUEUE}{queue}")
    line.where, line.queue, line.live = HOLD, queue, False
    pbx.say(
        CallEntered(
            channel=line.channel,
            channel_name="",
            caller_number=line.number,
            caller_name="",
            dialed="",
            queue=queue,
        )
    )
    pbx.on_hold(line)


def blind_outside(pbx: SimulatedPbx, line: Line, number: str) -> None:
    """Blind transfer of the caller to a number outside; `pbx.answer` answers there."""
    _send_away(pbx, line, number)
    line.leg, line.endpoint = pbx.new_channel("out"), TRUNK
    pbx.say(LegDialed(line.channel, line.leg, TRUNK))


def blind_to(pbx: SimulatedPbx, line: Line, extension: str) -> None:
    """Blind transfer of the caller to an extension: a phone, `queue` and a queue's id, or a number outside."""
    if extension in pbx.phones:
        blind_to_phone(pbx, line, extension)
    elif extension.startswith(QUEUE):
        blind_to_queue(pbx, line, QueueId(extension.removeprefix(QUEUE)))
    else:
        blind_outside(pbx, line, extension)


def attended_to_phone(pbx: SimulatedPbx, line: Line, endpoint: str, *, second_first: bool = False) -> None:
    """Attended transfer: the operator, with a colleague on a second line, joins caller and colleague, and leaves.

    Args:
        pbx: the PBX of the call.
        line: the caller.
        endpoint: the colleague's phone.
        second_first: the event names the operator's second channel first, and so the colleague as the transferee.
    """
    first = line.leg
    if first is None:
        return
    second, target = ChannelId(f"{first}-2"), ChannelId(f"{first}-t")
    pbx.phones[endpoint].legs.add(target)
    pbx.tell_device(endpoint)
    if second_first:
        event = AttendedTransferred(
            transferer=second,
            second_transferer=first,
            transferee=target,
            target=line.channel,
            target_endpoint=TRUNK,
            transferee_endpoint=endpoint,
        )
    else:
        event = AttendedTransferred(
            transferer=first,
            second_transferer=second,
            transferee=line.channel,
            target=target,
            target_endpoint=endpoint,
            transferee_endpoint=TRUNK,
        )
    pbx.say(event)
    pbx.drop_leg(line)
    pbx.say(ChannelHungUp(second, NORMAL))
    pbx.join(line, target, endpoint)


def pick_up(pbx: SimulatedPbx, line: Line, endpoint: str) -> None:
    """A colleague picks the call up from the phone that rings for the caller."""
    if line.leg is None or line.talking or endpoint == line.endpoint:
        return
    leg, ringing, there = ChannelId(f"{line.leg}-p"), line.leg, line.endpoint
    pbx.phones[endpoint].legs.add(leg)
    pbx.join(line, leg, endpoint)
    pbx.tell_device(endpoint)
    pbx.say(LegAnswered(line.local.far if line.local else line.channel, leg, endpoint))
    _stop(pbx, there, ringing)
    pbx.connected(line)


def park(pbx: SimulatedPbx, line: Line, place: str = "701", *, park_s: float = PARK_S) -> None:
    """The operator parks the caller; after `park_s` seconds the operator's phone rings, and then the queue."""
    if line.leg is None:
        return
    parker = line.endpoint
    pbx.say(BlindTransferred(line.leg, line.channel, "700"))
    line.where, line.parked = AWAY, True
    pbx.say(CallParked(line.channel, place))
    pbx.drop_leg(line)
    pbx.world.after(park_s, lambda: _comes_back(pbx, line, parker))


def retrieve(pbx: SimulatedPbx, line: Line, endpoint: str) -> None:
    """A phone takes a parked caller off the place."""
    if not line.parked or line.channel not in pbx.lines:
        return
    leg = pbx.new_channel("r")
    pbx.phones[endpoint].legs.add(leg)
    line.parked = False
    pbx.join(line, leg, endpoint)
    pbx.tell_device(endpoint)
    pbx.say(CallRetrieved(line.channel, leg, endpoint))


def blind_through_local(pbx: SimulatedPbx, line: Line, endpoint: str) -> None:
    """Blind transfer of the caller to an extension that reaches a phone through a Local channel."""
    _send_away(pbx, line, "300")
    halves = Halves(pbx.new_channel("near"), pbx.new_channel("far"))
    line.local = halves
    pbx.say(LocalBridged(*halves))
    pbx.say(LegDialed(line.channel, halves.near, ""))
    pbx.ring(line, endpoint, RING_S)


def optimise(pbx: SimulatedPbx, line: Line) -> None:
    """Optimise away the Local channel between a caller and the phone that talks with them."""
    if line.talking:
        pbx.drop_local(line)


def take_over(pbx: SimulatedPbx, line: Line, endpoint: str) -> None:
    """A colleague takes the talk over from the operator's phone."""
    if line.leg is None or not line.talking:
        return
    old, there, new = line.leg, line.endpoint, pbx.new_channel("s")
    pbx.phones[endpoint].legs.add(new)
    pbx.tell_device(endpoint)
    line.leg, line.endpoint = new, endpoint
    pbx.say(ChannelReplaced(old, new, f"{endpoint}-{new}", endpoint))
    _stop(pbx, there, old)


def replace_caller(pbx: SimulatedPbx, line: Line) -> None:
    """Another channel takes the caller's place, in a talk or on hold; on hold only `MusicBegan` tells it."""
    if line.parked or line.channel not in pbx.lines:
        return
    old, new = line.channel, pbx.new_channel("c")
    del pbx.lines[old]
    line.channel, line.call = new, line.call or CallId(old)
    pbx.lines[new] = line
    if line.talking:
        pbx.say(ChannelReplaced(old, new, f"{TRUNK}-{new}", TRUNK))
    else:
        pbx.say(MusicBegan(new, f"{TRUNK}-{new}", line.call, TRUNK))
    pbx.say(ChannelHungUp(old, NORMAL))


def _stop(pbx: SimulatedPbx, endpoint: str, leg: ChannelId) -> None:
    """End a phone's channel after another has taken its place in the call."""
    phone = pbx.phones.get(endpoint)
    if phone is not None:
        phone.legs.discard(leg)
    pbx.say(ChannelHungUp(leg, NORMAL))
    pbx.tell_device(endpoint)


def _comes_back(pbx: SimulatedPbx, line: Line, parker: str) -> None:
    if line.parked and line.channel in pbx.lines:
        line.parked = False
        pbx.ring(line, parker, RING_S)


def _send_away(pbx: SimulatedPbx, line: Line, extension: str) -> None:
    if line.leg is not None:
        pbx.say(BlindTransferred(line.leg, line.channel, extension))
    pbx.drop_leg(line)
    line.where = AWAY
