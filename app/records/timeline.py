"""A call's timeline as it is stored: the kind of each line, and the names in its data. No I/O.

A fact is stored under the names given here, so that its class and its fields may be renamed. Lines of earlier versions
stay readable: `read` gives each in today's form.

To add a name to a kind, put what its absence means into `_ADDED`. Any other change of a kind needs a new `VERSION`, and
`read` must then turn the old form into the new one. No kind and no name is ever used for something else.
"""

from collections.abc import Mapping
from typing import Any, Final, assert_never

from app.domain.calls import Reason
from app.domain.ids import OperatorId
from app.floor.facts import (
    AttemptDisposed,
    AttemptEnded,
    CallAnswered,
    CallArrived,
    CallEnded,
    CallerKnown,
    CallHeld,
    CallLeaving,
    CallParked,
    CallQueued,
    CallRecord,
    CallResumed,
    CallTransferred,
    CustomerOptedOut,
    Fact,
    FaultSeen,
    InternalEnded,
    OfferEnded,
    OfferMade,
    OfferRang,
    OperatorChanged,
    OperatorGone,
    OutgoingAlarm,
    OutgoingAllowed,
    OutgoingAnswered,
    OutgoingBegan,
    OutgoingEnded,
    OutgoingRefused,
    PacingDecided,
    Reconciled,
)

CallFact = (
    CallArrived
    | CallQueued
    | CallerKnown
    | OfferMade
    | OfferRang
    | OfferEnded
    | CallAnswered
    | CallHeld
    | CallResumed
    | CallTransferred
    | CallParked
    | CallLeaving
    | CallEnded
    | OutgoingBegan
    | OutgoingRefused
    | OutgoingAllowed
    | OutgoingAnswered
    | OutgoingEnded
    | InternalEnded
)
"""The facts of a call's timeline."""

VERSION: Final = 1
"""The form of the lines that are written; it stands beside each."""

KINDS: Final[Mapping[type[Fact], str]] = {
    CallArrived: "CallArrived",
    CallQueued: "CallQueued",
    CallerKnown: "CallerKnown",
    OfferMade: "OfferMade",
    OfferRang: "OfferRang",
    OfferEnded: "OfferEnded",
    CallAnswered: "CallAnswered",
    CallHeld: "CallHeld",
    CallResumed: "CallResumed",
    CallTransferred: "CallTransferred",
    CallParked: "CallParked",
    CallLeaving: "CallLeaving",
    CallEnded: "CallEnded",
    OutgoingBegan: "OutgoingBegan",
    OutgoingRefused: "OutgoingRefused",
    OutgoingAllowed: "OutgoingAllowed",
    OutgoingAnswered: "OutgoingAnswered",
    OutgoingEnded: "OutgoingEnded",
    InternalEnded: "InternalEnded",
    OutgoingAlarm: "OutgoingAlarm",
    AttemptEnded: "AttemptEnded",
    CustomerOptedOut: "CustomerOptedOut",
    AttemptDisposed: "AttemptDisposed",
    PacingDecided: "PacingDecided",
    OperatorChanged: "OperatorChanged",
    OperatorGone: "OperatorGone",
    Reconciled: "Reconciled",
    FaultSeen: "FaultSeen",
}
"""The name of each fact outside the process. A class may be renamed; its fact's name never changes."""

_ADDED: Final[Mapping[str, Mapping[str, Any]]] = {
    "CallArrived": {"campaign": None, "caller_sent": "", "number_withheld": False, "internal": False},
}
"""Names that the first lines of a kind lack, with the values that this means."""
_ADDED_TO_REASON: Final[Mapping[str, Any]] = {"kept_operators": 0}


Line = tuple[str, OperatorId | None, dict[str, Any]]
"""A line of a timeline, without its call: the cause, the operator and `data`."""


def line_of(fact: CallFact) -> Line:  # noqa: C901, PLR0912 - the table of a call's facts
    """A fact as a line of its call's timeline."""
    match fact:
        case CallArrived():
            return ("", None, _arrived(fact))
        case CallQueued():
            return (fact.cause, None, {"queue": fact.queue})
        case CallerKnown():
            return (fact.cause, None, {"name": fact.name, "contact": fact.contact, "matches": fact.matches})
        case OfferMade():
            return ("", fact.operator, _offered(fact))
        case OfferRang():
            return ("", fact.operator, {"offer": fact.offer, "leg": fact.leg})
        case OfferEnded():
            return (fact.cause, fact.operator, {"offer": fact.offer, "outcome": fact.outcome.value})
        case CallAnswered():
            return (fact.cause, fact.operator, {"leg": fact.leg, "waited_s": fact.waited_s})
        case CallHeld() | OutgoingAnswered():
            return ("", fact.operator, {})
        case CallResumed():
            return ("", fact.operator, {"held_s": fact.held_s})
        case CallTransferred():
            return ("", None, _transferred(fact))
        case CallParked():
            return ("", fact.operator, {"place": fact.place})
        case CallLeaving():
            return (fact.cause, None, {"message": fact.message})
        case CallEnded() | OutgoingEnded() | InternalEnded():
            return (fact.record.ended_by.value, fact.record.operator, _ended(fact.record))
        case OutgoingBegan():
            return ("", fact.operator, _began(fact))
        case OutgoingRefused():
            return (
                fact.rule.value,
                fact.operator,
                {"endpoint": fact.endpoint, "transferred": fact.transferred},
            )
        case OutgoingAllowed():
            return ("", fact.operator, {"number": fact.number, "contact": fact.contact})
        case _:
            assert_never(fact)


def read(kind: str, version: int, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a line in today's form; a line of a later version stays as it is.

    Args:
        kind: one of `KINDS`, or what a later version wrote.
        version: the version of its form.
        data: the line's `data` as it is stored.
    """
    if version > VERSION:
        return dict(data)
    said = dict(data)
    for name, meant in _ADDED.get(kind, {}).items():
        said.setdefault(name, meant)
    if isinstance(reason := said.get("reason"), dict):
        said["reason"] = reason | {name: reason.get(name, meant) for name, meant in _ADDED_TO_REASON.items()}
    return said


def _arrived(fact: CallArrived) -> dict[str, Any]:
    """`data` of an arrival; the call's row has the time."""
    return {
        "queue": fact.queue,
        "caller_number": fact.caller_number,
        "caller_name": fact.caller_name,
        "dialed": fact.dialed,
        "channel_name": fact.channel_name,
        "language": fact.language,
        "skills": fact.skills,
        "priority": fact.priority,
        "campaign": fact.campaign,
        "caller_sent": fact.caller_sent,
        "number_withheld": fact.number_withheld,
        "internal": fact.internal,
    }


def _offered(fact: OfferMade) -> dict[str, Any]:
    return {
        "offer": fact.offer,
        "endpoint": fact.endpoint,
        "queue": fact.queue,
        "reason": _reason(fact.reason),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "rule": reason.rule.value,
        "level": reason.level,
        "skills": reason.skills,
        "idle_s": reason.idle_s,
        "waited_s": reason.waited_s,
        "urgency": reason.urgency,
        "idle_operators": reason.idle_operators,
        "waiting_calls": reason.waiting_calls,
        "kept_operators": reason.kept_operators,
    }


def _transferred(fact: CallTransferred) -> dict[str, Any]:
    return {
        "kind": fact.kind.value,
        "from_operator": fact.from_operator,
        "to_operator": fact.to_operator,
        "target": fact.target,
    }


def _began(fact: OutgoingBegan) -> dict[str, Any]:
    """`data` of a begun call; the call's row has the time."""
    return {
        "endpoint": fact.endpoint,
        "number": fact.number,
        "channel_name": fact.channel_name,
        "transferred": fact.transferred,
    }


def _ended(record: CallRecord) -> dict[str, Any]:
    """`data` of an end; the call's row has the whole record."""
    return {
        "outcome": record.outcome.value,
        "duration_s": record.duration_s,
        "hangup_cause": record.cause,
        "hangup_text": record.cause_text,
    }
