"""When people are to look at a phone's calls outside: many were refused, or a day's money is spent."""

from typing import Final

from app.floor.facts import AlarmCause, OutgoingAlarm
from app.floor.outgoing import OutgoingRule
from app.floor.outgoing_state import OutgoingCall, Refusals
from app.floor.turn import Turn

_KEPT_PHONES: Final = 1_000
_MONEY: Final = {
    OutgoingRule.MONEY_OF_OPERATOR: AlarmCause.MONEY_OF_OPERATOR,
    OutgoingRule.MONEY_OF_CENTRE: AlarmCause.MONEY_OF_CENTRE,
}


def refused(turn: Turn, call: OutgoingCall, rule: OutgoingRule) -> None:
    """A phone's call was refused: count it, and raise the alarm that is due."""
    outgoing, limits, now_s = turn.floor.outgoing, turn.floor.outgoing.limits, turn.now.mono_s
    refusals = outgoing.refusals.setdefault(call.endpoint, Refusals())
    times_s = refusals.times_s
    times_s.append(now_s)
    while times_s[0] < now_s - limits.alarm_s or len(times_s) > limits.alarm_refusals:
        times_s.popleft()
    if len(times_s) >= limits.alarm_refusals and now_s >= refusals.quiet_until_s:
        raise_alarm(turn, AlarmCause.REFUSALS, call, len(times_s))
        refusals.quiet_until_s = now_s + limits.alarm_s
    if len(outgoing.refusals) > _KEPT_PHONES:
        del outgoing.refusals[next(iter(outgoing.refusals))]
    if rule in _MONEY:
        spent(turn, call, rule)


def spent(turn: Turn, call: OutgoingCall, rule: OutgoingRule) -> None:
    """A day's money is spent: raise that alarm once a day."""
    cause = _MONEY[rule]
    key = cause, call.operator if cause is AlarmCause.MONEY_OF_OPERATOR else None
    if key not in turn.floor.outgoing.alarmed:
        turn.floor.outgoing.alarmed.add(key)
        raise_alarm(turn, cause, call)


def raise_alarm(turn: Turn, cause: AlarmCause, call: OutgoingCall, refusals: int = 0) -> None:
    """People are to look at a phone: recorded, logged and shown."""
    alarm = OutgoingAlarm(cause, call.operator, call.endpoint, turn.now.wall, refusals)
    turn.floor.outgoing.alarms.append(alarm)
    turn.facts.append(alarm)
