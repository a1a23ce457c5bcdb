"""Operators kept for dials while no live answer may be abandoned.

    placed -> an idle operator is kept -> answered: the operator gets the call
                                       `-> over: the operator is free for other calls

A kept operator is offered nothing but the answer to their dial. If the operator leaves (a break, a lost phone, a call
of their own), another idle operator is kept. If nobody is idle, the dial is withdrawn: it stops ringing, so nobody can
answer it without an operator. A dial also loses its operator, and may be withdrawn, in two more cases. A waiting
caller gets the operator, if the dial has not begun to ring, or has rung as long as the rules ask of a dial. And a
customer who has answered, and whose own operator's phone failed, gets the operator of a dial that only rings.
"""

from collections.abc import Container
from typing import Final

from app.domain.calls import CallState
from app.domain.campaigns import AttemptState
from app.domain.ids import node_of
from app.floor.calls.routing import consider_operator, unlist
from app.floor.campaigns.dialing import Attempt, Campaign
from app.floor.commands import WithdrawCall
from app.floor.floor import DeadlineKind, Floor
from app.floor.model import Call, Operator
from app.floor.turn import Turn

FULL_RING_S: Final = 15.0
"""A dial that has rung this long may be withdrawn for a waiting caller. No rule asks for more (Ofcom, CTIA: 15 s)."""


def keep(turn: Turn, attempt: Attempt) -> bool:
    """Keep an idle operator of the campaign's queue and node for a dial; whether there was one.

    The best level comes first, as for any call. Of two on one level, the operator who serves fewer queues comes first,
    as callers need the other more; then the longest idle.
    """
    floor = turn.floor
    campaign = floor.campaigns[attempt.campaign]
    queue, node = floor.queues.get(campaign.settings.queue), node_of(attempt.id)
    idle = [
        (level, len(operator.settings.memberships), operator.idle_since_s, id_)
        for id_, level in (queue.members.items() if queue is not None else ())
        if (operator := floor.operators[id_]).offerable
        and operator.node == node
        and id_ not in floor.previews
        and queue is not None
        and queue.settings.skills <= operator.settings.skills
    ]
    if not idle:
        return False
    _bind(floor, floor.operators[min(idle)[-1]], attempt)
    return True


def prefer(turn: Turn, attempt: Attempt) -> None:
    """Keep the operator whom a dial's lead asks for, if that leaves no other dial without an operator."""
    floor = turn.floor
    wanted = floor.operators.get(attempt.operator) if attempt.operator is not None else None
    if wanted is None or attempt.keeper in (None, attempt.operator) or wanted.node != node_of(attempt.id):
        return
    other = _dial_of(floor, wanted)
    keeper = floor.operators[attempt.keeper]
    if wanted.offerable:
        _unbind(floor, attempt)
        _bind(floor, wanted, attempt)
        consider_operator(turn, keeper)
    elif other is not None and other.campaign == attempt.campaign and other.operator is None:
        _unbind(floor, attempt)
        _unbind(floor, other)
        _bind(floor, wanted, attempt)
        _bind(floor, keeper, other)


def require(floor: Floor, campaign: Campaign) -> None:
    """Ask for operators for a campaign's dials that have none, now that no live answer may be abandoned."""
    for attempt in campaign.attempts.values():
        if _lacks_operator(floor, attempt):
            floor.unkept[attempt.id] = None


def release(turn: Turn, attempt: Attempt) -> None:
    """Free the operator kept for a dial that needs them no more."""
    turn.floor.unkept.pop(attempt.id, None)
    keeper = turn.floor.operators.get(attempt.keeper) if attempt.keeper is not None else None
    if keeper is not None:
        _unbind(turn.floor, attempt)
        consider_operator(turn, keeper)


def settle(turn: Turn) -> None:
    """Give kept operators to the calls for which nobody was idle; then find others for the dials left without one.

    The dial that was asked for first is first to get another operator; dials for which nobody is idle are withdrawn.
    """
    floor = turn.floor
    heard = {node.id for node in floor.nodes.values() if node.routes(turn.now.mono_s)}
    if not heard:
        return  # no PBX takes orders now; the next snapshot settles the rest
    unserved, floor.unserved = floor.unserved, {}
    for id_ in unserved:
        if node_of(id_) not in heard:
            floor.unserved[id_] = None
            continue
        call = floor.calls.get(id_)
        while call is not None and call.state is CallState.WAITING and _spare(turn, call):
            pass  # the freed operator may have gone to a call of higher rank
    unkept, floor.unkept = floor.unkept, {}
    found = [attempt for id_ in unkept if (attempt := floor.attempts.get(id_)) is not None]
    floor.unkept |= {one.id: None for one in found if node_of(one.id) not in heard}
    found = [one for one in found if node_of(one.id) in heard]
    for attempt in sorted(found, key=lambda one: (one.asked.mono_s, one.id)):
        if _lacks_operator(floor, attempt) and not keep(turn, attempt) and not attempt.picked_up:
            withdraw(turn, attempt)


def withdrawal_refused(turn: Turn, command: WithdrawCall) -> None:
    """Let a dial go on that could not be withdrawn: the link is lost, or somebody has just answered."""
    attempt = turn.floor.attempts.get(command.attempt)
    if attempt is not None and attempt.withdrawn:
        linked = turn.floor.node(node_of(attempt.id)).linked
        attempt.withdrawn, attempt.picked_up = False, linked
        turn.floor.unkept[attempt.id] = None


def withdraw_again(turn: Turn, there: Container[str]) -> None:
    """Repeat the withdrawal of dials that a snapshot still lists: the first command got lost."""
    for attempt in turn.floor.attempts.values():
        if attempt.withdrawn and attempt.dialled is not None and attempt.id in there:
            withdraw(turn, attempt)


def _spare(turn: Turn, call: Call) -> bool:
    """Free a kept operator for a waiting call, if the dial may be withdrawn for it; whether one was freed.

    For a waiting caller, the dial must not have begun to ring, or must have rung for `FULL_RING_S`; if no dial has, a
    deadline is set for when one will have. For a customer who answered a dial for which an operator had been kept, it
    is the dial nearest to that.
    """
    floor, now_s = turn.floor, turn.now.mono_s
    queue = floor.queues[call.queue]
    skills = queue.settings.skills | call.skills
    kept = [
        (_due_s(dial) - now_s, id_, dial)
        for id_, dial_id in floor.kept.items()
        if id_ in queue.members
        and floor.operators[id_].node == call.node
        and skills <= floor.operators[id_].settings.skills
        and (dial := floor.attempts.get(dial_id)) is not None
    ]
    if not kept:
        return False
    left_s, id_, dial = min(kept, key=lambda one: one[:2])
    if left_s > 0.0 and not _is_promised(floor, call):
        turn.set_deadline(DeadlineKind.SEEK, now_s + left_s, call.ticket, call=call.id)
        return False
    operator = floor.operators[id_]
    _unbind(floor, dial)
    floor.unkept[dial.id] = None
    consider_operator(turn, operator)
    return True


def _lacks_operator(floor: Floor, attempt: Attempt) -> bool:
    """Whether an attempt may still be answered, and no operator is kept for it or looks at its lead."""
    looked_at = attempt.operator is not None and attempt.operator in floor.previews
    is_open = attempt.state is not AttemptState.ANSWERED and not attempt.withdrawn
    return is_open and attempt.keeper is None and not looked_at


def _due_s(dial: Attempt) -> float:
    """When a dial may be withdrawn for a waiting caller, monotonic; 0 (at once) while it is not dialled."""
    return dial.dialled.mono_s + FULL_RING_S if dial.dialled is not None else 0.0


def _is_promised(floor: Floor, call: Call) -> bool:
    """Whether this customer answered a dial for which an operator had been kept, and has not talked with one yet."""
    attempt = floor.attempts.get(call.attempt) if call.attempt is not None else None
    return attempt is not None and attempt.promised and attempt.connected is None


def withdraw(turn: Turn, attempt: Attempt) -> None:
    """End a dial that nobody has answered. One that is not dialled yet never will be: the dialer checks beforehand."""
    attempt.withdrawn = True
    if attempt.dialled is not None:
        turn.commands.append(WithdrawCall(attempt.id, attempt.campaign))


def _bind(floor: Floor, operator: Operator, attempt: Attempt) -> None:
    unlist(floor, operator)
    floor.kept[operator.settings.id] = attempt.id
    attempt.keeper, attempt.promised = operator.settings.id, True


def _unbind(floor: Floor, attempt: Attempt) -> None:
    if attempt.keeper is not None:
        floor.kept.pop(attempt.keeper, None)
        attempt.keeper = None


def _dial_of(floor: Floor, operator: Operator) -> Attempt | None:
    id_ = floor.kept.get(operator.settings.id)
    return floor.attempts.get(id_) if id_ is not None else None
