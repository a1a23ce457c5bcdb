"""Phones that die in a talk: their operators are freed, and their customers are the first in line.

That a phone is dead is found outside, by its sound and its registration (`app.pbx.phones.signs`). The customer is taken
out of the talk before the phone's own channel ends, for with it the call would end.

    PhoneDied -> TakeFromPhone -> the PBX puts the customer on hold -> TalkLost -> first in line

The PBX also finds some by itself, by a phone's answer to what belongs to the talk, and tells of them as `TalkLost`.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from app.domain.calls import CallState, OfferOutcome
from app.domain.ids import CallId, ChannelId, NodeId, node_of
from app.floor.calls.legs import call_of, end_legs
from app.floor.calls.offers import end_offer
from app.floor.calls.waiting import IN_QUEUE, join, leave_queue
from app.floor.commands import HangUpPhone, TakeFromPhone
from app.floor.floor import DeadlineKind, Floor
from app.floor.model import Call, Operator
from app.floor.turn import Turn

REST_S: Final = 10.0
"""How long an operator is left alone whose phone died: the PBX may count it as there still, or again."""


class PhoneInTalk(NamedTuple):
    """A phone of ours that talks."""

    channel: ChannelId
    endpoint: str
    held: bool
    """It has put the other party on hold, and may be silent."""
    customer: ChannelId | None
    """Who it talks with, and who is to wait again should it break; None in a call of its own."""


def in_talk(floor: Floor, node: NodeId) -> Iterator[PhoneInTalk]:
    """Every phone at this PBX that talks, of an operator, with a customer, a colleague or outside."""
    return (phone for phone in _in_talk(floor) if node_of(phone.channel) == node)


def _in_talk(floor: Floor) -> Iterator[PhoneInTalk]:
    for operator in floor.operators.values():
        for id_ in (operator.call, operator.second_call):
            call = floor.calls.get(id_) if id_ is not None else None
            leg = call.talking if call is not None else None
            if call and leg and leg.operator == operator.settings.id and leg.channel is not None:
                yield PhoneInTalk(leg.channel, leg.endpoint, leg.held_since is not None, call.channel)
    for inside in floor.internal.calls.values():
        for part in inside.parts:
            if inside.answered is not None and part.channel is not None:
                yield PhoneInTalk(part.channel, part.endpoint, held=False, customer=None)
    for outside in floor.outgoing.calls.values():
        if outside.answered is not None and outside.left is None and not outside.transferred:
            yield PhoneInTalk(outside.channel, outside.endpoint, held=False, customer=None)


def died(turn: Turn, channel: ChannelId) -> None:
    """A phone is dead in its talk. Told again as long as its channel is there."""
    floor = turn.floor
    call = call_of(turn, channel)
    if call is not None and call.talking is not None and call.talking.channel == channel:
        operator = floor.operators.get(call.talking.operator) if call.talking.operator is not None else None
        if operator is not None:
            _rest(turn, operator)
        turn.commands.append(TakeFromPhone(call.id, call.channel))
        return
    inside = floor.internal.of_channel(channel)
    part = inside.part(channel) if inside is not None else None
    if inside is not None and part is not None:
        operator = floor.operators.get(part.operator) if part.operator is not None else None
        if operator is not None:
            _rest(turn, operator)
        turn.commands.append(HangUpPhone(inside.id, channel))
        return
    outside = floor.outgoing.calls.get(floor.outgoing.by_channel.get(channel, CallId("")))
    if outside is not None and outside.channel == channel and not outside.transferred:
        operator = floor.operators.get(outside.operator) if outside.operator is not None else None
        if operator is not None:
            _rest(turn, operator)
        turn.commands.append(HangUpPhone(outside.id, channel))


def talk_lost(turn: Turn, channel: ChannelId) -> None:
    """A customer is back on hold, for the phone they talked with is dead."""
    call = call_of(turn, channel)
    if call is not None and call.channel == channel and not (call.state in IN_QUEUE and call.first_in_line):
        lose(turn, call)


def lose(turn: Turn, call: Call) -> None:
    """The talk is over by no party's wish: the customer waits again, before everybody else."""
    talks = [leg for leg in call.legs if leg.answered is not None]
    leg = call.talking or (talks[-1] if talks else None)
    operator = None
    if leg is not None:
        leg.phone_lost = True
        operator = turn.floor.operators.get(leg.operator) if leg.operator is not None else None
    if operator is not None:
        _rest(turn, operator)
    end_offer(turn, call, OfferOutcome.CANCELLED, "phone_lost")
    leave_queue(turn, call)
    end_legs(turn, call)
    call.leaving = call.hung_up_first = call.preferred = None
    call.first_in_line = True
    call.state = CallState.WAITING
    join(turn, call, call.queue, "phone_lost")


def _rest(turn: Turn, operator: Operator) -> None:
    operator.rest_until_s = turn.now.mono_s + REST_S
    turn.set_deadline(
        DeadlineKind.REST, operator.rest_until_s, operator.ticket, operator=operator.settings.id
    )
