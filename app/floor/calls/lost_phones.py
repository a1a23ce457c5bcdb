"""Phones that die in a talk: their operators are freed, and their customers are the first in line.

`app.pbx.phones.signs` finds dead phones, by their sound and their registration. The customer is taken out of the talk
before the phone's own channel ends, because the call would end with it.

    PhoneDied -> TakeFromPhone -> the PBX puts the customer on hold -> TalkLost -> first in line

The PBX also finds some dead phones itself, by how they answer requests within the talk. It reports them as `TalkLost`.
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
"""How long an operator whose phone died gets no offer: the PBX may still count the phone as registered."""


class PhoneInTalk(NamedTuple):
    """An operator's phone that is in a talk."""

    channel: ChannelId
    endpoint: str
    held: bool
    """The phone has put the other party on hold, so it may be silent."""
    customer: ChannelId | None
    """The customer, who waits again should the phone die; None: the call is with a colleague or outside."""


def in_talk(floor: Floor, node: NodeId) -> Iterator[PhoneInTalk]:
    """Every operator's phone at this PBX that talks: with a customer, with a colleague or outside."""
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
    """Take a dead phone out of its talk. The event repeats as long as the phone's channel exists."""
    floor = turn.floor
    call = call_of(turn, channel)
    if call is not None and call.talking is not None and call.talking.channel == channel:
        operator = floor.operators.get(call.talking.operator) if call.talking.operator is not None else None
        if operator is not None:
            _rest(turn, operator)
        call.taken_s = turn.now.mono_s
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
    """Put a customer whose operator's phone died back in the queue; the PBX has put them on hold."""
    call = call_of(turn, channel)
    if call is not None and call.channel == channel and not (call.state in IN_QUEUE and call.first_in_line):
        lose(turn, call)


def lose(turn: Turn, call: Call) -> None:
    """End a talk that no party wished to end: the customer waits again, before everybody else."""
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
