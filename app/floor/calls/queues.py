"""Queues as the administrator sets them."""

from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.floor.calls.routing import rebuild_queue
from app.floor.calls.waiting import limit_wait, sent_on
from app.floor.errors import CallersWait, QueueNotOnFloor
from app.floor.floor import Floor, Queue
from app.floor.turn import Turn


def set_queue(turn: Turn, settings: QueueSettings) -> None:
    """Make or change a queue; its waiting calls are routed anew by the new settings."""
    floor = turn.floor
    queue = floor.queues.get(settings.id)
    if queue is None:
        queue = Queue(settings)
        floor.queues[settings.id] = queue
        for operator in floor.operators.values():
            for membership in operator.settings.memberships:
                if membership.queue == settings.id:
                    queue.members[operator.settings.id] = membership.level
    before, queue.settings = queue.settings, settings
    if (before.max_wait_s, before.max_wait_then) != (settings.max_wait_s, settings.max_wait_then):
        for id_ in queue.waiting_calls:
            limit_wait(turn, floor.calls[id_])
    for id_ in tuple(queue.waiting_calls) if settings.paused is not None else ():
        sent_on(turn, floor.calls[id_])
    rebuild_queue(turn, queue)


def check_queue_removal(floor: Floor, id_: QueueId) -> None:
    """Check that a queue may be removed; one that is not on the floor may.

    Raises:
        CallersWait: callers wait in it.
    """
    queue = floor.queues.get(id_)
    if queue is not None and queue.waiting_calls:
        raise CallersWait(queue=id_)


def remove_queue(turn: Turn, id_: QueueId) -> None:
    """Take a queue away.

    Raises:
        QueueNotOnFloor: no such queue.
        CallersWait: callers wait in it.
    """
    if id_ not in turn.floor.queues:
        raise QueueNotOnFloor(queue=id_)
    check_queue_removal(turn.floor, id_)
    del turn.floor.queues[id_]
