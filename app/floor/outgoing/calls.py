"""The course of an outside call: asked by a phone, read, allowed or refused, dialled, answered, over, recorded.

The call lives as long as the channel of the outside party, whoever talks with that party. After an attended transfer a
customer may talk, and the call still counts, and costs, for the operator who made it. Before that channel exists, the
call lives as long as the channel that asked for it.
"""

from collections.abc import Container, Mapping
from datetime import timedelta

from app.compliance.outgoing import OutgoingRule, may_call
from app.domain.calls import EndedBy
from app.domain.ids import ChannelId, NodeId, channel_of, node_of
from app.domain.now import Now
from app.floor.calls.legs import SECOND_LOOK_S, call_of
from app.floor.calls.routing import consider_operator, withdraw_operator
from app.floor.commands import DialOutside, ReadNumber, RefuseOutside
from app.floor.events import (
    AttendedTransferred,
    ChannelState,
    NumberRead,
    OutgoingAsked,
    OutgoingLegBegan,
    OutgoingStopped,
    SeenChannel,
    Whereabouts,
)
from app.floor.facts import (
    OutgoingAllowed,
    OutgoingAnswered,
    OutgoingBegan,
    OutgoingEnded,
    OutgoingRefused,
)
from app.floor.model import Leg
from app.floor.outgoing import alarms, money
from app.floor.outgoing.records import record_of, talker
from app.floor.outgoing.state import OutgoingCall
from app.floor.turn import Turn


def asked(turn: Turn, event: OutgoingAsked) -> None:
    """Begin an outside call that a phone asks for, and ask what kind of number it is."""
    outgoing = turn.floor.outgoing
    if event.call in outgoing.calls or event.channel in turn.floor.gone:
        return  # a late or repeated event
    call = _begin(turn, event)
    operator = turn.floor.operators.get(call.operator) if call.operator is not None else None
    if operator is not None and not call.transferred:
        withdraw_operator(turn.floor, operator)
    if event.alive:  # else the PBX decides by itself, and reports its decision
        turn.commands.append(ReadNumber(call.id, call.dialled))


def number_read(turn: Turn, event: NumberRead) -> None:
    """Allow or refuse an outside call, now that its number has been read."""
    call = turn.floor.outgoing.calls.get(event.call)
    if call is None or call.number is not None:
        return
    call.number, call.tariff, call.contact = event.number, event.tariff, event.contact
    if call.leg is not None:  # the PBX has dialled by itself meanwhile
        money.watch(turn, call)
        return
    limits = turn.floor.outgoing.limits
    operator = turn.floor.operators.get(call.operator) if call.operator is not None else None
    role = operator.settings.role if operator is not None else None
    rule = may_call(limits, role, event.number, money.use_of(turn, call), turn.now.wall)
    if rule is not None:
        _refuse(turn, call, rule)
        return
    call.allowed = True
    turn.facts.append(OutgoingAllowed(call.id, call.operator, event.number.number, call.contact))
    trunk = limits.emergency_trunk if call.is_emergency else ""
    turn.commands.append(
        DialOutside(
            call=call.id, channel=call.channel, number=event.number.number, trunk=trunk or limits.trunk,
            caller_id=limits.caller_id, longest_s=money.longest_s(turn, call),
        )
    )  # fmt: skip
    if call.is_emergency:
        alarms.emergency(turn, call)


def leg_began(turn: Turn, event: OutgoingLegBegan) -> None:
    """Note that the PBX dials an outside call."""
    outgoing = turn.floor.outgoing
    call = outgoing.calls.get(event.call)
    if event.leg in turn.floor.gone:
        return
    if call is None:  # the event of its beginning is missing
        channel = channel_of(event.call)
        call = _begin(
            turn,
            OutgoingAsked(
                call=event.call,
                channel=channel,
                channel_name="",
                number=event.number,
                endpoint=event.endpoint,
            ),
        )
        call.unheard = True
    if call.leg is None:
        call.leg, call.rang = event.leg, turn.now
        outgoing.by_channel[event.leg] = call.id
        _learn(turn, call)


def leg_answered(turn: Turn, leg: ChannelId) -> None:
    """Note that the outside party answered."""
    call = _of_leg(turn, leg)
    if call is not None and call.answered is None:
        call.answered = turn.happened
        turn.facts.append(OutgoingAnswered(call.id, call.operator))
        money.watch(turn, call)


def stopped(turn: Turn, event: OutgoingStopped) -> None:
    """End an outside call that the PBX did not dial, by its own decision or because the floor's answer came late."""
    call = turn.floor.outgoing.calls.get(event.call)
    if call is None or call.leg is not None:
        return
    rules = {rule.value: rule for rule in OutgoingRule}
    _refused(turn, call, rules.get(event.rule, OutgoingRule.SERVICE_AWAY))


def hangup_requested(turn: Turn, channel: ChannelId) -> None:
    """Remember which party was the first to hang up."""
    call = _of(turn, channel)
    if call is not None and call.hung_up_first is None:
        call.hung_up_first = EndedBy.OUTSIDE if channel == call.leg else talker(call)


def entered_queue(turn: Turn, channel: ChannelId) -> None:
    """End an outside call whose party is in a queue again: the trunk was not available, so nothing was dialled."""
    call = _of(turn, channel)
    if call is not None and call.leg is None:
        _end(turn, call, turn.happened, 0, "")


def channel_hung_up(turn: Turn, channel: ChannelId, cause: int, cause_text: str) -> None:
    """Handle the end of a channel: the outside call ends, or only the phone's part in it."""
    call = _of(turn, channel)
    if call is None:
        return
    if channel == call.leg or call.leg is None:
        _end(turn, call, turn.happened, cause, cause_text)
    else:
        _leave(turn, call)


def handed_over(turn: Turn, event: AttendedTransferred) -> None:
    """Take the phone out of its outside call: the operator joined the outside party to somebody else."""
    for channel in (event.transferer, event.second_transferer):
        call = _of(turn, channel)
        if call is not None and call.leg is not None and channel == call.channel:
            _leave(turn, call)


def merge(
    turn: Turn, node: NodeId, seen: Mapping[ChannelId, SeenChannel], told: Container[str], *, restored: bool
) -> None:
    """Make outside calls agree with a snapshot of their PBX: end those that are over, adopt new ones."""
    outgoing = turn.floor.outgoing
    for call in [one for one in outgoing.calls.values() if node_of(one.id) == node]:
        last = call.leg or call.channel
        call.unheard = call.unheard or restored
        if last in seen or last in told:
            call.missing_since = None
            continue
        call.missing_since = call.missing_since or turn.now
        if restored or turn.now.mono_s - call.missing_since.mono_s >= SECOND_LOOK_S:
            call.unheard = True
            _end(turn, call, call.missing_since, 0, "its end was not heard")
    for channel in seen.values():
        leg = channel.outgoing
        if leg is None or channel.channel in told or channel.where is Whereabouts.OUTGOING:
            continue
        if channel.channel == channel_of(leg.call) or channel.channel in outgoing.by_channel:
            continue
        _adopt(turn, leg, channel)
    for call in outgoing.calls.values():
        if (
            node_of(call.id) == node
            and call.leg is not None
            and call.left is None
            and call.channel not in seen
            and call.channel not in told
        ):
            _leave(turn, call)


def _adopt(turn: Turn, event: OutgoingLegBegan, channel: SeenChannel) -> None:
    leg_began(turn, event)
    call = turn.floor.outgoing.calls.get(event.call)
    if call is None or call.leg != channel.channel:
        return
    call.unheard = True
    age_s = max(0.0, channel.duration_s)
    since = Now(turn.now.mono_s - age_s, turn.now.wall - timedelta(seconds=age_s))
    call.began, call.rang = min(call.began, since), since
    if channel.state is ChannelState.ANSWERED:
        call.answered = since
        turn.facts.append(OutgoingAnswered(call.id, call.operator))
        money.watch(turn, call)


def _begin(turn: Turn, asked: OutgoingAsked) -> OutgoingCall:
    outgoing = turn.floor.outgoing
    id_, channel, channel_name, number, endpoint, transferred, _ = asked
    operator = turn.floor.by_endpoint.get(endpoint)
    if operator is None and (leg := _last_talk(turn, channel)) is not None:
        endpoint, operator, transferred = leg.endpoint, leg.operator, True
    call = OutgoingCall(
        id=id_,
        channel=channel,
        channel_name=channel_name,
        endpoint=endpoint,
        operator=operator,
        dialled=number,
        began=turn.now,
        transferred=transferred,
    )
    outgoing.calls[id_] = call
    outgoing.by_channel[channel] = id_
    turn.facts.append(
        OutgoingBegan(
            call=id_,
            operator=operator,
            endpoint=endpoint,
            number=number,
            channel_name=channel_name,
            transferred=transferred,
            began_at=turn.now.wall,
        )
    )
    return call


def _last_talk(turn: Turn, channel: ChannelId) -> Leg | None:
    """The operator's leg that talked last with a customer whom a console sent outside: the call counts for them."""
    call = call_of(turn, channel)
    if call is None or call.channel != channel:
        return None
    served = (leg for leg in reversed(call.legs) if leg.answered is not None and leg.operator is not None)
    return next(served, None)


def _learn(turn: Turn, call: OutgoingCall) -> None:
    """Ask what a call costs that the PBX dialled by its own list."""
    if call.number is None and call.operator is not None:
        turn.commands.append(ReadNumber(call.id, call.dialled))


def _refuse(turn: Turn, call: OutgoingCall, rule: OutgoingRule) -> None:
    turn.commands.append(RefuseOutside(call.id, call.channel, rule))
    _refused(turn, call, rule)


def _refused(turn: Turn, call: OutgoingCall, rule: OutgoingRule) -> None:
    """End a call that is not dialled, whatever follows on the channel that asked for it."""
    turn.facts.append(OutgoingRefused(call.id, call.operator, call.endpoint, rule, call.transferred))
    _end(turn, call, turn.now, 0, "", rule)
    alarms.refused(turn, call, rule)


def _of(turn: Turn, channel: ChannelId) -> OutgoingCall | None:
    id_ = turn.floor.outgoing.by_channel.get(channel)
    return None if id_ is None else turn.floor.outgoing.calls.get(id_)


def _of_leg(turn: Turn, leg: ChannelId) -> OutgoingCall | None:
    call = _of(turn, leg)
    return call if call is not None and call.leg == leg else None


def _end(  # noqa: PLR0917 - as a hang-up tells it
    turn: Turn, call: OutgoingCall, ended: Now, cause: int, cause_text: str, rule: OutgoingRule | None = None
) -> None:
    outgoing = turn.floor.outgoing
    del outgoing.calls[call.id]
    for channel in (call.channel, call.leg):
        if channel is not None and outgoing.by_channel.get(channel) == call.id:
            del outgoing.by_channel[channel]
    record = record_of(call, ended, cause, cause_text, rule)
    if call.operator is not None and record.cost:
        money.renew_day(turn)
        outgoing.spent[call.operator] += record.cost
    turn.facts.append(OutgoingEnded(call.id, record))
    _consider(turn, call)


def _leave(turn: Turn, call: OutgoingCall) -> None:
    """End the phone's part in an outside call."""
    call.left = turn.happened
    turn.floor.outgoing.by_channel.pop(call.channel, None)
    _consider(turn, call)


def _consider(turn: Turn, call: OutgoingCall) -> None:
    """Offer a call to the operator whose phone has left an outside call, if the phone is free."""
    operator = turn.floor.operators.get(call.operator) if call.operator is not None else None
    if operator is not None:
        consider_operator(turn, operator)
