"""A day's money for calls outside: each talk pays ahead for the time it goes on, and ends when that cannot be paid.

Time is paid a second before it begins, a step of the tariff at a time, so what is spent and paid ahead never exceeds
the money there is, however many calls share it. The PBX is told, too, when a call is dialled, how long all the money
that is left then would last: that ends a talk while the service is away.
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
"""The least time that is paid at once: some tariffs have steps of a second."""
EARLY_S: Final = 1.0
"""How long before it begins time is paid."""


def renew_day(turn: Turn) -> None:
    """On a new day all money is there again."""
    outgoing = turn.floor.outgoing
    today = local_date(outgoing.limits.place, turn.now.wall)
    if outgoing.day != today:
        outgoing.day = today
        outgoing.spent.clear()
        outgoing.alarmed.clear()


def charged(turn: Turn, event: OutgoingCharged) -> None:
    """Count money of which only the records know."""
    renew_day(turn)
    if event.day == turn.floor.outgoing.day:
        turn.floor.outgoing.spent[event.operator] += event.amount


def use_of(turn: Turn, call: OutgoingCall) -> Use:
    """What is under way and spent besides a call, and what that call costs with the time it has paid."""
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
    """How long a talk may last that begins now, in whole seconds, 1 or more."""
    limits = turn.floor.outgoing.limits
    left = None if call.is_emergency else money_left(limits, use_of(turn, call))
    if call.tariff is None or left is None:
        return limits.longest_s
    return max(1, int(min(limits.longest_s, call.tariff.lasts_s(float(left)))))


def watch(turn: Turn, call: OutgoingCall) -> None:
    """Look at a talk again before the time that it has paid is over."""
    limits = turn.floor.outgoing.limits
    limited = limits.money is not None or limits.money_of_operator is not None
    if not limited or call.answered is None or call.is_emergency:
        return
    if call.tariff is None or call.tariff.per_minute <= 0:
        return
    call.look_s = max(turn.now.mono_s, call.answered.mono_s + call.paid_s - EARLY_S)
    turn.set_deadline(DeadlineKind.OUTGOING, call.look_s, 0, call=call.id)


def pay_on(turn: Turn, call: OutgoingCall) -> None:
    """Pay the next time of a talk, or end it."""
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
