"""What a supervisor does with a live call: moves a caller who waits to another queue, or ends the call."""

from app.domain.calls import CallOutcome, CallState, EndedBy
from app.domain.ids import CallId, QueueId
from app.floor.calls.waiting import dismiss, join, leave_queue
from app.floor.commands import HangUpPhone
from app.floor.errors import CallOver, CallUnsteerable, QueueNotOnFloor
from app.floor.model import Call
from app.floor.turn import Turn


def move(turn: Turn, id_: CallId, queue: QueueId) -> None:
    """Let a caller who waits wait in another queue, with their place kept.

    Raises:
        CallOver: there is no such call.
        QueueNotOnFloor: there is no such queue.
        CallUnsteerable: the caller does not wait: a phone rings, or they talk; or a campaign called them.
    """
    call = _known(turn, id_)
    if queue not in turn.floor.queues:
        raise QueueNotOnFloor(queue=queue)
    if call.state is not CallState.WAITING or call.campaign is not None:
        raise CallUnsteerable
    if call.queue != queue:
        leave_queue(turn, call)
        join(turn, call, queue, "moved")


def end(turn: Turn, id_: CallId) -> None:
    """End a call: a caller who waits hears the queue's message, a talk is cut at the operator's phone.

    Raises:
        CallOver: there is no such call.
        CallUnsteerable: a phone rings for the call, or the call is being connected, parked or ended.
    """
    call = _known(turn, id_)
    talking = call.talking
    if call.state is CallState.WAITING and call.campaign is None:
        message = turn.floor.queues[call.queue].settings.leave_message
        dismiss(turn, call, message, CallOutcome.MAX_WAIT, "supervisor")
    elif (
        call.state in (CallState.TALKING, CallState.ON_HOLD)
        and talking is not None
        and talking.channel is not None
    ):
        call.hung_up_first = EndedBy.SERVICE
        turn.commands.append(HangUpPhone(call.id, talking.channel))
    else:
        raise CallUnsteerable


def _known(turn: Turn, id_: CallId) -> Call:
    call = turn.floor.calls.get(id_)
    if call is None:
        raise CallOver
    return call
