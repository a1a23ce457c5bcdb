"""How callers return from the PBX's own queue, which served them while the service was away.

The PBX's own queue gives each caller back itself, so that no talk it is about to connect is broken. Until then it may
ring any free phone at that PBX. So the floor offers nothing to those phones meanwhile, mostly for about a second: one
operator, one call.
"""

from app.domain.calls import CallState
from app.domain.ids import CallId, ChannelId, QueueId
from app.floor.calls.legs import call_of
from app.floor.calls.waiting import SPARED_S, route_all, wait_on
from app.floor.commands import TakeBack
from app.floor.floor import DeadlineKind, Node
from app.floor.model import Call
from app.floor.turn import Turn


def take_back(turn: Turn, call: Call, queue: QueueId, *, rung: bool) -> None:
    """Ask the PBX's own queue for a caller, once.

    Args:
        turn: the step.
        call: a call that a snapshot found there, talking to nobody.
        queue: the queue's name at the PBX.
        rung: whether a phone rings for the caller; it may ring for its whole time.
    """
    if call.state is not CallState.WAITING or call.asked_back:
        return
    floor, now_s = turn.floor, turn.now.mono_s
    call.asked_back = True
    call.stopped = None
    call.spared_until_s = now_s + SPARED_S
    turn.commands.append(TakeBack(call.id, call.channel, call.channel_name, queue))
    if rung:
        call.spared_until_s += floor.queues[call.queue].settings.ring_s
    else:
        node = floor.node(call.node)
        node.taking_back.add(call.id)
        node.shared_until_s = call.spared_until_s
        turn.set_deadline(DeadlineKind.SHARED, node.shared_until_s, 0)


def taken_back(turn: Turn, channel: ChannelId) -> None:
    """Route a caller whom the PBX has put back on hold."""
    call = call_of(turn, channel)
    if call is not None and call.channel == channel:
        _route(turn, call)


def refused(turn: Turn, id_: CallId) -> None:
    """Route a caller whom the PBX's own queue does not have, or cannot give back."""
    call = turn.floor.calls.get(id_)
    if call is not None:
        _route(turn, call)


def settle(turn: Turn, node: Node) -> None:
    """Update which callers a PBX has yet to give back; if none, offer calls there again."""
    floor = turn.floor
    node.taking_back = {
        id_
        for id_ in node.taking_back
        if (call := floor.calls.get(id_)) and call.asked_back and call.state is CallState.WAITING
    }
    if not node.taking_back:
        route_all(turn, node.id)


def give_up(turn: Turn, at_s: float) -> None:
    """Wait no longer for callers whose time to come back ended at `at_s`: offer calls at their PBX again."""
    for node in turn.floor.nodes.values():
        if node.taking_back and node.shared_until_s == at_s:
            node.taking_back.clear()
            route_all(turn, node.id)


def _route(turn: Turn, call: Call) -> None:
    call.asked_back = False
    call.spared_until_s = 0.0
    if call.state is CallState.WAITING:
        wait_on(turn, call)
