"""What desktops are shown of a live call: who, where, since when, and why this operator got it."""

from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from app.domain.calls import CallState
from app.floor.floor import Floor
from app.floor.model import Call
from app.live.views import ColumnView, column_views, iso, iso_now

_MOST_URGENT = 1e6
"""JSON has no infinity, and a queue without a target would have one."""


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
        "answered": iso_now(call.answered),
        "talking_since": iso_now(talking.answered) if talking else None,
        "held_since": iso_now(talking.held_since) if talking else None,
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
