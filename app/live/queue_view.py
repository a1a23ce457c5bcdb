"""A queue as desktops show it."""

from pydantic import with_config
from typing_extensions import TypedDict

from app.domain.operators import Presence, RoutingState
from app.floor.floor import Floor, Queue
from app.live.operator_view import is_free
from app.live.views import iso

_IN_TALK = frozenset({RoutingState.TALKING, RoutingState.ON_HOLD})


@with_config(use_attribute_docstrings=True)
class QueueView(TypedDict):
    """A queue as a tile shows it."""

    id: str
    """The queue's short name."""
    title: str
    """The name that people see."""
    waiting: int
    """Calls that wait or are being offered."""
    longest_wait_since: str | None
    """Since when the call waits that has waited longest; null: no call waits."""
    target_s: float
    """The service-level target: seconds within which a call is to be answered."""
    paused: str | None
    """Why the queue is paused, which may be empty: nobody waits in it. null: it is open."""
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
        elif is_free(floor, operator):
            idle += 1
    first = next(iter(queue.waiting_calls), None)
    longest = floor.calls.get(first) if first is not None else None
    return {
        "id": queue.settings.id,
        "title": queue.settings.title,
        "waiting": len(queue.waiting_calls),
        "longest_wait_since": iso(longest.waiting_since.wall) if longest else None,
        "target_s": queue.settings.target_s,
        "paused": queue.settings.paused,
        "idle": idle,
        "talking": talking,
        "wrap_up": wrap_up,
        "on_break": on_break,
        "members": present,
    }
