"""Alarms that a person should look at a phone's outside calls: refusals, money of the day spent, emergency numbers."""

from typing import Final

from app.compliance.outgoing import OutgoingRule
from app.domain.ids import OperatorId
from app.floor.events import OutgoingMissed
from app.floor.facts import AlarmCause, OutgoingAlarm
from app.floor.outgoing.state import OutgoingCall, Refusals
from app.floor.turn import Turn

_KEPT_PHONES: Final = 1_000
_MONEY: Final = {
    OutgoingRule.MONEY_OF_OPERATOR: AlarmCause.MONEY_OF_OPERATOR,
    OutgoingRule.MONEY_OF_CENTRE: AlarmCause.MONEY_OF_CENTRE,
}


def refused(turn: Turn, call: OutgoingCall, rule: OutgoingRule) -> None:
    """Count a phone's refused call, and raise the alarm that is due."""
    _count(turn, call.operator, call.endpoint, turn.now.mono_s)
    if rule in _MONEY:
        spent(turn, call, rule)


def missed(turn: Turn, event: OutgoingMissed) -> None:
    """Raise the alarm now that was due when the PBX decided on a call by itself."""
    operator = turn.floor.operators.get(event.operator) if event.operator is not None else None
    endpoint = event.endpoint or (operator.settings.endpoint if operator is not None else "")
    if event.rule is None:
        _raise(turn, AlarmCause.EMERGENCY, event.operator, endpoint)
    else:
        ago_s = max(0.0, (turn.now.wall - event.asked_at).total_seconds())
        _count(turn, event.operator, endpoint, turn.now.mono_s - ago_s)


def emergency(turn: Turn, call: OutgoingCall) -> None:
    """Raise the alarm that an emergency number is dialled."""
    _raise(turn, AlarmCause.EMERGENCY, call.operator, call.endpoint)


def spent(turn: Turn, call: OutgoingCall, rule: OutgoingRule) -> None:
    """Raise the alarm that the money of the day is spent, once a day for the operator or for the centre."""
    cause = _MONEY[rule]
    key = cause, call.operator if cause is AlarmCause.MONEY_OF_OPERATOR else None
    if key not in turn.floor.outgoing.alarmed:
        turn.floor.outgoing.alarmed.add(key)
        _raise(turn, cause, call.operator, call.endpoint)


def _count(turn: Turn, operator: OperatorId | None, endpoint: str, at_s: float) -> None:
    """Count a phone's call that was refused at `at_s`, monotonic, and raise the alarm when there are too many."""
    outgoing, limits = turn.floor.outgoing, turn.floor.outgoing.limits
    refusals = outgoing.refusals.setdefault(endpoint, Refusals())
    times_s = refusals.times_s
    times_s.append(at_s)
    while times_s[0] < at_s - limits.alarm_s or len(times_s) > limits.alarm_refusals:
        times_s.popleft()
    if len(times_s) >= limits.alarm_refusals and at_s >= refusals.quiet_until_s:
        _raise(turn, AlarmCause.REFUSALS, operator, endpoint, len(times_s))
        refusals.quiet_until_s = at_s + limits.alarm_s
    if len(outgoing.refusals) > _KEPT_PHONES:
        del outgoing.refusals[next(iter(outgoing.refusals))]


def _raise(
    turn: Turn, cause: AlarmCause, operator: OperatorId | None, endpoint: str, refusals: int = 0
) -> None:
    """Raise an alarm, which is recorded, logged and shown."""
    alarm = OutgoingAlarm(cause, operator, endpoint, turn.now.wall, refusals)
    turn.floor.outgoing.alarms.append(alarm)
    turn.facts.append(alarm)
