"""Calls, live and recorded."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import RequestModel, Shown
from app.domain.calls import Direction
from app.live.call_view import CallView
from app.records.tables import CallEventRow, CallLegRow, CallRow, CallSource
from app.records.timeline import read

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
    "caller_operator": None,
    "caller_operator_name": "",
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
    "version": 1,
    "cause": "longest_idle",
    "operator": 12,
    "data": {"reason": {"rule": "longest_idle", "level": 1, "idle_s": 61.2, "idle_operators": 2}},
}


class CallOut(Shown):
    """A call: its record, open or complete."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CALL]})

    id: str
    """The call's id: the PBX's unique id of the channel that began it."""
    queue: str
    """The queue it was in last."""
    first_queue: str
    """The queue it came to first."""
    caller_number: str
    """E.164, else the digits that were sent; empty where none came, and of who withholds it."""
    caller_sent: str
    """As the carrier sent it, where that is another spelling."""
    number_withheld: bool
    """The caller does not want the number to be known: it is not shown and not kept."""
    caller_name: str
    """The name that the carrier sent; empty for none."""
    contact: int | None
    """The contact's id; null: nobody knows who called, or it has not been picked."""
    contact_name: str
    """The contact's name now; empty for none."""
    dialed: str
    """The number that was called."""
    language: str
    """The language the caller chose, such as `et`; empty for none."""
    arrived_at: datetime
    """When it came."""
    answered_at: datetime | None
    """When somebody talked with the caller first; null: never, or not yet."""
    ended_at: datetime | None
    """When it was over; null while it is open."""
    waited_s: float
    """Seconds on hold music and while operators' phones rang, all told."""
    rang_s: float
    """Seconds that phones rang for it, in offers and in transfers."""
    talked_s: float
    """Seconds connected to operators, hold included."""
    held_s: float
    """Seconds on hold during talks."""
    duration_s: float
    """Seconds from its arrival to its end."""
    operator: int | None
    """The last operator who talked; on a call to a colleague's phone whose that is, or who picked it up; null: none."""
    operator_name: str
    """That operator's name now; empty for none."""
    outcome: str | None
    """None while the call is open."""
    ended_by: str | None
    """Who ended it: `caller` (on an internal call the operator who called), `operator`, `outside` (who an operator sent
    it to), `service` or `pbx`; null while it is open.
    """
    hangup_cause: int | None
    """Why the caller's channel ended, as a cause of Q.850, 0..127; null while it is open."""
    hangup_text: str
    """The same in the PBX's words."""
    source: CallSource
    """What it rests on: `heard` live, completed from the PBX's own `log`, or partly `unheard`."""
    direction: Direction
    """Who began it: the customer, a campaign (`outbound`), or an operator, who dialled or transferred outside.

    `internal`: an operator, who called a colleague's phone, or a queue to consult one. Such a call is in none of the
    queues' figures. A call to a colleague's phone is on record when it is over, and has no queue.
    """
    campaign: int | None
    """Whose call an outbound one is; then the caller's number is the customer's all the same."""
    refused_by: str
    """The rule that an operator's call was not dialled for; then its outcome is `refused`. Else empty.

    When the day's money was spent during the talk, it is that limit, and `ended_by` is `service`.

    On an operator's call the caller's number is whom they called, and `dialed` what they dialled.
    """
    cost: Decimal | None
    """What an operator's call cost by the tariffs; null: not reckoned."""
    caller_operator: int | None
    """On an internal call the operator who called; null: the call is not internal, or not over."""
    caller_operator_name: str
    """That operator's name now; empty for none."""

    @classmethod
    def of(cls, row: CallRow, contact_name: str = "", names: Mapping[int, str] | None = None) -> "CallOut":
        """A row as it is told.

        Args:
            row: the call.
            contact_name: of who called, or was called.
            names: of operators, by id.
        """
        names = names or {}
        fields = row.model_dump() | {
            "contact": row.contact_id,
            "contact_name": contact_name,
            "operator": row.operator_id,
            "operator_name": names.get(row.operator_id or 0, ""),
            "caller_operator": row.caller_operator_id,
            "caller_operator_name": names.get(row.caller_operator_id or 0, ""),
            "campaign": row.campaign_id,
        }
        return cls.model_validate(fields)


class LegOut(Shown):
    """One operator's part in a call."""

    operator: int | None
    """The operator's id; null: somebody who is none of ours."""
    endpoint: str
    """The phone's PJSIP endpoint."""
    began_at: datetime
    """When the phone was dialled."""
    answered_at: datetime | None
    """When it was picked up; null: it was not."""
    ended_at: datetime
    """When it was over."""
    rang_s: float
    """Seconds it rang."""
    talked_s: float
    """Seconds from its answer to its end, hold included."""
    held_s: float
    """Seconds on hold."""
    outcome: str | None
    """How the offer ended: `accepted`, `rejected`, `timed_out`, `cancelled` or `failed`; null: it was no offer."""
    phone_lost: bool
    """The phone died in the talk; the customer went on to another operator."""

    @classmethod
    def of(cls, row: CallLegRow) -> "LegOut":
        """A row as it is told."""
        return cls.model_validate(row.model_dump() | {"operator": row.operator_id})


class TimelineEvent(Shown):
    """One line of a call's timeline. An `OfferMade` has the reason of the routing in `data`."""

    at: datetime
    """When it happened."""
    kind: str
    """What happened, by a name that stays, such as `CallQueued`."""
    version: int
    """The form of `data`. A new one is told in the changelog; names may be added without."""
    cause: str
    """Why, in a word; empty where there is nothing to say."""
    operator: int | None
    """Whom it concerns; null: no operator."""
    data: dict[str, Any]
    """What else is known of it, by name."""

    @classmethod
    def of(cls, row: CallEventRow) -> "TimelineEvent":
        """A row as it is told."""
        data = read(row.kind, row.version, row.data)
        return cls.model_validate(row.model_dump() | {"operator": row.operator_id, "data": data})


class WholeCallOut(CallOut):
    """A call with all that is known of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_CALL | {"live": None, "legs": [_LEG], "timeline": [_OFFER]}]}
    )

    live: CallView | None
    """While it is on the floor."""
    legs: list[LegOut]
    """Each operator's part, the first first."""
    timeline: list[TimelineEvent]
    """What happened to it, the first first."""


class Calls(Shown):
    """A page of calls, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_CALL], "next": None}]})

    items: list[CallOut]
    """The calls of this page."""
    next: str | None
    """Give it as `cursor`; None on the last page."""


class ContactPick(RequestModel):
    """Which of several contacts is calling."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"contact": 7}]})

    contact: Annotated[int, Field(ge=1, le=2**53)]
    """The contact's id."""
