"""A live call as desktops show it: who, where, since when, and why this operator got it."""

from collections.abc import Mapping
from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from app.domain.calls import CallState
from app.domain.ids import ContactId, OperatorId
from app.domain.pop_urls import fill
from app.floor.floor import Floor
from app.floor.model import Call
from app.live.views import ColumnView, column_views, iso, iso_now

_MOST_URGENT = 1e6
"""Stands for infinity, which JSON lacks: the urgency in a queue without a target."""


@with_config(use_attribute_docstrings=True)
class ReasonView(TypedDict):
    """Why this operator got this call."""

    rule: Literal["preferred", "kept", "longest_idle", "longest_waiting"]
    """The rule that decided. `preferred`: the caller's last operator. `kept`: the operator was kept for this dial.
    `longest_idle`: the operator was idle longest. `longest_waiting`: the call waited longest when an operator became
    free.
    """
    level: int
    """The operator's level in the queue; 1 is asked first."""
    skills: list[str]
    """Skills that the queue and the call asked for."""
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
    """Idle members who were kept for dials of campaigns; not counted in `idle_operators`."""


@with_config(use_attribute_docstrings=True)
class ParkedView(TypedDict):
    """The place where a caller is parked, and the operator who parked the caller."""

    place: str
    """The number that a phone dials to take the caller off."""
    since: str
    """When the caller was parked."""
    operator: int | None
    """The operator who parked the caller; null: no operator did."""
    operator_name: str
    """That operator's name; empty for none."""


@with_config(use_attribute_docstrings=True)
class CrmView(TypedDict):
    """The caller as the centre's CRM knows them; the centre's own contact stands beside it."""

    state: Literal["asking", "late", "found", "unknown", "failed"]
    """`late`: the CRM has not answered in time; do not wait for it, though its answer may still come."""
    name: str
    """The caller's name in the CRM; empty for none."""
    company: str
    """The caller's company in the CRM; empty for none."""
    url: str
    """The caller's page in the CRM, of `http` or `https`; empty for none."""
    id: str
    """The caller's id in the CRM; empty for none."""


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
    """The call's state."""
    parked: ParkedView | None
    """Where the caller is parked; null: not parked. Readers who see their own calls alone see parked calls of their
    queues, too.
    """
    caller_number: str
    """E.164, else the digits that were sent; empty where none came, or where the caller withholds the number."""
    caller_name: str
    """The name that the carrier sent; empty for none."""
    dialed: str
    """The number that was called."""
    language: str
    """The language the caller chose, such as `et`; empty for none."""
    contact: int | None
    """The contact's id; null: the caller is not known, or none of `matches` has been picked."""
    contact_name: str
    """The contact's name; empty for none."""
    matches: list[int]
    """Contacts with this number; more than one means the operator picks."""
    complaints: int | None
    """How many complaints of the contact are not over; null: the contact is not known, or not counted yet."""
    operator: int | None
    """The operator who is offered the call or talks to the caller; null for none."""
    offer: int | None
    """The number of the open offer; null for none."""
    arrived: str
    """When the call arrived."""
    waiting_since: str
    """Since when the call waits; decides its place in the queue."""
    answered: str | None
    """When the call was first answered; null: not yet."""
    talking_since: str | None
    """Since when the present talk is; null: nobody talks."""
    held_since: str | None
    """Since when the talk is on hold; null: it is not."""
    attempt: str | None
    """The campaign's attempt that placed it; null: the customer called."""
    campaign: int | None
    """The campaign's id; null: the customer called."""
    disposed: bool
    """A disposition of the campaign's call has been set."""
    columns: list[ColumnView]
    """Columns of the campaign's lead, in the order of the list."""
    crm: CrmView | None
    """The caller as the CRM knows them; null: there is no CRM, or it has not been asked."""
    pop_url: str
    """The address that the queue wants opened when the phone rings; empty for none. Where it names what the CRM knows,
    wait while `crm.state` is `asking`.
    """
    reason: ReasonView | None
    """Why this operator got the call: of the offer that is open or was accepted; null for none."""


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


def _crm_view(call: Call) -> CrmView | None:
    card = call.crm
    if card is None:
        return None
    return {
        "state": card.state.value,
        "name": card.name,
        "company": card.company,
        "url": card.url,
        "id": card.id,
    }


def _pop_url(floor: Floor, call: Call, operator: OperatorId | None) -> str:
    queue = floor.queues.get(call.queue)
    if queue is None or not queue.settings.pop_url:
        return ""
    card = call.crm
    values = {
        "number": call.caller_number,
        "name": call.contact_name or (card.name if card else "") or call.caller_name,
        "call": call.id,
        "queue": call.queue,
        "dialed": call.dialed,
        "language": call.language,
        "contact": str(call.contact or ""),
        "operator": str(operator or ""),
        "campaign": str(call.campaign or ""),
    }
    if card is not None:
        values |= {
            "crm_name": card.name,
            "crm_company": card.company,
            "crm_id": card.id,
            "crm_url": card.url,
        }
    return fill(queue.settings.pop_url, values)


def call_view(floor: Floor, call: Call, complaints: Mapping[ContactId, int]) -> CallView:
    """A live call.

    Args:
        floor: has it.
        call: the call.
        complaints: how many complaints are not over, by contact, as far as they are counted.
    """
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
        "complaints": complaints.get(call.contact) if call.contact is not None else None,
        "operator": leg.operator if leg else None,
        "offer": offer.id if offer else None,
        "arrived": iso(call.arrived.wall),
        "waiting_since": iso(call.waiting_since.wall),
        "answered": iso_now(call.answered),
        "talking_since": iso_now(talking.answered) if talking else None,
        "held_since": iso_now(talking.held_since) if talking else None,
        "attempt": call.attempt,
        "campaign": call.campaign,
        "disposed": call.disposed,
        "columns": column_views(call.columns),
        "crm": _crm_view(call),
        "pop_url": _pop_url(floor, call, leg.operator if leg else None),
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
    """A call as operators see it who are not in it: without the columns of the campaign's lead, and without the CRM."""
    return {**view, "columns": [], "crm": None, "pop_url": ""}
