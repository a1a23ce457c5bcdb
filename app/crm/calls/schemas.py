"""Calls, live and recorded."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import QueueName, RequestModel, Shown
from app.crm.contacts.drafts import ContactDraft
from app.crm.contacts.schemas import ContactIn
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
    """The queue the call was in last; empty: none."""
    first_queue: str
    """The queue the call came to first; empty: none."""
    caller_number: str
    """The caller's number as E.164, else the digits that the carrier sent; empty where none came or the caller
    withholds it. On an operator's or a campaign's call: the number that was called.
    """
    caller_sent: str
    """The number as the carrier sent it, where that spelling differs."""
    number_withheld: bool
    """The caller withholds the number: it is neither shown nor kept."""
    caller_name: str
    """The name that the carrier sent; empty for none."""
    contact: int | None
    """The contact's id; null: no contact has the number, or the operator has not picked one of several."""
    contact_name: str
    """The contact's name now; empty for none."""
    dialed: str
    """The number that was dialled."""
    language: str
    """The language the caller chose, such as `et`; empty: none was chosen."""
    arrived_at: datetime
    """When the call arrived."""
    answered_at: datetime | None
    """When an operator first talked with the caller; null: never, or not yet."""
    ended_at: datetime | None
    """When the call ended; null while it is open."""
    waited_s: float
    """Seconds of waiting in all: on hold music and while operators' phones rang."""
    rang_s: float
    """Seconds that phones rang for the call, in offers and in transfers."""
    talked_s: float
    """Seconds connected to operators, hold included."""
    held_s: float
    """Seconds that the caller was on hold during talks."""
    duration_s: float
    """Seconds from the call's arrival to its end."""
    operator: int | None
    """The last operator who talked. On a call to a colleague's phone: the operator whose phone it is, or who picked
    the call up. Null: none.
    """
    operator_name: str
    """That operator's name now; empty for none."""
    outcome: str | None
    """How the call ended; null while it is open."""
    ended_by: str | None
    """Who ended the call: `caller` (on an internal call, the operator who called), `operator`, `outside` (the outside
    party that an operator transferred the call to), `service` or `pbx`; null while it is open.
    """
    hangup_cause: int | None
    """The Q.850 hangup cause of the caller's channel, 0..127; null while the call is open."""
    hangup_text: str
    """The hangup cause in the PBX's words."""
    source: CallSource
    """Where the record comes from: `heard` live, completed from the PBX's own `log`, or partly `unheard`."""
    direction: Direction
    """Who began the call: the customer, a campaign (`outbound`), or an operator who dialled or transferred outside.

    `internal`: an operator called a colleague's phone, or a queue to consult a colleague. It counts in none of the
    queues' figures. A call to a colleague's phone is recorded when it has ended, and has no queue.
    """
    campaign: int | None
    """The id of the campaign that placed the call; null: no campaign did."""
    refused_by: str
    """The rule that kept an operator's call from being dialled, with the outcome `refused`; empty: none did.

    When the day's money ran out during the talk, this is that limit, and `ended_by` is `service`.

    On an operator's call `caller_number` is the number that was called, and `dialed` the digits that were dialled.
    """
    cost: Decimal | None
    """What an operator's call cost by the tariffs; null: no cost was computed."""
    caller_operator: int | None
    """On an internal call, the operator who called; null: the call is not internal, or has not ended."""
    caller_operator_name: str
    """That operator's name now; empty for none."""

    @classmethod
    def of(cls, row: CallRow, contact_name: str = "", names: Mapping[int, str] | None = None) -> "CallOut":
        """The call as the API shows it.

        Args:
            row: the call.
            contact_name: the name of the contact who called or was called.
            names: display names of operators, by user id.
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
    """The operator's id; null: the leg is not an operator's."""
    endpoint: str
    """The phone's PJSIP endpoint."""
    began_at: datetime
    """When the phone was dialled."""
    answered_at: datetime | None
    """When the leg was answered; null: it was not."""
    ended_at: datetime
    """When the leg ended."""
    rang_s: float
    """Seconds that the phone rang."""
    talked_s: float
    """Seconds from its answer to its end, hold included."""
    held_s: float
    """Seconds on hold."""
    outcome: str | None
    """How the offer ended: `accepted`, `rejected`, `timed_out`, `cancelled` or `failed`; null: the leg was not an
    offer.
    """
    phone_lost: bool
    """The phone failed during the talk, and the customer went on to another operator."""

    @classmethod
    def of(cls, row: CallLegRow) -> "LegOut":
        """The leg as the API shows it."""
        return cls.model_validate(row.model_dump() | {"operator": row.operator_id})


class TimelineEvent(Shown):
    """One event of a call's timeline. For `OfferMade`, `data` has the reason of the routing."""

    at: datetime
    """When it happened."""
    kind: str
    """The name of the event, such as `CallQueued`; a name never changes."""
    version: int
    """The version of the form of `data`. The changelog tells of each new one. Names may be added without a new
    version.
    """
    cause: str
    """The cause in one word; empty for none."""
    operator: int | None
    """The operator concerned; null: none."""
    data: dict[str, Any]
    """Further data of the event, by name."""

    @classmethod
    def of(cls, row: CallEventRow, *, named: bool) -> "TimelineEvent":
        """The event as the API shows it.

        Args:
            row: the event.
            named: whether the names of contacts are shown.
        """
        data = read(row.kind, row.version, row.data)
        if not named and "name" in data and data.get("contact") is not None:
            data["name"] = ""
        return cls.model_validate(row.model_dump() | {"operator": row.operator_id, "data": data})


class WholeCallOut(CallOut):
    """A call with all that is known of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_CALL | {"live": None, "legs": [_LEG], "timeline": [_OFFER]}]}
    )

    live: CallView | None
    """The call's present state on the floor; null when it is over."""
    legs: list[LegOut]
    """Each operator's part, the first one first."""
    timeline: list[TimelineEvent]
    """What happened in the call, the first event first."""


class Calls(Shown):
    """A page of calls, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_CALL], "next": None}]})

    items: list[CallOut]
    """The calls of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class CallerIn(ContactIn):
    """A contact that is made of a call, or completed from it; the caller's number is filled in."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"surname": "Kask", "given_name": "Kalle", "note": "helistab homme"}]}
    )

    contact: Annotated[int, Field(ge=1, le=2**53)] | None = None
    """The id of the contact to be completed; null: a new one is made."""

    def draft(self) -> ContactDraft:
        """The draft that the service takes."""
        return ContactIn.model_validate(self.model_dump(exclude={"contact"})).draft()


class MoveIn(RequestModel):
    """The queue in which a caller who waits shall wait from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"queue": "help"}]})

    queue: QueueName
    """The queue's short name."""


class ContactPick(RequestModel):
    """Who is calling: one of several contacts, or none of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"contact": 7}]})

    contact: Annotated[int, Field(ge=1, le=2**53)] | None
    """The contact's id; null: none of the candidates."""
