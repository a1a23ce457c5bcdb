"""Calls between operators in the simulated PBX: from their own phones, or on a second line during a talk."""

from app.domain.ids import CallId, ChannelId
from app.floor.events import (
    AttendedTransferred,
    ChannelHungUp,
    ColleagueCalled,
    ColleagueMissed,
    ColleagueRang,
    HangupRequested,
    LegAnswered,
    Missed,
)
from app.simulator.lines import BUSY, NO_ANSWER, NORMAL, TRUNK, InternalLine, Line
from app.simulator.pbx import SimulatedPbx

RING_S = 20.0
"""Seconds that a colleague's phone rings."""


def call(pbx: SimulatedPbx, endpoint: str, other: str) -> InternalLine | None:
    """Let a phone call a colleague's phone; None if it cannot call, or reaches nobody."""
    phone, there = pbx.phones.get(endpoint), pbx.phones.get(other)
    if phone is None or not phone.registered or len(phone.legs) > 1 or endpoint == other:
        return None
    near = pbx.new_channel("i")
    called = ColleagueCalled(
        call=CallId(f"{near}:1"),
        channel=near,
        channel_name=f"{endpoint}-{near}",
        caller_number=endpoint,
        caller_name="",
        number=other,
        endpoint=other,
        line=endpoint,
    )
    phone.legs.add(near)
    pbx.say(called)
    pbx.tell_device(endpoint)
    line = InternalLine(called=called, endpoint=endpoint, other=other, began_s=pbx.world.now_s)
    pbx.internal[called.call] = line
    if there is None or not there.registered or there.legs:
        _missed(pbx, line, Missed.BUSY if there is not None and there.legs else Missed.UNREACHABLE, BUSY)
        return None
    line.leg = leg = pbx.new_channel("j")
    there.legs.add(leg)
    pbx.say(ColleagueRang(called.call, leg, called))
    pbx.tell_device(other)
    pbx.world.after(RING_S, lambda: _ring_over(pbx, line))
    return line


def answer(pbx: SimulatedPbx, line: InternalLine) -> None:
    """The colleague picks up."""
    if line.leg is not None and line.answered_s is None and _is_there(pbx, line):
        line.answered_s = pbx.world.now_s
        pbx.say(LegAnswered(line.called.channel, line.leg, line.other))


def hang_up(pbx: SimulatedPbx, line: InternalLine, *, by_called: bool = False) -> None:
    """Let one of the two hang up; before the answer it is the caller."""
    if not _is_there(pbx, line):
        return
    leg = line.leg if by_called and line.answered_s is not None else None
    pbx.say(HangupRequested(leg or line.called.channel))
    _over(pbx, line, NORMAL, leg_first=leg is not None)


def hand_over(pbx: SimulatedPbx, line: InternalLine, caller: Line) -> None:
    """Attended transfer: the operator who called the colleague joins the colleague with the caller, and leaves."""
    leg, first, second = line.leg, caller.leg, line.called.channel
    ready = _is_there(pbx, line) and line.answered_s is not None and caller.talking
    if leg is None or first is None or not ready or caller.endpoint != line.endpoint:
        return
    del pbx.internal[line.called.call]
    pbx.say(
        AttendedTransferred(
            transferer=first,
            second_transferer=second,
            transferee=caller.channel,
            target=leg,
            target_endpoint=line.other,
            transferee_endpoint=TRUNK,
        )
    )
    pbx.drop_leg(caller)
    _drop(pbx, line.endpoint, second, NORMAL)
    pbx.join(caller, leg, line.other)
    pbx.connected(caller)


def _is_there(pbx: SimulatedPbx, line: InternalLine) -> bool:
    return pbx.internal.get(line.called.call) is line


def _ring_over(pbx: SimulatedPbx, line: InternalLine) -> None:
    if _is_there(pbx, line) and line.answered_s is None and line.leg is not None:
        leg, line.leg = line.leg, None
        _drop(pbx, line.other, leg, NO_ANSWER)
        _missed(pbx, line, Missed.NO_ANSWER, NO_ANSWER)


def _missed(pbx: SimulatedPbx, line: InternalLine, why: Missed, cause: int) -> None:
    pbx.say(ColleagueMissed(line.called.call, why))
    _over(pbx, line, cause)


def _over(pbx: SimulatedPbx, line: InternalLine, cause: int, *, leg_first: bool = False) -> None:
    del pbx.internal[line.called.call]
    ends = [(line.endpoint, line.called.channel)]
    if line.leg is not None:
        ends.insert(0 if leg_first else 1, (line.other, line.leg))
    for endpoint, channel in ends:
        pbx.phones[endpoint].legs.discard(channel)  # first: events may bring the next offer at once
    for endpoint, channel in ends:
        _drop(pbx, endpoint, channel, cause)


def _drop(pbx: SimulatedPbx, endpoint: str, channel: ChannelId, cause: int) -> None:
    pbx.phones[endpoint].legs.discard(channel)
    pbx.say(ChannelHungUp(channel, cause))
    pbx.tell_device(endpoint)
