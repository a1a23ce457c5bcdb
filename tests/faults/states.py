"""Holds the floor, as HTTP shows it, against what SIPp sees at the same time."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.faults.seen import Caller, Ring, Seen

GRACE_S = 0.7
"""How far the floor may be behind the wire. Whatever changed within it is not looked at."""
AHEAD_S = 0.3
"""SIPp's line may be read so much later than the moment it tells of."""
_WAITING = frozenset({"waiting", "offered", "ringing"})
_BUSY = frozenset({"talking", "on_hold"})
_FREE = frozenset({"idle", "wrap_up", "reserved", "ringing"})


def wrong_states(
    floor: Mapping[str, Any], seen: Seen, phones: Mapping[str, int], at_s: float
) -> dict[str, str]:
    """What the floor showed at `at_s` that was not so, by caller or phone; to be asked `AHEAD_S` after it.

    Args:
        floor: the answer to GET /floor.
        seen: SIPp's truth.
        phones: operator ids by phone.
        at_s: when the floor was read, seconds since 1970.
    """
    first_s, last_s = at_s - GRACE_S, at_s + AHEAD_S
    wrong = {} if floor["linked"] else {"link": "the PBX is not heard"}
    calls = {call["caller_number"].removeprefix("+"): call for call in floor["calls"]}
    for number in calls:
        if number not in seen.callers:
            wrong[number] = f"{number} is shown and never called"
    for number, caller in seen.callers.items():
        gone = caller.ended_s < first_s and number not in calls
        if not gone and not any(first_s <= moment <= last_s for moment in caller.moments()):
            line = _wrong_call(caller, calls.get(number), phones, at_s)
            if line:
                wrong[number] = line
    operators = {operator["id"]: operator for operator in floor["operators"]}
    for phone, id_ in phones.items():
        rings = seen.by_phone.get(phone, [])[-4:]
        if not any(first_s <= moment <= last_s for ring in rings for moment in ring.moments()):
            line = _wrong_operator(phone, rings, operators[id_]["routing"], at_s)
            if line:
                wrong[phone] = line
    return wrong


def _wrong_operator(phone: str, rings: Sequence[Ring], routing: str, at_s: float) -> str:
    talk = next((ring for ring in rings if ring.talking(at_s)), None)
    if talk is None and routing not in _FREE:
        return f"{phone} is free and shown {routing}"
    if talk is not None and routing not in _BUSY:
        return f"{phone} talks to {talk.caller} and is shown {routing}"
    return ""


def _wrong_call(
    caller: Caller, shown: Mapping[str, Any] | None, phones: Mapping[str, int], at_s: float
) -> str:
    state = caller.state(at_s)
    number = caller.number
    if state is None:
        if shown is None or caller.dialled_s > at_s:
            return ""
        return f"{number} ended {at_s - caller.ended_s:.1f} s ago and is shown {shown['state']}"
    kind, phone = state
    if shown is None:
        return f"{number} is {kind} and not shown"
    if kind == "waiting" and shown["state"] not in _WAITING:
        return f"{number} is waiting and shown {shown['state']}"
    if kind == "talking" and (shown["state"], shown["operator"]) != ("talking", phones.get(phone)):
        return f"{number} talks at {phone} and is shown {shown['state']} with {shown['operator']}"
    return ""


def stuck(floor: Mapping[str, Any]) -> list[str]:
    """What is not at rest on a floor whose callers have all gone."""
    lines = [f"call of {call['caller_number']} is still shown {call['state']}" for call in floor["calls"]]
    for operator in floor["operators"]:
        state = (operator["presence"], operator["routing"], operator["device"], operator["call"])
        if state != ("available", "idle", "registered", None):
            lines.append(f"operator {operator['id']} is {state}, because of {operator['cause']}")
    return lines
