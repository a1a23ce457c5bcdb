"""The record of an operator's outside call."""

from decimal import Decimal

from app.compliance.outgoing import OutgoingRule
from app.domain.calls import CallOutcome, Direction, EndedBy
from app.domain.now import Now
from app.floor.facts import CallRecord, LegRecord
from app.floor.outgoing.state import NO_QUEUE, OutgoingCall, price


def talker(call: OutgoingCall) -> EndedBy:
    """The party that talks with the outside party."""
    return EndedBy.CALLER if call.transferred else EndedBy.OPERATOR


def record_of(
    call: OutgoingCall, ended: Now, cause: int, cause_text: str, rule: OutgoingRule | None
) -> CallRecord:
    """The record of a call that is over.

    All its times follow the wall clock as it stood when the call began.

    Args:
        call: the call in its last state.
        ended: when the call ended.
        cause: Q.850 hang-up cause of the channel that ended last.
        cause_text: the cause in words.
        rule: the rule that stopped the call; None: it was dialled, or was given up before the decision.
    """
    wall = call.began.wall_of
    talked_s = ended.mono_s - call.answered.mono_s if call.answered is not None else 0.0
    rang_s = (call.answered or ended).mono_s - call.rang.mono_s if call.rang is not None else 0.0
    legs: tuple[LegRecord, ...] = ()
    if not call.transferred and call.rang is not None:
        left = min(call.left or ended, ended)
        part_s = max(0.0, left.mono_s - call.answered.mono_s) if call.answered is not None else 0.0
        legs = (
            LegRecord(
                operator=call.operator,
                endpoint=call.endpoint,
                channel=call.channel,
                began_at=wall(call.rang),
                rang_s=rang_s,
                answered_at=wall(call.answered) if call.answered is not None else None,
                talked_s=part_s,
                held_s=0.0,
                ended_at=wall(left),
                outcome=None,
            ),
        )
    if rule is not None:
        outcome, ended_by = CallOutcome.REFUSED, EndedBy.SERVICE
    else:
        ended_by = call.hung_up_first or EndedBy.PBX
        gave_up = ended_by is talker(call)
        outcome = CallOutcome.ABANDONED if gave_up else CallOutcome.FAILED
        if call.answered is not None:
            outcome = CallOutcome.ANSWERED
        if call.cut_by is not None:
            rule, ended_by = call.cut_by, EndedBy.SERVICE
    return CallRecord(
        call=call.id,
        channel=call.channel,
        channel_name=call.channel_name,
        caller_number=call.number.number if call.number is not None else call.dialled,
        caller_name="",
        contact=call.contact,
        dialed=call.dialled,
        first_queue=NO_QUEUE,
        queue=NO_QUEUE,
        arrived_at=call.began.wall,
        answered_at=wall(call.answered) if call.answered is not None else None,
        ended_at=wall(ended),
        waited_s=0.0,
        rang_s=rang_s,
        talked_s=talked_s,
        held_s=0.0,
        duration_s=ended.mono_s - call.began.mono_s,
        operator=call.operator,
        outcome=outcome,
        ended_by=ended_by,
        cause=cause,
        cause_text=cause_text,
        legs=legs,
        unheard=call.unheard,
        direction=Direction.OPERATOR,
        refused_by=rule.value if rule is not None else "",
        cost=price(call.tariff, talked_s) if call.answered is not None else Decimal(0),
    )
