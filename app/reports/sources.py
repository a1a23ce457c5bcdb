"""What each figure counts: the rows it takes, and what it adds of each. SQL that decides nothing else.

A figure's number and the list of its rows come from the same condition, so they cannot differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    String,
    and_,
    cast,
    func,
    literal,
    or_,
    true,
    type_coerce,
)

from app.crm.attempts.tables import AttemptRow
from app.crm.complaints.tables import ComplaintRow
from app.crm.dispositions.tables import DispositionRow
from app.crm.orders.states import OrderState
from app.crm.orders.tables import OrderRow
from app.crm.queues.tables import QueueRow
from app.domain.calls import CallOutcome, Direction, OfferOutcome
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import QueueId
from app.domain.operators import Presence, RoutingState
from app.domain.queues import QueueSettings
from app.records.base import table_of
from app.records.tables import CallLegRow, CallRow, OperatorStateRow
from app.reports.formulas import DIALS, OFFERS, OUTCOMES, TIMES, WAIT_BANDS, WAITS_S, Subject
from app.reports.periods import Part

Condition = ColumnElement[bool]
_CALL, _LEG, _STATE, _QUEUE = (table_of(row) for row in (CallRow, CallLegRow, OperatorStateRow, QueueRow))
_ATTEMPT, _DISPOSITION = table_of(AttemptRow), table_of(DispositionRow)
_ORDER, _COMPLAINT = table_of(OrderRow), table_of(ComplaintRow)


class By(StrEnum):
    """What groups are told apart by."""

    QUEUE = "queue"
    OPERATOR = "operator"
    CAMPAIGN = "campaign"
    DISPOSITION = "disposition"
    REASON = "reason"
    """The reason of a break; empty for all time that is no break."""
    STATE = "state"
    CATEGORY = "category"
    QUARTER = Part.QUARTER.value
    HALF_HOUR = Part.HALF_HOUR.value
    HOUR = Part.HOUR.value
    DAY = Part.DAY.value
    HOUR_OF_WEEK = Part.HOUR_OF_WEEK.value


@dataclass(slots=True, frozen=True)
class Measure:
    """A plain figure."""

    where: Condition
    """The rows that it takes."""
    value: Any = None
    """What it adds of each row; None: it counts rows."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Source:
    """Rows of one kind, and the figures that they give."""

    subject: Subject
    tables: FromClause
    at: Any
    """When a row counts."""
    ends: Any = None
    """Until when a row lasts; None: a row is a moment."""
    base: Sequence[Condition]
    key: Any
    """A text that is another for each row."""
    groups: Mapping[By, Any]
    measures: Mapping[str, Measure]
    shows: Mapping[str, Any] = field(default_factory=dict)
    """What is told of a row: `call`, `state`, `queue`, `operator`, `campaign`, `contact`."""


def _outcome_is(column: Any, *values: StrEnum) -> Condition:
    found: Condition = column.in_([value.value for value in values])
    return found


def _partition(names: Sequence[str], known: Sequence[Condition]) -> dict[str, Measure]:
    """Figures of which each row is in one: the conditions in their order, and the last for all that is left."""
    measures = {name: Measure(condition) for name, condition in zip(names, known, strict=False)}
    measures[names[-1]] = Measure(and_(*(func.coalesce(condition, False).is_(False) for condition in known)))
    return measures


_waited = _CALL.c.waited_s
_ANSWERED = _outcome_is(_CALL.c.outcome, CallOutcome.ANSWERED)
_ABANDONED = _outcome_is(_CALL.c.outcome, CallOutcome.ABANDONED)
USUAL_TARGET_S: Final = QueueSettings(QueueId(""), "").target_s
_IN_TARGET: Final = _waited <= func.coalesce(_QUEUE.c.target_s, literal(USUAL_TARGET_S))
_BOUNDS = (0.0, *(float(bound) for bound in WAITS_S))

CALLS: Final = Source(
    subject=Subject.CALLS,
    tables=_CALL.outerjoin(_QUEUE, _QUEUE.c.id == _CALL.c.queue),
    at=_CALL.c.arrived_at,
    base=(
        _CALL.c.direction == Direction.INBOUND.value,
        _CALL.c.ended_at.is_not(None),
        _CALL.c.queue != "",
        func.coalesce(_CALL.c.outcome, "") != CallOutcome.HANDED_OVER.value,
    ),
    key=_CALL.c.id,
    groups={By.QUEUE: _CALL.c.queue, By.OPERATOR: _CALL.c.operator_id},
    measures={
        "offered": Measure(true()),
        **_partition(
            OUTCOMES,
            [
                _ANSWERED,
                _ABANDONED,
                _outcome_is(_CALL.c.outcome, CallOutcome.MAX_WAIT),
                _outcome_is(_CALL.c.outcome, CallOutcome.TURNED_AWAY),
                _outcome_is(_CALL.c.outcome, CallOutcome.LOST),
            ],
        ),
        "answered_in_target": Measure(and_(_ANSWERED, _IN_TARGET)),
        "abandoned_in_target": Measure(and_(_ABANDONED, _IN_TARGET)),
        **_partition(
            WAIT_BANDS,
            [and_(*((_waited > low,) if low else ()), _waited <= high) for low, high in pairwise(_BOUNDS)],
        ),
        "wait_s": Measure(true(), _waited),
        "answered_wait_s": Measure(_ANSWERED, _waited),
        "abandoned_wait_s": Measure(_ABANDONED, _waited),
        "longest_wait_s": Measure(true(), _waited),
        "talk_s": Measure(_ANSWERED, _CALL.c.talked_s),
        "hold_s": Measure(_ANSWERED, _CALL.c.held_s),
    },
    shows={
        "call": _CALL.c.id,
        "state": _CALL.c.outcome,
        "queue": _CALL.c.queue,
        "operator": _CALL.c.operator_id,
        "contact": _CALL.c.contact_id,
    },
)

_ROUTING = {
    "ringing_s": (RoutingState.RESERVED, RoutingState.RINGING),
    "talking_s": (RoutingState.TALKING,),
    "on_hold_s": (RoutingState.ON_HOLD,),
    "wrap_up_s": (RoutingState.WRAP_UP,),
    "previewing_s": (RoutingState.PREVIEWING,),
}
_BUSY = _outcome_is(_STATE.c.routing, *(state for states in _ROUTING.values() for state in states))
_BREAK = and_(_STATE.c.presence == Presence.ON_BREAK.value, ~_BUSY)
_TIME: Final[Mapping[str, Condition]] = {
    "logged_in_s": true(),
    "idle_s": and_(~_BUSY, ~_BREAK),
    **{name: _outcome_is(_STATE.c.routing, *states) for name, states in _ROUTING.items()},
    "break_s": _BREAK,
}
assert set(_TIME) == {"logged_in_s", *TIMES}

STATES: Final = Source(
    subject=Subject.OPERATORS,
    tables=_STATE,
    at=_STATE.c.from_at,
    ends=_STATE.c.to_at,
    base=(or_(_STATE.c.presence != Presence.OFFLINE.value, _BUSY),),  # a talk may outlast going offline
    key=cast(_STATE.c.operator_id, String).concat("-").concat(cast(_STATE.c.seq, String)),
    groups={By.OPERATOR: _STATE.c.operator_id, By.REASON: _STATE.c.break_reason},
    measures={name: Measure(condition) for name, condition in _TIME.items()},
    shows={
        "call": _STATE.c.call_id,
        "state": _STATE.c.routing,
        "operator": _STATE.c.operator_id,
        "reason": _STATE.c.break_reason,
    },
)
LEGS: Final = Source(
    subject=Subject.OPERATORS,
    tables=_LEG.join(_CALL, _CALL.c.id == _LEG.c.call_id),
    at=_LEG.c.began_at,
    base=(_LEG.c.outcome.is_not(None), _LEG.c.operator_id.is_not(None)),
    key=_LEG.c.call_id.concat("-").concat(cast(_LEG.c.number, String)),
    groups={By.OPERATOR: _LEG.c.operator_id},
    measures={
        "offers": Measure(true()),
        **_partition(
            OFFERS,
            [
                _outcome_is(_LEG.c.outcome, OfferOutcome.ACCEPTED),
                _outcome_is(_LEG.c.outcome, OfferOutcome.REJECTED),
                _outcome_is(_LEG.c.outcome, OfferOutcome.TIMED_OUT),
                _outcome_is(_LEG.c.outcome, OfferOutcome.CANCELLED),
            ],
        ),
    },
    shows={
        "call": _LEG.c.call_id,
        "state": _LEG.c.outcome,
        "queue": _CALL.c.queue,
        "operator": _LEG.c.operator_id,
        "contact": _CALL.c.contact_id,
    },
)

_DIALS: Final = (
    (AttemptOutcome.ANSWERED,),
    (AttemptOutcome.ABANDONED,),
    (AttemptOutcome.HUNG_UP,),
    (AttemptOutcome.MACHINE,),
    (AttemptOutcome.BUSY,),
    (AttemptOutcome.NO_ANSWER,),
    (AttemptOutcome.WRONG_NUMBER,),
    (AttemptOutcome.FAILED, AttemptOutcome.REFUSED),
    (AttemptOutcome.WITHDRAWN,),
    (AttemptOutcome.UNKNOWN,),
)
_CAME_OUT = [_outcome_is(_ATTEMPT.c.outcome, *outcomes) for outcomes in _DIALS]
ATTEMPTS: Final = Source(
    subject=Subject.ATTEMPTS,
    tables=_ATTEMPT.outerjoin(_DISPOSITION, _DISPOSITION.c.id == _ATTEMPT.c.disposition_id),
    at=_ATTEMPT.c.placed_at,
    base=(),
    key=_ATTEMPT.c.id,
    groups={
        By.CAMPAIGN: _ATTEMPT.c.campaign_id,
        By.OPERATOR: _ATTEMPT.c.operator_id,
        By.DISPOSITION: _ATTEMPT.c.disposition_id,
        By.STATE: _ATTEMPT.c.outcome,
    },
    measures={
        "placed": Measure(true()),
        **_partition(DIALS, _CAME_OUT),
        "reached": Measure(_outcome_is(_ATTEMPT.c.outcome, *(one for part in _DIALS[:3] for one in part))),
        "talked": Measure(_ATTEMPT.c.connected_at.is_not(None)),
        "sales": Measure(_DISPOSITION.c.sale.is_(True)),
        "do_not_call": Measure(_DISPOSITION.c.do_not_call.is_(True)),
        "callbacks": Measure(_DISPOSITION.c.callback.is_(True)),
        "undisposed": Measure(and_(_ATTEMPT.c.operator_id.is_not(None), _ATTEMPT.c.disposition_id.is_(None))),
    },
    shows={
        "call": _ATTEMPT.c.call_id,
        "state": _ATTEMPT.c.outcome,
        "operator": _ATTEMPT.c.operator_id,
        "campaign": _ATTEMPT.c.campaign_id,
        "contact": _ATTEMPT.c.contact_id,
    },
)

_KEPT = ~_outcome_is(_ORDER.c.state, OrderState.CANCELLED)
ORDERS: Final = Source(
    subject=Subject.ORDERS,
    tables=_ORDER,
    at=_ORDER.c.placed_at,
    base=(_ORDER.c.placed_at.is_not(None),),
    key=cast(_ORDER.c.id, String),
    groups={By.OPERATOR: _ORDER.c.user_id, By.QUEUE: _ORDER.c.queue, By.STATE: _ORDER.c.state},
    measures={
        "placed": Measure(true()),
        "cancelled": Measure(_outcome_is(_ORDER.c.state, OrderState.CANCELLED)),
        "returned": Measure(_outcome_is(_ORDER.c.state, OrderState.RETURNED)),
        "net": Measure(_KEPT, type_coerce(_ORDER.c.net, BigInteger)),
        "gross": Measure(_KEPT, type_coerce(_ORDER.c.gross, BigInteger)),
    },
    shows={
        "call": _ORDER.c.call_id,
        "state": _ORDER.c.state,
        "queue": _ORDER.c.queue,
        "operator": _ORDER.c.user_id,
        "contact": _ORDER.c.contact_id,
    },
)
MONEY: Final = frozenset({"net", "gross"})
"""Figures in millionths of the unit of prices."""

_SOLVED, _REJECTED = _COMPLAINT.c.state == "solved", _COMPLAINT.c.state == "rejected"
COMPLAINTS: Final = Source(
    subject=Subject.COMPLAINTS,
    tables=_COMPLAINT,
    at=_COMPLAINT.c.opened_at,
    base=(),
    key=cast(_COMPLAINT.c.id, String),
    groups={
        By.CATEGORY: _COMPLAINT.c.category,
        By.OPERATOR: _COMPLAINT.c.opened_by,
        By.STATE: _COMPLAINT.c.state,
    },
    measures={
        "opened": Measure(true()),
        **_partition(("solved", "rejected", "unsolved"), [_SOLVED, _REJECTED]),
    },
    shows={
        "call": _COMPLAINT.c.call_id,
        "state": _COMPLAINT.c.state,
        "operator": _COMPLAINT.c.opened_by,
        "contact": _COMPLAINT.c.contact_id,
    },
)

SOURCES: Final[Mapping[Subject, Sequence[Source]]] = {
    Subject.CALLS: (CALLS,),
    Subject.OPERATORS: (STATES, LEGS),
    Subject.ATTEMPTS: (ATTEMPTS,),
    Subject.ORDERS: (ORDERS,),
    Subject.COMPLAINTS: (COMPLAINTS,),
}


def names_of(subject: Subject) -> list[str]:
    """The plain figures of a report, in their order."""
    return [name for source in SOURCES[subject] for name in source.measures]
