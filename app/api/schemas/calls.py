"""Calls, live and recorded."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.schemas.common import Said
from app.desktop.views import CallView
from app.floor.model import Direction
from app.records.tables import CallEventRow, CallLegRow, CallRow, CallSource

_CALL: dict[str, JsonValue] = {
    "id": "keskus-1772442901.7",
    "queue": "sales",
    "first_queue": "sales",
    "caller_number": "+37255500123",
    "caller_sent": "37255500123",
    "number_withheld": False,
    "caller_name": "",
    "contact": 7,
    "contact_name": "Kask Kalle",
    "dialed": "6001000",
    "language": "et",
    "arrived_at": "2026-03-02T09:15:01Z",
    "answered_at": "2026-03-02T09:15:09Z",
    "ended_at": "2026-03-02T09:18:09Z",
    "waited_s": 8.0,
    "rang_s": 4.5,
    "talked_s": 180.0,
    "held_s": 0.0,
    "duration_s": 188.0,
    "operator": 12,
    "operator_name": "Mari Maasikas",
    "outcome": "answered",
    "ended_by": "caller",
    "hangup_cause": 16,
    "hangup_text": "Normal Clearing",
    "source": "heard",
    "direction": "inbound",
    "campaign": None,
    "refused_by": "",
    "cost": None,
}
_LEG: dict[str, JsonValue] = {
    "operator": 12,
    "endpoint": "op12",
    "began_at": "2026-03-02T09:15:04Z",
    "answered_at": "2026-03-02T09:15:09Z",
    "ended_at": "2026-03-02T09:18:09Z",
    "rang_s": 4.5,
    "talked_s": 180.0,
    "held_s": 0.0,
    "outcome": "accepted",
    "phone_lost": False,
}
_OFFER: dict[str, JsonValue] = {
    "at": "2026-03-02T09:15:04Z",
    "kind": "OfferMade",
    "cause": "longest_idle",
    "operator": 12,
    "data": {"reason": {"rule": "longest_idle", "level": 1, "idle_s": 61.2, "idle_operators": 2}},
}


class CallOut(BaseModel):
    """A call: its record, open or complete."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CALL]})

    id: str
    queue: str
    first_queue: str
    caller_number: str
    """E.164, else the digits that were sent; empty where none came, and of who withholds it."""
    caller_sent: str
    """As the carrier sent it, where that is another spelling."""
    number_withheld: bool
    """The caller does not want the number to be known: it is not shown and not kept."""
    caller_name: str
    contact: int | None
    contact_name: str
    dialed: str
    language: str
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    waited_s: float
    rang_s: float
    talked_s: float
    held_s: float
    duration_s: float
    operator: int | None
    operator_name: str
    outcome: str | None
    """None while the call is open."""
    ended_by: str | None
    hangup_cause: int | None
    hangup_text: str
    source: CallSource
    """What it rests on: `heard` live, completed from the PBX's own `log`, or partly `unheard`."""
    direction: Direction
    """Who began it: the customer, a campaign (`outbound`), or an operator, who dialled or transferred outside."""
    campaign: int | None
    """Whose call an outbound one is; then the caller's number is the customer's all the same."""
    refused_by: str
    """The rule that an operator's call was not dialled for; then its outcome is `refused`. Else empty.

    When the day's money was spent during the talk, it is that limit, and `ended_by` is `service`.

    On an operator's call the caller's number is whom they called, and `dialed` what they dialled.
    """
    cost: Decimal | None
    """What an operator's call cost by the tariffs; null: not reckoned."""

    @classmethod
    def of(cls, row: CallRow, contact_name: str = "", operator_name: str = "") -> "CallOut":
        """A row as it is told."""
        fields = row.model_dump() | {
            "contact": row.contact_id,
            "contact_name": contact_name,
            "operator": row.operator_id,
            "operator_name": operator_name,
            "campaign": row.campaign_id,
        }
        return cls.model_validate(fields)


class LegOut(BaseModel):
    """One operator's part in a call."""

    operator: int | None
    endpoint: str
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    rang_s: float
    talked_s: float
    held_s: float
    outcome: str | None
    phone_lost: bool
    """The phone died in the talk; the customer went on to another operator."""

    @classmethod
    def of(cls, row: CallLegRow) -> "LegOut":
        """A row as it is told."""
        return cls.model_validate(row.model_dump() | {"operator": row.operator_id})


class TimelineEvent(BaseModel):
    """One line of a call's timeline. An `OfferMade` has the reason of the routing in `data`."""

    at: datetime
    kind: str
    cause: str
    operator: int | None
    data: dict[str, Any]

    @classmethod
    def of(cls, row: CallEventRow) -> "TimelineEvent":
        """A row as it is told."""
        return cls.model_validate(row.model_dump() | {"operator": row.operator_id})


class WholeCallOut(CallOut):
    """A call with all that is known of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_CALL | {"live": None, "legs": [_LEG], "timeline": [_OFFER]}]}
    )

    live: CallView | None
    """While it is on the floor."""
    legs: list[LegOut]
    timeline: list[TimelineEvent]


class Calls(BaseModel):
    """A page of calls, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_CALL], "next": None}]})

    items: list[CallOut]
    next: str | None
    """Give it as `cursor`; None on the last page."""


class ContactPick(Said):
    """Which of several contacts is calling."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"contact": 7}]})

    contact: Annotated[int, Field(ge=1, le=2**53)]
