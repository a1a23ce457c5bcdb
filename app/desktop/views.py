"""What desktops are shown of the floor: plain dictionaries, ready for JSON.

Times are ISO 8601 in UTC; ids of calls and queues are texts, of operators, offers and contacts numbers.
Nothing here keeps a reference into the floor, so a view stays what it was when it was taken.
"""

from datetime import datetime, timedelta
from typing import Literal

from typing_extensions import TypedDict

from app.floor.facts import OutgoingAlarm
from app.floor.floor import Floor, Queue
from app.floor.model import (
    Call,
    CallState,
    Columns,
    DeviceState,
    Now,
    Operator,
    OperatorId,
    Presence,
    QueueId,
    RoutingState,
)

_MOST_URGENT = 1e6
"""JSON has no infinity, and a queue without a target would have one."""
_IN_TALK = frozenset({RoutingState.TALKING, RoutingState.ON_HOLD})


class QueueView(TypedDict):
    """A queue as a tile shows it."""

    id: str
    title: str
    waiting: int
    """Calls that wait or are being offered."""
    longest_wait_since: str | None
    target_s: float
    idle: int
    """Members who are available, in no call, and whose phone can be rung."""
    talking: int
    wrap_up: int
    on_break: int
    members: int
    """Members who are not offline."""


class TalkedView(TypedDict):
    """An operator's last talk, when a campaign had called."""

    call: str
    attempt: str
    campaign: int
    required: bool
    """The wrap-up goes on until a disposition is set."""
    disposed: bool


class ColumnView(TypedDict):
    """What a campaign's list tells of a customer, in the order of the list."""

    name: str
    value: str


class PreviewView(TypedDict):
    """A lead that an operator looks at."""

    attempt: str
    campaign: int
    title: str
    """The campaign's."""
    lead: int
    number: str
    contact: int | None
    contact_name: str
    ordinal: int
    """Which attempt at this lead it would be, from 1."""
    callback_at: str | None
    """When the customer asked to be called."""
    columns: list[ColumnView]
    until: str | None
    """Then it is dialled, or given back where the campaign sets no end."""
    dials_itself: bool
    """At that moment."""
    dialled: bool


class OutgoingView(TypedDict):
    """A number outside that an operator's phone has called, or sent somebody to."""

    call: str
    number: str
    transferred: bool
    """Somebody else talks: who was transferred."""
    began: str
    answered: str | None


class AlarmView(TypedDict):
    """Why people are to look at a phone's calls outside."""

    cause: Literal["refusals", "money_of_operator", "money_of_centre", "emergency"]
    operator: int | None
    endpoint: str
    refusals: int
    """Where these are the cause: how many."""
    raised: str


class MissedView(TypedDict):
    """A call that an operator's phone rang for, and that the operator did not take."""

    call: str
    queue: str
    caller_number: str
    caller_name: str
    contact: int | None
    contact_name: str
    at: str
    """When it stopped ringing."""
    outcome: Literal["timed_out", "rejected", "cancelled"]
    """`cancelled`: the caller hung up."""


class OperatorView(TypedDict):
    """An operator's state, whole."""

    id: int
    name: str
    presence: Literal["offline", "available", "on_break"]
    break_reason: str
    pending: Literal["offline", "available", "on_break"] | None
    """A presence asked for during a call; it begins when the call ends."""
    pending_reason: str
    routing: Literal["idle", "reserved", "ringing", "talking", "on_hold", "wrap_up", "previewing"]
    device: Literal["registered", "unreachable", "in_use"]
    call: str | None
    since: str | None
    """When the present state began."""
    wrap_up_until: str | None
    talked: TalkedView | None
    """Whose disposition this operator sets, or may correct; until the next talk is over."""
    preview: PreviewView | None
    """In state `previewing`: the lead to dial or to skip."""
    outgoing: list[OutgoingView]
    """Calls outside under way, the oldest first; the operator is offered nothing while their phone is in one."""
    missed: list[MissedView]
    """The last calls they missed since they came to work, the newest first, at most three."""
    queues: list[str]
    cause: str
    """Why the state last changed."""


class ReasonView(TypedDict):
    """Why this operator got this call."""

    rule: Literal["preferred", "kept", "longest_idle", "longest_waiting"]
    level: int
    skills: list[str]
    idle_s: float
    waited_s: float
    urgency: float
    idle_operators: int
    waiting_calls: int
    kept_operators: int
    """Idle, and kept for dials of campaigns; not among `idle_operators`."""


class ParkedView(TypedDict):
    """Where a caller is parked, and by whom."""

    place: str
    """What a phone dials to take them off."""
    since: str
    operator: int | None
    """Who parked them; null: none of ours."""
    operator_name: str


class CallView(TypedDict):
    """A live call."""

    id: str
    queue: str
    state: Literal[
        "waiting", "offered", "ringing", "talking", "on_hold", "transferred", "parked", "leaving", "ended"
    ]
    parked: ParkedView | None
    """While the caller is parked. Who sees only their own calls sees those that are parked of their queues, too."""
    caller_number: str
    caller_name: str
    dialed: str
    language: str
    contact: int | None
    contact_name: str
    matches: list[int]
    """Contacts with this number; more than one means the operator picks."""
    operator: int | None
    """Who is offered the call or talks to the caller."""
    offer: int | None
    arrived: str
    waiting_since: str
    answered: str | None
    """First answer."""
    talking_since: str | None
    held_since: str | None
    attempt: str | None
    """The campaign's attempt that placed it; null: the customer called."""
    campaign: int | None
    disposed: bool
    """It was said what the campaign's call comes to."""
    columns: list[ColumnView]
    """Of the campaign's lead."""
    reason: ReasonView | None
    """Of the offer that is open or was taken."""


def iso(moment: datetime) -> str:
    """A moment as the contract writes it: ISO 8601, milliseconds, `Z`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _iso_now(now: Now | None) -> str | None:
    return None if now is None else iso(now.wall)


def column_views(columns: Columns) -> list[ColumnView]:
    """A lead's own columns."""
    return [{"name": name, "value": value} for name, value in columns]


def queue_view(floor: Floor, queue: Queue) -> QueueView:
    """A queue with its counts, from its members as they are now."""
    idle = talking = wrap_up = on_break = present = 0
    operators = floor.operators
    for member in queue.members:
        operator = operators.get(member)
        if operator is None:
            continue
        if operator.presence is not Presence.OFFLINE or operator.call is not None:
            present += 1
        if operator.routing in _IN_TALK:
            talking += 1
        elif operator.routing is RoutingState.WRAP_UP:
            wrap_up += 1
        elif operator.presence is Presence.ON_BREAK:
            on_break += 1
        elif operator.presence is Presence.AVAILABLE and (
            operator.routing is RoutingState.IDLE and operator.device is DeviceState.REGISTERED
        ):
            idle += 1
    first = next(iter(queue.waiting_calls), None)
    longest = floor.calls.get(first) if first is not None else None
    return {
        "id": queue.settings.id,
        "title": queue.settings.title,
        "waiting": len(queue.waiting_calls),
        "longest_wait_since": iso(longest.waiting_since.wall) if longest else None,
        "target_s": queue.settings.target_s,
        "idle": idle,
        "talking": talking,
        "wrap_up": wrap_up,
        "on_break": on_break,
        "members": present,
    }


def preview_view(floor: Floor, id_: OperatorId) -> PreviewView | None:
    """The lead an operator looks at."""
    preview = floor.previews.get(id_)
    campaign = floor.campaigns.get(preview.campaign) if preview is not None else None
    if preview is None or campaign is None or preview.lead is None:
        return None
    lead = preview.lead
    return {
        "attempt": preview.id,
        "campaign": preview.campaign,
        "title": campaign.settings.title,
        "lead": lead.lead,
        "number": lead.number,
        "contact": lead.contact,
        "contact_name": lead.contact_name,
        "ordinal": lead.ordinal,
        "callback_at": iso(lead.callback_at) if lead.callback_at is not None else None,
        "columns": column_views(lead.columns),
        "until": _iso_now(preview.until),
        "dials_itself": campaign.settings.preview_s > 0,
        "dialled": preview.dialled,
    }


def outgoing_views(floor: Floor, id_: OperatorId) -> list[OutgoingView]:
    """An operator's calls outside."""
    return [
        {
            "call": call.id,
            "number": call.number.number if call.number is not None else call.dialled,
            "transferred": call.transferred,
            "began": iso(call.began.wall),
            "answered": _iso_now(call.answered),
        }
        for call in floor.outgoing.of_operator(id_)
    ]


def alarm_view(alarm: OutgoingAlarm) -> AlarmView:
    """An alarm."""
    return {
        "cause": alarm.cause.value,
        "operator": alarm.operator,
        "endpoint": alarm.endpoint,
        "refusals": alarm.refusals,
        "raised": iso(alarm.raised_at),
    }


def operator_view(
    operator: Operator,
    cause: str,
    preview: PreviewView | None,
    outgoing: list[OutgoingView],
    missed: list[MissedView],
) -> OperatorView:
    """An operator's state."""
    pending, talked = operator.pending, operator.talked
    return {
        "id": operator.settings.id,
        "name": operator.settings.name,
        "presence": operator.presence.value,
        "break_reason": operator.break_reason,
        "pending": pending[0].value if pending else None,
        "pending_reason": pending[1] if pending else "",
        "routing": operator.routing.value,
        "device": operator.device.value,
        "call": operator.call,
        "since": _iso_now(operator.since),
        "wrap_up_until": _wrap_up_until(operator),
        "talked": {
            "call": talked.call,
            "attempt": talked.attempt,
            "campaign": talked.campaign,
            "required": talked.required,
            "disposed": talked.disposed,
        }
        if talked
        else None,
        "preview": preview,
        "outgoing": outgoing,
        "missed": missed,
        "queues": [m.queue for m in operator.settings.memberships],
        "cause": cause,
    }


def _wrap_up_until(operator: Operator) -> str | None:
    if operator.routing is not RoutingState.WRAP_UP or operator.since is None:
        return None
    length = timedelta(seconds=operator.wrap_up_until_s - operator.since.mono_s)
    return iso(operator.since.wall + length)


def _parked_view(floor: Floor, call: Call) -> ParkedView | None:
    if call.state is not CallState.PARKED or call.parked is None:
        return None
    by = floor.operators.get(call.parked_by) if call.parked_by is not None else None
    return {
        "place": call.place,
        "since": iso(call.parked.wall),
        "operator": call.parked_by,
        "operator_name": by.settings.name if by is not None else "",
    }


def call_view(floor: Floor, call: Call) -> CallView:
    """A live call."""
    offer, talking = call.offer, call.talking
    leg = offer.leg if offer else talking
    reason = leg.reason if leg else None
    return {
        "id": call.id,
        "queue": call.queue,
        "state": call.state.value,
        "parked": _parked_view(floor, call),
        "caller_number": call.caller_number,
        "caller_name": call.caller_name,
        "dialed": call.dialed,
        "language": call.language,
        "contact": call.contact,
        "contact_name": call.contact_name,
        "matches": list(call.matches),
        "operator": leg.operator if leg else None,
        "offer": offer.id if offer else None,
        "arrived": iso(call.arrived.wall),
        "waiting_since": iso(call.waiting_since.wall),
        "answered": _iso_now(call.answered),
        "talking_since": _iso_now(talking.answered) if talking else None,
        "held_since": _iso_now(talking.held_since) if talking else None,
        "attempt": call.attempt,
        "campaign": call.campaign,
        "disposed": call.disposed,
        "columns": column_views(call.columns),
        "reason": {
            "rule": reason.rule.value,
            "level": reason.level,
            "skills": list(reason.skills),
            "idle_s": reason.idle_s,
            "waited_s": reason.waited_s,
            "urgency": min(reason.urgency, _MOST_URGENT),
            "idle_operators": reason.idle_operators,
            "waiting_calls": reason.waiting_calls,
            "kept_operators": reason.kept_operators,
        }
        if reason
        else None,
    }


def to_others(view: CallView) -> CallView:
    """A call as an operator sees it who is not in it: without what a campaign's list tells of the customer."""
    return {**view, "columns": []}


def queues_of(operator: Operator) -> frozenset[QueueId]:
    """The queues an operator belongs to."""
    return frozenset(m.queue for m in operator.settings.memberships)
