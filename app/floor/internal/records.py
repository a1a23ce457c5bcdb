"""The record of a call between colleagues."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from app.domain.calls import CallOutcome, Direction, EndedBy
from app.domain.ids import QueueId, channel_of
from app.domain.now import Now
from app.floor.events import Missed
from app.floor.facts import CallRecord, LegRecord
from app.floor.internal.state import InternalCall
from app.floor.model import Leg

NO_QUEUE: Final = QueueId("")
_MISSED: Final = {Missed.BUSY: CallOutcome.BUSY, Missed.NO_ANSWER: CallOutcome.NO_ANSWER}
_CAUSES: Final = {Missed.BUSY: 17, Missed.NO_ANSWER: 19, Missed.UNREACHABLE: 20}
"""Q.850 hang-up causes."""


def record_of(
    call: InternalCall,
    ended: Now,
    *,
    cause: int = 0,
    cause_text: str = "",
    missed: Missed | None = None,
) -> CallRecord:
    """The record of a call that is over.

    All its times follow the wall clock as it stood when the call began.

    Args:
        call: the call in its last state.
        ended: when the call ended.
        cause: Q.850 hang-up cause of the channel that ended first.
        cause_text: the cause in words.
        missed: why nobody was reached; None: not reported.
    """
    wall = call.began.wall_of
    if call.answered is not None:
        outcome = CallOutcome.ANSWERED
    elif missed is not None:
        outcome, cause = _MISSED.get(missed, CallOutcome.FAILED), _CAUSES.get(missed, cause)
    else:
        outcome = CallOutcome.ABANDONED if call.hung_up_first is EndedBy.CALLER else CallOutcome.FAILED
    ends = [*call.earlier, *([call.far] if call.far is not None else [])]
    legs = tuple(_leg(leg, leg.ended or ended, wall) for leg in ends)
    return CallRecord(
        call=call.id,
        channel=channel_of(call.id),
        channel_name=call.channel_name,
        caller_number=call.caller_number,
        caller_name=call.caller_name,
        contact=None,
        dialed=call.dialled,
        first_queue=NO_QUEUE,
        queue=NO_QUEUE,
        arrived_at=call.began.wall,
        answered_at=wall(call.answered) if call.answered is not None else None,
        ended_at=wall(ended),
        waited_s=0.0,
        rang_s=sum(leg.rang_s for leg in legs),
        talked_s=sum(leg.talked_s for leg in legs),
        held_s=0.0,
        duration_s=ended.mono_s - call.began.mono_s,
        operator=call.far.operator if call.far is not None else call.called,
        outcome=outcome,
        ended_by=call.hung_up_first or EndedBy.PBX,
        cause=cause,
        cause_text=cause_text,
        legs=legs,
        unheard=call.unheard,
        direction=Direction.INTERNAL,
        caller_operator=call.caller,
    )


def _leg(leg: Leg, ended: Now, wall: Callable[[Now], datetime]) -> LegRecord:
    rang = leg.rang or leg.began
    return LegRecord(
        operator=leg.operator,
        endpoint=leg.endpoint,
        channel=leg.channel,
        began_at=wall(rang),
        rang_s=max(0.0, (leg.answered or ended).mono_s - rang.mono_s),
        answered_at=wall(leg.answered) if leg.answered is not None else None,
        talked_s=max(0.0, ended.mono_s - leg.answered.mono_s) if leg.answered is not None else 0.0,
        held_s=0.0,
        ended_at=wall(ended),
        outcome=None,
    )
