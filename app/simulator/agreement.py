"""Checks that the floor agrees with the PBX: no stuck operator, no ghost call, each talk with the right phone."""

from app.domain.calls import CallState
from app.domain.ids import node_of
from app.floor.floor import Floor
from app.floor.model import Call
from app.simulator.campaigning import attempts_agree, is_machine
from app.simulator.lines import ABANDONED, FALLBACK, HOLD, LEAVE, LIVE, Line
from app.simulator.pbx import SimulatedPbx
from app.simulator.promises import BUSY, held

TALKS = frozenset({CallState.TALKING, CallState.ON_HOLD})
ELSEWHERE = frozenset({CallState.PARKED, CallState.TRANSFERRED})


def agree(floor: Floor, pbx: SimulatedPbx) -> None:
    """Compare the floor's state of a PBX with that PBX, while no message is under way between them.

    Raises:
        BrokenPromise: they differ.
    """
    held(floor.node(pbx.node).linked, "the floor takes the PBX for lost")
    for call in [one for one in floor.calls.values() if one.node == pbx.node]:
        held(call.channel in pbx.lines, "a ghost: the PBX has no such call", call)
    attempts_agree(floor, pbx.node, pbx.outgoing, pbx.lines)
    for line in pbx.lines.values():
        id_ = floor.by_channel.get(line.channel)
        if id_ is None and is_machine(floor, line):
            continue
        if id_ is None:
            held(line.queue not in floor.queues, "the floor has not heard of a call", line)
            continue
        held(floor.calls[id_].channel == line.channel, "a caller is taken for somebody's leg", line)
        _agrees(floor.calls[id_], line)
    _colleagues_agree(floor, pbx)
    for operator in floor.operators.values():
        phone = pbx.phones.get(operator.settings.endpoint)
        if phone is None:
            continue
        held(operator.device is phone.state, "a phone's state is not the PBX's", operator, phone)
        ours = any(line.endpoint == operator.settings.endpoint for line in pbx.lines.values())
        busy = operator.routing in BUSY
        held(busy == ours, "stuck: busy, and the phone is not" if busy else "idle in a call", operator, phone)


def _colleagues_agree(floor: Floor, pbx: SimulatedPbx) -> None:
    calls = {id_: call for id_, call in floor.internal.calls.items() if node_of(id_) == pbx.node}
    for id_, call in calls.items():
        held(id_ in pbx.internal, "a word with a colleague that is over", call)
    for id_, line in pbx.internal.items():
        known = calls.get(id_)
        held(known is not None, "the floor has not heard of a call between colleagues", line)
        if known is None:
            continue
        held((known.answered is not None) == (line.answered_s is not None), "answered, or not", known, line)
        ends = {part.endpoint for part in known.parts}
        held(ends == {line.endpoint, line.other}, "the wrong phones", known, line)
        held(
            set(floor.internal.by_channel.values()) <= floor.internal.calls.keys(),
            "a channel of no call",
            known,
        )


def _agrees(call: Call, line: Line) -> None:
    if line.talking:
        held(call.state in TALKS, "a talk that is none", call, line)
        talking = call.talking
        held(talking is not None and talking.endpoint == line.endpoint, "talks with another", call, line)
        return
    held(call.state not in TALKS, "a talk that is over", call, line)
    if line.leg is not None:
        ringing = [leg for leg in call.legs if leg.endpoint == line.endpoint and leg.ended is None]
        held(ringing, "a phone rings that the floor does not hear", call, line)
    elif line.where == LIVE:
        held(call.state in (CallState.WAITING, CallState.LEAVING), "called, and not served", call, line)
    elif line.where in (HOLD, FALLBACK):
        held(call.state is CallState.WAITING, "on hold, and not waiting", call, line)
        overflowed = call.joined != call.waiting_since  # of which the PBX knows nothing
        held(overflowed or call.queue == line.queue, "waits in another queue", call, line)
    elif line.parked:
        held(call.state in ELSEWHERE, "parked, and taken for something else", call, line)
    elif line.where in (LEAVE, ABANDONED):
        held(call.state is CallState.LEAVING, "let go, and not leaving", call, line)
