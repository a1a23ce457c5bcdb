"""Facts to rows: what the journal writes for each fact. No I/O.

A row's key is given here, once, when its fact is taken from the journal's queue. So a batch may be written
again when it is not known whether it was committed, and nothing is there twice.

`seq`, in `call_event` and `operator_state`, is the wall clock in microseconds, moved on where it would
stand still or go back. So a call that the next process takes over goes on with larger numbers, and nothing
has to be read back first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, assert_never

from app.domain.calls import Direction
from app.domain.ids import CallId, CampaignId, ContactId, OperatorId
from app.domain.now import Now
from app.floor.facts import (
    AttemptDisposed,
    AttemptEnded,
    CallAnswered,
    CallArrived,
    CallEnded,
    CallerKnown,
    CallerLookedUp,
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
    PersonActed,
    Reconciled,
    StepResult,
)
from app.floor.outgoing.state import NO_QUEUE
from app.records.stream import acted_event, attempt_event, ended_event, presence_event
from app.records.tables import CallSource
from app.records.timeline import KINDS, VERSION, CallFact, line_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_REMOVED = "operator_removed"

Rows = list[dict[str, Any]]


class _OpenInterval(NamedTuple):
    seq: int
    since_s: float
    presence: tuple[str, str]
    """The presence, and the reason of a break."""


@dataclass(slots=True)
class Batch:
    """Rows for one commit, by statement. Each list or dict is written with one statement."""

    arrived: dict[CallId, dict[str, Any]] = field(default_factory=dict)
    """Calls that have not ended within the batch: inserted if not there."""
    ended: dict[CallId, dict[str, Any]] = field(default_factory=dict)
    """Calls that are over: inserted, or completed if there."""
    contacts: dict[CallId, dict[str, Any]] = field(default_factory=dict)
    """Contacts of calls that go on."""
    legs: Rows = field(default_factory=list)
    events: Rows = field(default_factory=list)
    intervals: Rows = field(default_factory=list)
    closings: Rows = field(default_factory=list)
    """Ends of intervals that began in an earlier batch."""
    served: dict[ContactId, dict[str, Any]] = field(default_factory=dict)
    stream: Rows = field(default_factory=list)
    """Rows of the stream of events."""
    facts: int = 0
    oldest: Now | None = None


class Unmapped(NamedTuple):
    """A fact that could not be made rows."""

    fact: Fact
    at: Now
    error: Exception


class Mapper:
    """Makes batches of outcomes, in the order they are given."""

    def __init__(self) -> None:
        self.unmapped: list[Unmapped] = []
        """Facts that met a fault, until the caller takes them out; all others are in their batches."""
        self._seq = 0
        self._open: dict[OperatorId, _OpenInterval] = {}

    def batch(self, outcomes: Iterable[StepResult]) -> Batch:
        """The rows of these outcomes. Call it once for each outcome, in order."""
        batch = Batch()
        fresh: dict[OperatorId, dict[str, Any]] = {}
        for outcome in outcomes:
            at = outcome.at
            batch.oldest = batch.oldest or at
            batch.facts += len(outcome.facts)
            for fact in outcome.facts:
                try:
                    self._fact(batch, fresh, fact, at)
                except Exception as error:  # noqa: BLE001 - reported by whoever takes it out
                    self.unmapped.append(Unmapped(fact, at, error))
        return batch

    def _fact(self, batch: Batch, fresh: dict[OperatorId, dict[str, Any]], fact: Fact, at: Now) -> None:
        match fact:
            case OperatorChanged():
                self._operator_changed(batch, fresh, fact, at)
            case (
                CallArrived()
                | CallQueued()
                | CallerKnown()
                | OfferMade()
                | OfferRang()
                | OfferEnded()
                | CallAnswered()
                | CallHeld()
                | CallResumed()
                | CallTransferred()
                | CallParked()
                | CallLeaving()
                | CallEnded()
                | OutgoingBegan()
                | OutgoingRefused()
                | OutgoingAllowed()
                | OutgoingAnswered()
                | OutgoingEnded()
                | InternalEnded()
            ):
                self._call_fact(batch, fact, at)
            case PersonActed():
                batch.stream.append(acted_event(fact, at.wall, self._next_seq(at.wall)))
            case OperatorGone():
                self._close(batch, fresh, fact.operator, at, _REMOVED)
            case AttemptEnded():
                batch.stream.append(attempt_event(fact, at.wall))
            case (
                FaultSeen()
                | Reconciled()
                | CallerLookedUp()
                | AttemptDisposed()
                | CustomerOptedOut()
                | PacingDecided()
                | OutgoingAlarm()
            ):
                pass  # no part of any call's record
            case _:
                assert_never(fact)

    def _next_seq(self, at: datetime) -> int:
        self._seq = max(self._seq + 1, (at - _EPOCH) // _MICROSECOND)
        return self._seq

    def _call_fact(self, batch: Batch, fact: CallFact, at: Now) -> None:
        match fact:
            case CallEnded() | OutgoingEnded() | InternalEnded():
                _call_ended(batch, fact.record)
                batch.stream.append(ended_event(fact.record, record_direction(fact.record), at.wall))
            case CallArrived():
                batch.arrived.setdefault(fact.call, _arrival(fact))
            case OutgoingBegan():
                batch.arrived.setdefault(fact.call, _beginning(fact))
            case CallerKnown() | OutgoingAllowed() if fact.contact is not None:
                _contact_known(batch, fact.call, fact.contact)
        cause, operator, data = line_of(fact)
        batch.events.append(
            {
                "call_id": fact.call,
                "seq": self._next_seq(at.wall),
                "at": at.wall,
                "kind": KINDS[type(fact)],
                "version": VERSION,
                "cause": cause,
                "operator_id": operator,
                "data": data,
            }
        )

    def _operator_changed(
        self, batch: Batch, fresh: dict[OperatorId, dict[str, Any]], fact: OperatorChanged, at: Now
    ) -> None:
        before = self._open.get(fact.operator)
        self._close(batch, fresh, fact.operator, at, fact.cause)
        seq, presence = self._next_seq(at.wall), (fact.presence.value, fact.break_reason)
        if before is not None and before.presence != presence:
            batch.stream.append(presence_event(fact, before.presence, at.wall, seq))
        row = {
            "operator_id": fact.operator,
            "seq": seq,
            "from_at": at.wall,
            "to_at": None,
            "duration_s": None,
            "presence": fact.presence.value,
            "break_reason": fact.break_reason,
            "routing": fact.routing.value,
            "device": fact.device.value,
            "call_id": fact.call,
            "pending": fact.pending.value if fact.pending else None,
            "cause": fact.cause,
            "end_cause": "",
        }
        batch.intervals.append(row)
        fresh[fact.operator] = row
        self._open[fact.operator] = _OpenInterval(seq, at.mono_s, presence)

    def _close(
        self,
        batch: Batch,
        fresh: dict[OperatorId, dict[str, Any]],
        operator: OperatorId,
        at: Now,
        cause: str,
    ) -> None:
        interval = self._open.pop(operator, None)
        if interval is None:
            return
        duration_s = at.mono_s - interval.since_s
        row = fresh.pop(operator, None)
        if row is not None:
            row["to_at"], row["duration_s"], row["end_cause"] = at.wall, duration_s, cause
        else:
            batch.closings.append(
                {
                    "b_operator_id": operator,
                    "b_seq": interval.seq,
                    "b_to_at": at.wall,
                    "b_duration_s": duration_s,
                    "b_end_cause": cause,
                }
            )


def _arrival(fact: CallArrived) -> dict[str, Any]:
    return {
        "id": fact.call,
        "channel": fact.call,
        "channel_name": fact.channel_name,
        "caller_number": fact.caller_number,
        "caller_sent": fact.caller_sent,
        "number_withheld": fact.number_withheld,
        "caller_name": fact.caller_name,
        "contact_id": None,
        "dialed": fact.dialed,
        "language": fact.language,
        "skills": fact.skills,
        "priority": fact.priority,
        "first_queue": fact.queue,
        "queue": fact.queue,
        "arrived_at": fact.arrived_at,
        "answered_at": None,
        "ended_at": None,
        "waited_s": 0.0,
        "rang_s": 0.0,
        "talked_s": 0.0,
        "held_s": 0.0,
        "duration_s": 0.0,
        "operator_id": None,
        "outcome": None,
        "ended_by": None,
        "hangup_cause": None,
        "hangup_text": "",
        "source": CallSource.HEARD.value,
        "campaign_id": fact.campaign,
        "direction": _direction(fact.campaign, internal=fact.internal).value,
        "refused_by": "",
        "cost": None,
        "caller_operator_id": None,
    }


def _beginning(fact: OutgoingBegan) -> dict[str, Any]:
    """An operator's call as an open row."""
    nobody = CallArrived(
        call=fact.call,
        queue=NO_QUEUE,
        caller_number=fact.number,
        caller_name="",
        dialed=fact.number,
        channel_name=fact.channel_name,
        language="",
        skills=(),
        priority=0,
        arrived_at=fact.began_at,
    )
    return _arrival(nobody) | {"operator_id": fact.operator, "direction": Direction.OPERATOR.value}


def _direction(campaign: CampaignId | None, *, internal: bool = False) -> Direction:
    if internal:
        return Direction.INTERNAL
    return Direction.INBOUND if campaign is None else Direction.OUTBOUND


def record_direction(record: CallRecord) -> Direction:
    """The direction of a call, by its record."""
    return record.direction or _direction(record.campaign)


def _contact_known(batch: Batch, call: CallId, contact: ContactId) -> None:
    arrival = batch.arrived.get(call)
    if arrival is not None:
        arrival["contact_id"] = contact
    else:
        batch.contacts[call] = {"b_id": call, "b_contact_id": contact}


def _call_ended(batch: Batch, record: CallRecord) -> None:
    batch.arrived.pop(record.call, None)
    batch.contacts.pop(record.call, None)
    batch.ended[record.call] = call_row(record)
    batch.legs.extend(leg_rows(record))
    if record.contact is not None and record.operator is not None and record.answered_at is not None:
        batch.served[record.contact] = {
            "b_contact_id": record.contact,
            "b_operator_id": record.operator,
            "b_at": record.ended_at,
        }


def call_row(record: CallRecord) -> dict[str, Any]:
    """A call's row, every column."""
    return {
        "id": record.call,
        "channel": record.channel,
        "channel_name": record.channel_name,
        "caller_number": record.caller_number,
        "caller_sent": record.caller_sent,
        "number_withheld": record.number_withheld,
        "caller_name": record.caller_name,
        "contact_id": record.contact,
        "dialed": record.dialed,
        "language": record.language,
        "skills": record.skills,
        "priority": record.priority,
        "first_queue": record.first_queue,
        "queue": record.queue,
        "arrived_at": record.arrived_at,
        "answered_at": record.answered_at,
        "ended_at": record.ended_at,
        "waited_s": record.waited_s,
        "rang_s": record.rang_s,
        "talked_s": record.talked_s,
        "held_s": record.held_s,
        "duration_s": record.duration_s,
        "operator_id": record.operator,
        "outcome": record.outcome.value,
        "ended_by": record.ended_by.value,
        "hangup_cause": record.cause,
        "hangup_text": record.cause_text,
        "source": (CallSource.UNHEARD if record.unheard else CallSource.HEARD).value,
        "campaign_id": record.campaign,
        "direction": record_direction(record).value,
        "refused_by": record.refused_by,
        "cost": record.cost,
        "caller_operator_id": record.caller_operator,
    }


def leg_rows(record: CallRecord) -> Rows:
    """The rows of a call's legs, every column."""
    return [
        {
            "call_id": record.call,
            "number": number,
            "operator_id": leg.operator,
            "endpoint": leg.endpoint,
            "channel": leg.channel,
            "began_at": leg.began_at,
            "answered_at": leg.answered_at,
            "ended_at": leg.ended_at,
            "rang_s": leg.rang_s,
            "talked_s": leg.talked_s,
            "held_s": leg.held_s,
            "outcome": leg.outcome.value if leg.outcome else None,
            "phone_lost": leg.phone_lost,
        }
        for number, leg in enumerate(record.legs)
    ]
