"""Makes events of the stream from what the floor did. No I/O.

Each event has a key, so that a batch that is written again adds no event twice.
"""

from datetime import datetime
from typing import Any, Final

from app.domain.actors import SERVICE, Actor
from app.domain.calls import Direction
from app.floor.facts import AttemptEnded, CallRecord, OperatorChanged, PersonActed

_VERSION: Final = 1


def ended_event(record: CallRecord, direction: Direction, at: datetime) -> dict[str, Any]:
    """The event of a call's end: enough to know whether to ask for its record."""
    after = {
        "direction": direction.value,
        "outcome": record.outcome.value,
        "queue": record.queue,
        "operator": record.operator,
        "contact": record.contact,
        "campaign": record.campaign,
        "waited_s": round(record.waited_s, 1),
        "talked_s": round(record.talked_s, 1),
    }
    return _who(SERVICE) | {
        "at": at,
        "kind": "call.ended",
        "version": _VERSION,
        "subject": "call",
        "subject_id": record.call,
        "contact_id": record.contact,
        "before": None,
        "after": {name: value for name, value in after.items() if value is not None},
        "key": f"call.ended:{record.call}",
    }


def attempt_event(fact: AttemptEnded, at: datetime) -> dict[str, Any]:
    """The event of an attempt's end."""
    after = {
        "campaign": fact.campaign,
        "lead": fact.lead,
        "outcome": fact.outcome.value,
        "call": fact.call,
        "operator": fact.operator,
        "rang_s": round(fact.rang_s, 1),
    }
    return _who(SERVICE) | {
        "at": at,
        "kind": "attempt.ended",
        "version": _VERSION,
        "subject": "attempt",
        "subject_id": fact.attempt,
        "contact_id": None,
        "before": None,
        "after": {name: value for name, value in after.items() if value is not None},
        "key": f"attempt.ended:{fact.attempt}",
    }


def presence_event(fact: OperatorChanged, before: tuple[str, str], at: datetime, seq: int) -> dict[str, Any]:
    """The event of an operator's presence that changed; `seq` makes its key unique.

    Args:
        fact: the operator's state after the change.
        before: the presence and the reason of the break before it.
        at: when it changed.
        seq: of the interval on record.
    """
    return _who(SERVICE) | {
        "at": at,
        "kind": "operator.presence_changed",
        "version": _VERSION,
        "subject": "operator",
        "subject_id": str(fact.operator),
        "contact_id": None,
        "before": _presence(*before),
        "after": _presence(fact.presence.value, fact.break_reason) | {"cause": fact.cause},
        "key": f"operator.presence_changed:{fact.operator}:{seq}",
    }


def _presence(presence: str, break_reason: str) -> dict[str, Any]:
    return {"presence": presence} | ({"break_reason": break_reason} if break_reason else {})


def acted_event(fact: PersonActed, at: datetime, seq: int) -> dict[str, Any]:
    """The event of a person's action on the floor; `seq` makes its key unique."""
    kind = f"{fact.subject}.{fact.what}"
    return _who(fact.actor) | {
        "at": at,
        "kind": kind,
        "version": _VERSION,
        "subject": fact.subject,
        "subject_id": fact.id,
        "contact_id": fact.contact,
        "before": None,
        "after": dict(fact.after),
        "key": f"{kind}:{seq}",
    }


def _who(actor: Actor) -> dict[str, Any]:
    return {
        "actor": actor.kind.value,
        "user_id": actor.user,
        "actor_name": actor.name,
        "request_id": actor.request,
    }
