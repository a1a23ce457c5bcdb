"""An operator as desktops show it: state, lead, calls outside and with colleagues, missed calls."""

from datetime import timedelta
from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from app.domain.ids import OperatorId, QueueId
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.floor import Floor
from app.floor.model import Operator
from app.live.views import ColumnView, column_views, iso, iso_now


@with_config(use_attribute_docstrings=True)
class TalkedView(TypedDict):
    """An operator's last talk in a call that a campaign placed."""

    call: str
    """The call's id."""
    attempt: str
    """The attempt's id."""
    campaign: int
    """The campaign's id."""
    required: bool
    """The wrap-up goes on until a disposition is set."""
    disposed: bool
    """A disposition has been set."""


@with_config(use_attribute_docstrings=True)
class PreviewView(TypedDict):
    """A lead that an operator previews."""

    attempt: str
    """The id that the attempt will have."""
    campaign: int
    """The campaign's id."""
    title: str
    """The campaign's title."""
    lead: int
    """The lead's id."""
    number: str
    """The number that would be dialled, E.164."""
    contact: int | None
    """The contact's id; null: the lead has no contact."""
    contact_name: str
    """The lead's name; empty for none."""
    ordinal: int
    """Which attempt at this lead it would be, from 1."""
    callback_at: str | None
    """When the customer asked to be called."""
    columns: list[ColumnView]
    """The lead's columns, in the order of the list."""
    until: str | None
    """When the preview ends: the lead is then dialled, or given back where `dials_itself` is false."""
    dials_itself: bool
    """The lead is dialled at `until`, without the operator."""
    dialled: bool
    """The lead is being dialled."""


@with_config(use_attribute_docstrings=True)
class OutgoingView(TypedDict):
    """A call to an outside number that an operator's phone dialled, or transferred somebody to."""

    call: str
    """The call's id."""
    number: str
    """The number, E.164, or as it was dialled."""
    transferred: bool
    """The person who was transferred talks, not the operator."""
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
    """The colleague's id; null: the phone belongs to no operator."""
    name: str
    """The colleague's name, or the number that was dialled."""
    calls: bool
    """This operator is on the calling side."""
    began: str
    """When it was dialled."""
    answered: str | None
    """When it was answered; null: not yet."""


@with_config(use_attribute_docstrings=True)
class MissedView(TypedDict):
    """A call that an operator's phone rang for, and that the operator did not take."""

    call: str
    """The call's id."""
    queue: str
    """The queue in which the call waited."""
    caller_number: str
    """E.164, else the digits that were sent; empty where none came."""
    caller_name: str
    """The name that the carrier sent; empty for none."""
    contact: int | None
    """The contact's id; null: the caller is not known."""
    contact_name: str
    """The contact's name; empty for none."""
    at: str
    """When it stopped ringing."""
    outcome: Literal["timed_out", "rejected", "cancelled"]
    """`cancelled`: the caller hung up."""


@with_config(use_attribute_docstrings=True)
class OperatorView(TypedDict):
    """An operator's whole state."""

    id: int
    """The operator's id: that of their user."""
    name: str
    """The name that colleagues see."""
    presence: Literal["offline", "available", "on_break"]
    """The presence that the operator chose."""
    break_reason: str
    """Reason of the break; empty for none."""
    break_until: str | None
    """When the break is meant to end; null: no break, or one that may last as long as it does."""
    pending: Literal["offline", "available", "on_break"] | None
    """A presence asked for during a call; it begins when the call ends."""
    pending_reason: str
    """Reason of the break that was asked for; empty for none."""
    routing: Literal["idle", "reserved", "ringing", "talking", "on_hold", "wrap_up", "previewing"]
    """What the operator does. Without another call, a call with a colleague counts: `ringing`, then `talking`."""
    device: Literal["registered", "unreachable", "in_use"]
    """State of the operator's phone, as the PBX has it."""
    call: str | None
    """The id of the call they are offered or are in; null for none."""
    since: str | None
    """When the present state began."""
    wrap_up_until: str | None
    """When the wrap-up ends by itself; null: no wrap-up, or one without an end."""
    talked: TalkedView | None
    """The last talk whose disposition the operator sets or may correct, until the next talk is over; null: none."""
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
    left: list[str]
    """Their queues that they have left for now."""
    cause: str
    """Why the state last changed."""


def preview_view(floor: Floor, id_: OperatorId) -> PreviewView | None:
    """The lead that an operator previews; None for none."""
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
        "until": iso_now(preview.until),
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
            "answered": iso_now(call.answered),
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
                "answered": iso_now(call.answered),
            }
        )
    return views


def operator_view(floor: Floor, operator: Operator, cause: str, missed: list[MissedView]) -> OperatorView:
    """An operator's state.

    Args:
        floor: the operator's floor.
        operator: the operator.
        cause: why the state last changed.
        missed: the calls that the operator missed.
    """
    id_ = operator.settings.id
    pending, talked = operator.pending, operator.talked
    return {
        "id": id_,
        "name": operator.settings.name,
        "presence": operator.presence.value,
        "break_reason": operator.break_reason,
        "break_until": _break_until(floor, operator),
        "pending": pending[0].value if pending else None,
        "pending_reason": pending[1] if pending else "",
        "routing": floor.internal.doing(id_, operator.routing).value,
        "device": operator.device.value,
        "call": operator.call,
        "since": iso_now(operator.since),
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
        "left": [m.queue for m in operator.settings.left],
        "cause": cause,
    }


def _break_until(floor: Floor, operator: Operator) -> str | None:
    length_s = floor.break_s.get(operator.break_reason)
    if operator.break_began is None or length_s is None:
        return None
    return iso(operator.break_began.wall + timedelta(seconds=length_s))


def _wrap_up_until(operator: Operator) -> str | None:
    if operator.routing is not RoutingState.WRAP_UP or operator.wrap_up_until is None:
        return None
    return iso(operator.wrap_up_until.wall)


def is_free(floor: Floor, operator: Operator) -> bool:
    """Whether an operator is available, in no call, and their phone can be rung."""
    return (
        operator.presence is Presence.AVAILABLE
        and operator.routing is RoutingState.IDLE
        and operator.device is DeviceState.REGISTERED
        and not floor.is_on_the_phone(operator.settings.id)
    )


def queues_of(operator: Operator) -> frozenset[QueueId]:
    """The queues an operator belongs to, those that they have left included."""
    return frozenset(m.queue for m in operator.settings.places)
