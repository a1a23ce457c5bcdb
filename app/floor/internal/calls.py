"""Calls between colleagues on the floor: begun by a phone, rung, answered, over; and their records.

`app.floor.internal.state` has the course of such a call. This module adds the facts, and frees or occupies operators.
"""

from collections.abc import Container, Iterable, Mapping
from datetime import timedelta

from app.domain.ids import CallId, ChannelId, NodeId, OperatorId, channel_of, node_of
from app.domain.now import Now
from app.domain.operators import RoutingState
from app.floor.calls.legs import SECOND_LOOK_S, call_of, find_leg
from app.floor.calls.routing import consider_operator, withdraw_operator
from app.floor.events import (
    AttendedTransferred,
    BlindTransferred,
    ChannelState,
    ColleagueCalled,
    ColleagueMissed,
    ColleagueRang,
    Missed,
    SeenChannel,
    SeenColleague,
)
from app.floor.facts import InternalEnded
from app.floor.internal.records import record_of
from app.floor.internal.state import InternalCall
from app.floor.model import Leg
from app.floor.turn import Turn


def called(turn: Turn, event: ColleagueCalled) -> None:
    """Begin a call from an operator's phone to a colleague's."""
    _begin(turn, event)


def rang(turn: Turn, event: ColleagueRang) -> None:
    """Note that the colleague's phone rings."""
    internal = turn.floor.internal
    call = internal.calls.get(event.call)
    if call is None:  # the event of its beginning is missing
        call = _begin(turn, event.called_by)
        if call is None:
            return
        call.unheard = True
    if internal.ring(call, event.leg, turn.now):
        _show(turn, "colleague_rings", call.operators)


def leg_answered(turn: Turn, caller: ChannelId, leg: ChannelId, endpoint: str) -> None:
    """Note that the colleague's phone was answered, or that another phone picked the call up."""
    internal = turn.floor.internal
    call = internal.of_channel(leg) or internal.of_channel(caller)
    if call is None or caller not in (call.near.channel, leg):
        return
    rung = call.operators
    if internal.ring(call, leg, turn.happened):
        call.unheard = True  # the event of its ringing is missing
    if internal.answer(call, leg, endpoint, turn.floor.by_endpoint.get(endpoint), turn.happened):
        _show(turn, "colleague_answered", [*rung, *call.operators])


def missed(turn: Turn, event: ColleagueMissed) -> None:
    """End a call that reached nobody. The calling phone may still hear the busy tone."""
    call = turn.floor.internal.calls.get(event.call)
    if call is not None and call.answered is None:
        _end(turn, call, turn.now, missed=event.why)


def hangup_requested(turn: Turn, channel: ChannelId) -> None:
    """Remember which party was the first to hang up."""
    call = turn.floor.internal.of_channel(channel)
    if call is not None and call.hung_up_first is None:
        call.hung_up_first = call.end_of(channel)


def channel_hung_up(turn: Turn, channel: ChannelId, cause: int, cause_text: str) -> None:
    """Handle the end of a channel: the call ends, unless only its ringing phone is gone; `ColleagueMissed` follows."""
    internal = turn.floor.internal
    internal.hung_up(channel)
    call = internal.of_channel(channel)
    if call is not None and call.ends_with(channel):
        call.unheard = call.unheard or call.hung_up_first is None  # an earlier event is missing
        _end(turn, call, turn.happened, cause, cause_text)


def left(turn: Turn, channel: ChannelId) -> None:
    """End the call whose channel is somewhere else now: in a queue, or in another call."""
    call = turn.floor.internal.of_channel(channel)
    if call is not None:
        call.unheard = True
        _end(turn, call, turn.happened)


def sent_away(turn: Turn, event: BlindTransferred) -> None:
    """End the call whose party an operator sent on by a blind transfer."""
    call = turn.floor.internal.of_channel(event.transferer)
    if call is not None:
        call.hung_up_first = call.hung_up_first or call.end_of(event.transferer)
        _end(turn, call, turn.now)


def joined(turn: Turn, event: AttendedTransferred) -> list[OperatorId]:
    """Handle an attended transfer: an operator joined the parties of two calls, one or both with colleagues.

    Returns:
        Operators of a consultation that is over; pass them to `let_go` once the customer's call has been updated.
    """
    lines = event.transferer, event.second_transferer
    result = turn.floor.internal.join(lines, lambda line: _began(turn, line), turn.now)
    for call in result.ended:
        _tell_end(turn, call, turn.now)
    _show(turn, "colleagues_joined", result.moved)
    return [id_ for call in result.consulted for id_ in call.operators]


def let_go(turn: Turn, operators: Iterable[OperatorId]) -> None:
    """Update operators whose consultation is over."""
    _show(turn, "consulted", operators)


def merge(
    turn: Turn, node: NodeId, seen: Mapping[ChannelId, SeenChannel], told: Container[str], *, restored: bool
) -> None:
    """Make calls between colleagues agree with a snapshot of their PBX: end those that are over, adopt new ones."""
    internal = turn.floor.internal
    for call in [one for one in internal.calls.values() if node_of(one.id) == node]:
        call.unheard = call.unheard or restored
        needed = call.parts if call.answered is not None else iter([call.near])
        if all(part.channel in seen or part.channel in told for part in needed):
            call.missing_since = None
            continue
        call.missing_since = call.missing_since or turn.now
        if restored or turn.now.mono_s - call.missing_since.mono_s >= SECOND_LOOK_S:
            call.unheard = True
            heard = [at for part in (*call.earlier, *call.parts) for at in (part.answered, part.ended) if at]
            _end(turn, call, max([call.missing_since, *heard]), 0, "its end was not heard")
    for leg in seen.values():
        if leg.channel not in told and leg.colleague is not None:
            _correct(turn, leg, leg.colleague, seen, told)


def _correct(
    turn: Turn,
    leg: SeenChannel,
    said: SeenColleague,
    seen: Mapping[ChannelId, SeenChannel],
    told: Container[str],
) -> None:
    """Add what the floor missed of a call, its ringing or its answer, from the called leg in a snapshot."""
    id_ = said.call
    if leg.channel == channel_of(id_):
        return
    internal = turn.floor.internal
    known = internal.calls.get(id_)
    near = _partner(
        turn, leg, seen, known.near.channel or channel_of(id_) if known is not None else channel_of(id_)
    )
    taken = {internal.by_channel.get(one.channel) for one in (leg, near)} if near is not None else {None}
    if near is None or near.channel in told or taken - {None, id_}:
        return
    rung = known is not None and known.far is not None
    caller = ColleagueCalled(
        call=id_,
        channel=near.channel,
        channel_name=said.by,
        caller_number=near.caller_number,
        caller_name=near.caller_name,
        number=said.number,
        endpoint=said.endpoint,
        line=said.line,
    )
    rang(turn, ColleagueRang(id_, leg.channel, caller))
    call = internal.calls.get(id_)
    if call is None or call.far is None or call.far.channel != leg.channel:
        return
    if not rung:
        call.unheard = True
        since = _ago(turn, leg.duration_s)
        call.began, call.far.rang = min(call.began, since), since
    if leg.state is ChannelState.ANSWERED and leg.bridge and call.answered is None:
        call.unheard = True
        leg_answered(turn, near.channel, leg.channel, leg.endpoint)


def _partner(
    turn: Turn, leg: SeenChannel, seen: Mapping[ChannelId, SeenChannel], caller: ChannelId
) -> SeenChannel | None:
    """The operator's phone that talks with this leg or rings it; None: there is none, as a customer has its place."""
    if leg.bridge:
        others = [one for one in seen.values() if one.bridge == leg.bridge and one.channel != leg.channel]
    else:
        others = [seen[caller]] if caller in seen else []
    ours = [
        one
        for one in others
        if one.endpoint in turn.floor.by_endpoint
        and one.entry is None
        and one.channel not in turn.floor.by_channel
    ]
    return ours[0] if len(ours) == len(others) == 1 else None


def _begin(turn: Turn, event: ColleagueCalled) -> InternalCall | None:
    floor, internal = turn.floor, turn.floor.internal
    caller = floor.by_endpoint.get(event.line)
    known = event.call in internal.calls or event.call in internal.over
    if caller is None or known or event.channel in internal.gone:
        return None  # not an operator's phone, or a late or repeated event
    left(turn, event.channel)
    call = InternalCall(
        id=event.call,
        channel_name=event.channel_name,
        caller_number=event.caller_number,
        caller_name=event.caller_name,
        dialled=event.number,
        began=turn.now,
        caller=caller,
        called=floor.by_endpoint.get(event.endpoint),
        endpoint=event.endpoint,
        near=Leg(operator=caller, endpoint=event.line, began=turn.now, channel=event.channel),
    )
    internal.begin(call)
    _show(turn, "calls_colleague", [caller])
    return call


def _end(
    turn: Turn,
    call: InternalCall,
    ended: Now,
    cause: int = 0,
    cause_text: str = "",
    *,
    missed: Missed | None = None,
) -> None:
    turn.floor.internal.end(call)
    _tell_end(turn, call, ended, cause, cause_text, missed=missed)


def _tell_end(
    turn: Turn,
    call: InternalCall,
    ended: Now,
    cause: int = 0,
    cause_text: str = "",
    *,
    missed: Missed | None = None,
) -> None:
    record = record_of(call, ended, cause=cause, cause_text=cause_text, missed=missed)
    turn.facts.append(InternalEnded(call.id, record))
    _show(turn, "colleague_call_ended", call.operators)


def _began(turn: Turn, line: ChannelId) -> Now | None:
    """When an operator's line began, in any kind of call; None: not known."""
    floor = turn.floor
    outside = floor.outgoing.calls.get(floor.outgoing.by_channel.get(line, CallId("")))
    if outside is not None:
        return outside.began
    call = call_of(turn, line)
    if call is None or call.channel == line:
        return call.arrived if call is not None else None
    leg = find_leg(call, line)
    return leg.began if leg is not None else None


def _show(turn: Turn, cause: str, operators: Iterable[OperatorId]) -> None:
    """Record the new state of these operators; those who are free again may be offered a call."""
    for id_ in dict.fromkeys(operators):
        operator = turn.floor.operators.get(id_)
        if operator is None:
            continue
        holds = turn.floor.internal.holds(id_)
        if holds:
            withdraw_operator(turn.floor, operator)
        elif operator.routing is RoutingState.IDLE and not operator.offerable:
            operator.idle_since_s = turn.now.mono_s
        turn.operator_changed(operator, cause)
        if not holds:
            consider_operator(turn, operator)


def _ago(turn: Turn, seconds: float) -> Now:
    return Now(turn.now.mono_s - seconds, turn.now.wall - timedelta(seconds=seconds))
