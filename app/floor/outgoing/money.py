"""The daily limits on money for outside calls: each talk pays ahead for its next time, and ends if it cannot pay.

A talk pays one second before its next time begins, in whole steps of the tariff. So the money spent and paid ahead
never exceeds the limit, however many calls share it. When a call is dialled, the PBX is also told how long the money
left at that moment would last; with this the PBX ends a talk even while the service is away.
"""

from dataclasses import replace
from decimal import Decimal
from math import ceil
from typing import Final

from app.compliance.hours import local_date
from app.compliance.outgoing import Use, money_left, money_rule
from app.floor.commands import EndOutside
from app.floor.events import OutgoingCharged
from app.floor.floor import DeadlineKind
from app.floor.outgoing import alarms
from app.floor.outgoing.state import OutgoingCall
from app.floor.turn import Turn

PAID_S: Final = 5
"""The least time that a talk pays at once: some tariffs have steps of one second."""
EARLY_S: Final = 1.0
"""How long before its next time begins a talk pays for it."""


def renew_day(turn: Turn) -> None:
    """On a new day, start counting money and alarms from zero."""
    outgoing = turn.floor.outgoing
    today = local_date(outgoing.limits.place, turn.now.wall)
    if outgoing.day != today:
        outgoing.day = today
        outgoing.spent.clear()
        outgoing.alarmed.clear()


def charged(turn: Turn, event: OutgoingCharged) -> None:
    """Count money that the records have and the floor has not counted."""
    renew_day(turn)
    if event.day == turn.floor.outgoing.day:
        turn.floor.outgoing.spent[event.operator] += event.amount


def use_of(turn: Turn, call: OutgoingCall) -> Use:
    """What other calls use and have spent, and what this call costs with the time it has paid."""
    outgoing = turn.floor.outgoing
    renew_day(turn)
    others = [other for other in outgoing.calls.values() if other is not call and other.counts]
    own = [other for other in others if other.endpoint == call.endpoint]
    spent = outgoing.spent[call.operator] if call.operator is not None else Decimal(0)
    return Use(
        calls_of_operator=sum(other.is_emergency for other in own) if call.is_emergency else len(own),
        calls=len(others),
        money_of_operator=spent + sum((one.cost_at(turn.now) for one in own), Decimal(0)),
        money=sum(outgoing.spent.values(), sum((one.cost_at(turn.now) for one in others), Decimal(0))),
        cost=call.cost_at(turn.now),
    )


def longest_s(turn: Turn, call: OutgoingCall) -> int:
    """How long a talk that begins now may last, in whole seconds, 1 or more."""
    limits = turn.floor.outgoing.limits
    left = None if call.is_emergency else money_left(limits, use_of(turn, call))
    if call.tariff is None or left is None:
        return limits.longest_s
    return max(1, int(min(limits.longest_s, call.tariff.lasts_s(float(left)))))


def watch(turn: Turn, call: OutgoingCall) -> None:
    """Set the deadline at which a talk has to pay for its next time."""
    limits = turn.floor.outgoing.limits
    limited = limits.money is not None or limits.money_of_operator is not None
    if not limited or call.answered is None or call.is_emergency:
        return
    if call.tariff is None or call.tariff.per_minute <= 0:
        return
    call.look_s = max(turn.now.mono_s, call.answered.mono_s + call.paid_s - EARLY_S)
    turn.set_deadline(DeadlineKind.OUTGOING, call.look_s, 0, call=call.id)


def pay_on(turn: Turn, call: OutgoingCall) -> None:
    """Pay for the next time of a talk, or end the talk."""
    assert call.answered is not None
    assert call.tariff is not None
    step_s = call.tariff.step_s
    more_s = step_s * ceil(PAID_S / step_s)
    longer = replace(call, paid_s=max(call.paid_s, turn.now.mono_s - call.answered.mono_s) + more_s)
    rule = money_rule(turn.floor.outgoing.limits, replace(use_of(turn, call), cost=longer.cost_at(turn.now)))
    if rule is None:
        call.paid_s, call.cut_by = longer.paid_s, None
        watch(turn, call)
        return
    assert call.leg is not None
    call.cut_by = rule
    turn.commands.append(EndOutside(call.id, call.leg, rule))
    alarms.spent(turn, call, rule)
    call.look_s = turn.now.mono_s + PAID_S  # unless it has ended by then
    turn.set_deadline(DeadlineKind.OUTGOING, call.look_s, 0, call=call.id)
