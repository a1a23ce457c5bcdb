"""One fact of every kind in a call's timeline, with every name set."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from app.compliance.outgoing import OutgoingRule
from app.domain.calls import CallOutcome, EndedBy, OfferOutcome, Reason, Rule, TransferKind
from app.domain.ids import CallId, CampaignId, ChannelId, ContactId, OfferId, OperatorId, QueueId
from app.floor.facts import (
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
    InternalEnded,
    OfferEnded,
    OfferMade,
    OfferRang,
    OutgoingAllowed,
    OutgoingAnswered,
    OutgoingBegan,
    OutgoingEnded,
    OutgoingRefused,
)
from app.records.mapping import Mapper
from app.records.timeline import KINDS, VERSION, CallFact, read
from tests.records.stories import at, step
from tests.stored.form import Form

CALL, OTHER = CallId("1780000000.1"), CallId("1780000000.2")
LEG = ChannelId("1780000001.3")
SALES = QueueId("sales")
MARI, JURI = OperatorId(7), OperatorId(8)
ANNA = ContactId(3)
CUSTOMER = "+37255500123"


def record(call: CallId, outcome: CallOutcome, ended_by: EndedBy) -> CallRecord:
    """The record of a call of one minute."""
    return CallRecord(
        call=call,
        channel=ChannelId(call),
        channel_name="PJSIP/trunk-00000001",
        caller_number=CUSTOMER,
        caller_name="Anna",
        contact=ANNA,
        dialed="+3726001000",
        first_queue=SALES,
        queue=SALES,
        arrived_at=at(0).wall,
        answered_at=at(4).wall,
        ended_at=at(64).wall,
        waited_s=4.0,
        rang_s=3.0,
        talked_s=60.0,
        held_s=10.5,
        duration_s=64.0,
        operator=MARI,
        outcome=outcome,
        ended_by=ended_by,
        cause=16,
        cause_text="Normal Clearing",
        legs=(),
    )


REASON = Reason(
    rule=Rule.LONGEST_IDLE,
    level=1,
    skills=("lang:ru",),
    idle_s=12.5,
    waited_s=0.5,
    urgency=0.025,
    idle_operators=3,
    waiting_calls=2,
    kept_operators=1,
)
FACTS: Sequence[CallFact] = [
    CallArrived(
        call=CALL,
        queue=SALES,
        caller_number=CUSTOMER,
        caller_name="Anna",
        dialed="+3726001000",
        channel_name="PJSIP/trunk-00000001",
        language="ru",
        skills=("lang:ru",),
        priority=5,
        arrived_at=at(0).wall,
        campaign=CampaignId(4),
        caller_sent="55500123",
        number_withheld=True,
        internal=True,
    ),
    CallQueued(call=CALL, queue=SALES, cause="arrived"),
    CallerKnown(call=CALL, name="Иванова Анна", contact=ANNA, matches=(ANNA, ContactId(9)), cause="lookup"),
    OfferMade(call=CALL, offer=OfferId(5), operator=MARI, endpoint="op-mari", queue=SALES, reason=REASON),
    OfferRang(call=CALL, offer=OfferId(5), operator=MARI, leg=LEG),
    OfferEnded(call=CALL, offer=OfferId(5), operator=MARI, outcome=OfferOutcome.ACCEPTED, cause="answered"),
    CallAnswered(call=CALL, operator=MARI, leg=LEG, waited_s=4.0, cause="offer"),
    CallHeld(call=CALL, operator=MARI),
    CallResumed(call=CALL, operator=MARI, held_s=10.5),
    CallTransferred(
        call=CALL, kind=TransferKind.BLIND, from_operator=MARI, to_operator=JURI, target="op-juri"
    ),
    CallParked(call=CALL, operator=JURI, place="701"),
    CallLeaving(call=CALL, message="please-try-call-later", cause="max_wait"),
    CallEnded(call=CALL, record=record(CALL, CallOutcome.ANSWERED, EndedBy.CALLER)),
    OutgoingBegan(
        call=OTHER,
        operator=MARI,
        endpoint="op-mari",
        number="55500124",
        channel_name="PJSIP/op-mari-00000002",
        transferred=True,
        began_at=at(0).wall,
    ),
    OutgoingRefused(
        call=OTHER, operator=MARI, endpoint="op-mari", rule=OutgoingRule.NUMBER_KIND, transferred=True
    ),
    OutgoingAllowed(call=OTHER, operator=MARI, number="+37255500124", contact=ANNA),
    OutgoingAnswered(call=OTHER, operator=MARI),
    OutgoingEnded(call=OTHER, record=record(OTHER, CallOutcome.ANSWERED, EndedBy.OPERATOR)),
    InternalEnded(call=OTHER, record=record(OTHER, CallOutcome.NO_ANSWER, EndedBy.SERVICE)),
]


def written(fact: CallFact) -> dict[str, Any]:
    """A fact's row, but for its key and its moment."""
    (row,) = Mapper().batch([step(0, fact)]).events
    assert row["version"] == VERSION
    return {name: row[name] for name in ("kind", "cause", "operator_id", "data")}


def read_line(version: int, stored: dict[str, Any]) -> dict[str, Any]:
    """A row as the interface tells of it."""
    return {**stored, "data": read(stored["kind"], version, stored["data"])}


FORMS = [Form("timeline", KINDS[type(fact)], VERSION, partial(written, fact), read_line) for fact in FACTS]
