"""Facts as the floor gives them, for tests and benchmarks of the journal."""

from datetime import UTC, datetime, timedelta

from app.domain.calls import CallOutcome, EndedBy, OfferOutcome, Reason, Rule
from app.domain.ids import CallId, ChannelId, ContactId, OfferId, OperatorId, QueueId
from app.domain.now import Now
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.facts import (
    CallAnswered,
    CallArrived,
    CallEnded,
    CallerKnown,
    CallQueued,
    CallRecord,
    Fact,
    LegRecord,
    OfferEnded,
    OfferMade,
    OfferRang,
    OperatorChanged,
    StepResult,
)

DAWN = datetime(2025, 6, 2, 6, 0, tzinfo=UTC)
SALES = QueueId("sales")
CALLER = "+37255500123"


def at(second: float) -> Now:
    """A moment, so many seconds after dawn; all of it is past, however short this machine has been up."""
    return Now(second - 1e6, DAWN + timedelta(seconds=second))


def step(second: float, *facts: Fact) -> StepResult:
    """A step of the floor."""
    return StepResult(at(second), [], list(facts))


def operator_changed(
    operator: int,
    routing: RoutingState = RoutingState.IDLE,
    *,
    call: str | None = None,
    presence: Presence = Presence.AVAILABLE,
    cause: str = "operator",
) -> OperatorChanged:
    """An operator's state."""
    return OperatorChanged(
        OperatorId(operator),
        presence,
        break_reason="",
        routing=routing,
        device=DeviceState.REGISTERED,
        call=CallId(call) if call else None,
        pending=None,
        cause=cause,
    )


def call_arrived(call: str, arrived: float = 0.0) -> CallArrived:
    """A call from `CALLER` in Russian."""
    return CallArrived(
        CallId(call),
        SALES,
        caller_number=CALLER,
        caller_name="Mari",
        dialed="6001000",
        channel_name="PJSIP/trunk-00000001",
        language="ru",
        skills=("lang:ru",),
        priority=5,
        arrived_at=at(arrived).wall,
    )


def call_record(
    call: str, arrived: float, ended: float, *, operator: int | None, contact: int | None = None
) -> CallRecord:
    """A call answered 4 s after it arrived, or abandoned when there is no operator."""
    answered = at(arrived + 4).wall if operator is not None else None
    leg = LegRecord(
        OperatorId(operator) if operator is not None else None,
        "op-1",
        channel=ChannelId(f"{call}-leg"),
        began_at=at(arrived + 1).wall,
        rang_s=3.0,
        answered_at=answered,
        talked_s=ended - arrived - 4,
        held_s=0.0,
        ended_at=at(ended).wall,
        outcome=OfferOutcome.ACCEPTED,
    )
    return CallRecord(
        CallId(call),
        ChannelId(call),
        channel_name="PJSIP/trunk-00000001",
        caller_number=CALLER,
        caller_name="Mari",
        contact=ContactId(contact) if contact is not None else None,
        dialed="6001000",
        first_queue=SALES,
        queue=SALES,
        arrived_at=at(arrived).wall,
        answered_at=answered,
        ended_at=at(ended).wall,
        waited_s=4.0 if operator is not None else ended - arrived,
        rang_s=3.0 if operator is not None else 0.0,
        talked_s=ended - arrived - 4 if operator is not None else 0.0,
        held_s=0.0,
        duration_s=ended - arrived,
        operator=OperatorId(operator) if operator is not None else None,
        outcome=CallOutcome.ANSWERED if operator is not None else CallOutcome.ABANDONED,
        ended_by=EndedBy.CALLER,
        cause=16,
        cause_text="Normal Clearing",
        legs=(leg,) if operator is not None else (),
        language="ru",
        skills=("lang:ru",),
        priority=5,
    )


def call_story(
    call: str, arrived: float = 0.0, operator: int = 7, contact: int | None = 3
) -> list[StepResult]:
    """A call offered to an operator, answered after 4 s, ended after 64 s; wrap-up follows."""
    id_, who, offer = CallId(call), OperatorId(operator), OfferId(1)
    reason = Reason(
        Rule.LONGEST_IDLE,
        1,
        skills=("lang:ru",),
        idle_s=12.5,
        waited_s=0.5,
        urgency=0.025,
        idle_operators=3,
        waiting_calls=1,
    )
    known = ContactId(contact) if contact is not None else None
    matches = (known,) if known is not None else ()
    return [
        step(arrived, call_arrived(call, arrived), CallQueued(id_, SALES, "arrived")),
        step(
            arrived + 1,
            CallerKnown(id_, "Иванова Анна", known, matches, "lookup"),
            OfferMade(id_, offer, operator=who, endpoint="op-1", queue=SALES, reason=reason),
            operator_changed(operator, RoutingState.RESERVED, call=call, cause="offer"),
        ),
        step(
            arrived + 2,
            OfferRang(id_, offer, who, ChannelId(f"{call}-leg")),
            operator_changed(operator, RoutingState.RINGING, call=call, cause="ringing"),
        ),
        step(
            arrived + 4,
            OfferEnded(id_, offer, who, OfferOutcome.ACCEPTED, "answered"),
            CallAnswered(id_, who, ChannelId(f"{call}-leg"), 4.0, "offer"),
            operator_changed(operator, RoutingState.TALKING, call=call, cause="answered"),
        ),
        step(
            arrived + 64,
            CallEnded(id_, call_record(call, arrived, arrived + 64, operator=operator, contact=contact)),
            operator_changed(operator, RoutingState.WRAP_UP, cause="call_ended"),
        ),
    ]
