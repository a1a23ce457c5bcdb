"""What desktops are shown of the floor: plain dictionaries, ready for JSON.

Times are ISO 8601 in UTC; ids of calls and queues are texts, of operators, offers and contacts numbers.
Nothing here keeps a reference into the floor, so a view stays what it was when it was taken.
"""

from datetime import datetime
from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from app.domain.calls import CallState
from app.domain.ids import Columns, OperatorId, QueueId
from app.domain.now import Now
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.facts import OutgoingAlarm
from app.floor.floor import Floor, Queue
from app.floor.model import Call, Operator

_MOST_URGENT = 1e6
"""JSON has no infinity, and a queue without a target would have one."""
_MILLISECONDS = len("2026-01-05T08:00:00.000")
_IN_TALK = frozenset({RoutingState.TALKING, RoutingState.ON_HOLD})


@with_config(use_attribute_docstrings=True)
class QueueView(TypedDict):
    """A queue as a tile shows it."""

    id: str
    """Its short name."""
    title: str
    """The name that people see."""
    waiting: int
    """Calls that wait or are being offered."""
    longest_wait_since: str | None
    """Since when the one waits who has waited longest; null: nobody waits."""
    target_s: float
    """The service-level target: seconds within which a call is to be answered."""
    idle: int
    """Members who are available, in no call, and whose phone can be rung."""
    talking: int
    """Members in a talk, on hold included."""
    wrap_up: int
    """Members who work after a call."""
    on_break: int
    """Members on a break."""
    members: int
    """Members who are not offline."""


@with_config(use_attribute_docstrings=True)
class TalkedView(TypedDict):
    """An operator's last talk, when a campaign had called."""

    call: str
    """The call's id."""
    attempt: str
    """The attempt's id."""
    campaign: int
    """The campaign's id."""
    required: bool
    """The wrap-up goes on until a disposition is set."""
    disposed: bool
    """It was said what the call came to."""


@with_config(use_attribute_docstrings=True)
class ColumnView(TypedDict):
    """What a campaign's list tells of a customer, in the order of the list."""

    name: str
    """The column's name in the list."""
    value: str
    """What the list says there."""


@with_config(use_attribute_docstrings=True)
class PreviewView(TypedDict):
    """A lead that an operator looks at."""

    attempt: str
    """The id that the attempt will have."""
    campaign: int
    """The campaign's id."""
    title: str
    """The campaign's."""
    lead: int
    """The lead's id."""
    number: str
    """The number that would be dialled, E.164."""
    contact: int | None
    """The contact's id; null: the lead is none."""
    contact_name: str
    """The lead's name; empty for none."""
    ordinal: int
    """Which attempt at this lead it would be, from 1."""
    callback_at: str | None
    """When the customer asked to be called."""
    columns: list[ColumnView]
    """What the list tells of the lead."""
    until: str | None
    """Then it is dialled, or given back where the campaign sets no end."""
    dials_itself: bool
    """At that moment."""
    dialled: bool
    """It is being dialled."""


@with_config(use_attribute_docstrings=True)
class OutgoingView(TypedDict):
    """A number outside that an operator's phone has called, or sent somebody to."""

    call: str
    """The call's id."""
    number: str
    """The number, E.164, or as it was dialled."""
    transferred: bool
    """Somebody else talks: who was transferred."""
    began: str
    """When it was dialled."""
    answered: str | None
    """When it was answered; null: not yet."""


@with_config(use_attribute_docstrings=True)
class ColleagueView(TypedDict):
    """A call between an operator and a colleague."""

    call: str
    """The call's id."""
    operator: int | None
    """The colleague's id; null: the phone is nobody's."""
    name: str
    """The colleague's name, or the number that was dialled."""
    calls: bool
    """This operator is at the end that called."""
    began: str
    """When it was dialled."""
    answered: str | None
    """When it was answered; null: not yet."""


@with_config(use_attribute_docstrings=True)
class AlarmView(TypedDict):
    """Why people are to look at a phone's calls outside."""

    cause: Literal["refusals", "money_of_operator", "money_of_centre", "emergency"]
    """What happened: too many refused calls, the money of the day is spent, or a number for help was called."""
    operator: int | None
    """The operator's id; null: it is about the centre, or a phone of nobody."""
    endpoint: str
    """The phone's PJSIP endpoint; empty: it is about the centre."""
    refusals: int
    """Where these are the cause: how many."""
    raised: str
    """When it was raised."""


@with_config(use_attribute_docstrings=True)
class MissedView(TypedDict):
    """A call that an operator's phone rang for, and that the operator did not take."""

    call: str
    """The call's id."""
    queue: str
    """The queue it waited in."""
    caller_number: str
    """E.164, else the digits that were sent; empty where none came."""
    caller_name: str
    """The name that the carrier sent; empty for none."""
    contact: int | None
    """The contact's id; null: nobody knows who called."""
    contact_name: str
    """The contact's name; empty for none."""
    at: str
    """When it stopped ringing."""
    outcome: Literal["timed_out", "rejected", "cancelled"]
    """`cancelled`: the caller hung up."""


@with_config(use_attribute_docstrings=True)
class OperatorView(TypedDict):
    """An operator's state, whole."""

    id: int
    """The operator's id: that of their user."""
    name: str
    """The name that colleagues see."""
    presence: Literal["offline", "available", "on_break"]
    """What the operator says of themselves."""
    break_reason: str
    """Why the break is; empty for none."""
    pending: Literal["offline", "available", "on_break"] | None
    """A presence asked for during a call; it begins when the call ends."""
    pending_reason: str
    """Why that break will be; empty for none."""
    routing: Literal["idle", "reserved", "ringing", "talking", "on_hold", "wrap_up", "previewing"]
    """What they do. A word with a colleague is `talking`, and `ringing` before, for who has no other call."""
    device: Literal["registered", "unreachable", "in_use"]
    """What the PBX says of their phone."""
    call: str | None
    """The id of the call they are offered or are in; null for none."""
    since: str | None
    """When the present state began."""
    wrap_up_until: str | None
    """When the time for the work after a call is over; null: there is none."""
    talked: TalkedView | None
    """Whose disposition this operator sets, or may correct; until the next talk is over."""
    preview: PreviewView | None
    """In state `previewing`: the lead to dial or to skip."""
    outgoing: list[OutgoingView]
    """Calls outside under way, the oldest first; the operator is offered nothing while their phone is in one."""
    colleagues: list[ColleagueView]
    """Calls with colleagues under way, the oldest first; the operator is offered nothing meanwhile."""
    missed: list[MissedView]
    """The last calls they missed since they came to work, the newest first, at most three."""
    queues: list[str]
    """The queues they serve."""
    cause: str
    """Why the state last changed."""


@with_config(use_attribute_docstrings=True)
class ReasonView(TypedDict):
    """Why this operator got this call."""

    rule: Literal["preferred", "kept", "longest_idle", "longest_waiting"]
    """The rule that decided: the caller's last operator, kept for this dial, idle longest, or waiting longest when an
    operator became free.
    """
    level: int
    """The operator's level in the queue; 1 is asked first."""
    skills: list[str]
    """What the queue and the call asked for."""
    idle_s: float
    """Seconds the operator had been idle."""
    waited_s: float
    """Seconds the call had waited."""
    urgency: float
    """The call's wait as a share of the queue's target, at most 1,000,000."""
    idle_operators: int
    """Idle members of the queue then, this one included."""
    waiting_calls: int
    """Calls that waited in the queue then, this one included."""
    kept_operators: int
    """Idle, and kept for dials of campaigns; not among `idle_operators`."""


@with_config(use_attribute_docstrings=True)
class ParkedView(TypedDict):
    """Where a caller is parked, and by whom."""

    place: str
    """What a phone dials to take them off."""
    since: str
    """When they were parked."""
    operator: int | None
    """Who parked them; null: none of ours."""
    operator_name: str
    """That operator's name; empty for none."""


@with_config(use_attribute_docstrings=True)
class CallView(TypedDict):
    """A live call."""

    id: str
    """The call's id: the PBX's unique id of the channel that began it."""
    queue: str
    """The queue it is in, or was in last."""
    state: Literal[
        "waiting", "offered", "ringing", "talking", "on_hold", "transferred", "parked", "leaving", "ended"
    ]
    """Where it is."""
    parked: ParkedView | None
    """While the caller is parked. Who sees only their own calls sees those that are parked of their queues, too."""
    caller_number: str
    """E.164, else the digits that were sent; empty where none came, and of who withholds it."""
    caller_name: str
    """The name that the carrier sent; empty for none."""
    dialed: str
    """The number that was called."""
    language: str
    """The language the caller chose, such as `et`; empty for none."""
    contact: int | None
    """The contact's id; null: nobody knows who calls, or it has not been picked."""
    contact_name: str
    """The contact's name; empty for none."""
    matches: list[int]
    """Contacts with this number; more than one means the operator picks."""
    operator: int | None
    """Who is offered the call or talks to the caller."""
    offer: int | None
    """The number of the open offer; null for none."""
    arrived: str
    """When it came."""
    waiting_since: str
    """Since when it waits: its place in the line."""
    answered: str | None
    """First answer."""
    talking_since: str | None
    """Since when the present talk is; null: nobody talks."""
    held_since: str | None
    """Since when the talk is on hold; null: it is not."""
    attempt: str | None
    """The campaign's attempt that placed it; null: the customer called."""
    campaign: int | None
    """The campaign's id; null: the customer called."""
    disposed: bool
    """It was said what the campaign's call comes to."""
    columns: list[ColumnView]
    """Of the campaign's lead."""
    reason: ReasonView | None
    """Of the offer that is open or was taken."""


def iso(moment: datetime) -> str:
    """A moment as the contract writes it: ISO 8601, milliseconds, `Z`."""
    return f"{moment.isoformat(timespec='milliseconds')[:_MILLISECONDS]}Z"


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
        elif (
            operator.presence is Presence.AVAILABLE
            and operator.routing is RoutingState.IDLE
            and operator.device is DeviceState.REGISTERED
            and not floor.is_on_the_phone(member)
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


def colleague_views(floor: Floor, id_: OperatorId) -> list[ColleagueView]:
    """An operator's calls with colleagues."""
    views: list[ColleagueView] = []
    for call in floor.internal.of_operator(id_):
        calls = call.near.operator == id_
        other = (call.far.operator if call.far is not None else call.called) if calls else call.near.operator
        colleague = floor.operators.get(other) if other is not None else None
        views.append(
            {
                "call": call.id,
                "operator": other,
                "name": colleague.settings.name if colleague is not None else call.dialled,
                "calls": calls,
                "began": iso(call.began.wall),
                "answered": _iso_now(call.answered),
            }
        )
    return views


def alarm_view(alarm: OutgoingAlarm) -> AlarmView:
    """An alarm."""
    return {
        "cause": alarm.cause.value,
        "operator": alarm.operator,
        "endpoint": alarm.endpoint,
        "refusals": alarm.refusals,
        "raised": iso(alarm.raised_at),
    }


def operator_view(floor: Floor, operator: Operator, cause: str, missed: list[MissedView]) -> OperatorView:
    """An operator's state.

    Args:
        floor: theirs.
        operator: who.
        cause: why it last changed.
        missed: the calls that they missed.
    """
    id_ = operator.settings.id
    pending, talked = operator.pending, operator.talked
    return {
        "id": id_,
        "name": operator.settings.name,
        "presence": operator.presence.value,
        "break_reason": operator.break_reason,
        "pending": pending[0].value if pending else None,
        "pending_reason": pending[1] if pending else "",
        "routing": floor.internal.doing(id_, operator.routing).value,
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
        "preview": preview_view(floor, id_),
        "outgoing": outgoing_views(floor, id_),
        "colleagues": colleague_views(floor, id_),
        "missed": missed,
        "queues": [m.queue for m in operator.settings.memberships],
        "cause": cause,
    }


def _wrap_up_until(operator: Operator) -> str | None:
    if operator.routing is not RoutingState.WRAP_UP or operator.wrap_up_until is None:
        return None
    return iso(operator.wrap_up_until.wall)


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
