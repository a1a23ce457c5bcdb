"""How a call ends, and its one record."""

from collections.abc import Callable
from datetime import datetime

from app.domain.calls import CallOutcome, CallState, Direction, EndedBy, OfferOutcome
from app.domain.ids import AttemptId, ChannelId
from app.domain.now import Now
from app.floor.calls.arrival import begin
from app.floor.calls.channel_replacement import stand_in_for_caller, stand_in_for_leg
from app.floor.calls.legs import call_of, channel_gone, end_leg, end_legs, find_leg, leave_alone
from app.floor.calls.offers import end_offer
from app.floor.calls.transfers import succeeded
from app.floor.calls.waiting import leave_queue
from app.floor.campaigns import attempts
from app.floor.events import CallEntered
from app.floor.facts import CallEnded, CallRecord, LegRecord
from app.floor.model import Call, Leg
from app.floor.turn import Turn

NORMAL_CLEARING = 16
"""Q.850 cause at the end of a talk. A caller who gives up while a phone rings has another."""


def hangup_requested(turn: Turn, channel: ChannelId) -> None:
    """Remember which party was the first to hang up."""
    call = call_of(turn, channel)
    if call is None or call.hung_up_first is not None:
        return
    if channel == call.channel:
        call.hung_up_first = EndedBy.CALLER
    elif call.talking is not None and call.talking.channel == channel:
        call.hung_up_first = EndedBy.OUTSIDE if call.talking.operator is None else EndedBy.OPERATOR


def channel_hung_up(turn: Turn, channel: ChannelId, cause: int, cause_text: str) -> None:
    """Handle the end of a channel: the call ends, or one leg ends, or another channel has taken its place."""
    floor = turn.floor
    floor.locals.pop(channel, None)
    stand_in = floor.replaced.pop(channel, None)
    call = call_of(turn, channel)
    if call is None:
        floor.by_channel.pop(channel, None)
        attempts.channel_hung_up(turn, channel, cause)
        return
    if channel == call.channel:
        if stand_in is None:
            call.unheard = call.unheard or _is_missing_something(call, cause)
            end_call(turn, call, cause, cause_text)
        else:
            stand_in_for_caller(turn, call, stand_in)
        return
    floor.by_channel.pop(channel, None)
    leg = find_leg(call, channel)
    if leg is None or (call.offer is not None and call.offer.leg is leg):
        return  # an offered phone that stops ringing: the PBX reports the offer's outcome separately
    if stand_in is not None and call.talking is leg:
        stand_in_for_leg(turn, call, leg, stand_in)
        return
    end_leg(turn, call, leg)
    if call.talking is None and call.state in (CallState.TALKING, CallState.ON_HOLD):
        call.state = CallState.LEAVING
        leave_alone(turn, call)


def gave_up_at_once(turn: Turn, entering: CallEntered, cause: int, cause_text: str) -> None:
    """Record a call whose caller hung up within milliseconds, before the PBX could report that it had entered."""
    floor, channel = turn.floor, entering.channel
    known = channel in floor.gone or channel in floor.by_channel or channel in floor.outgoing.by_channel
    if known or AttemptId(channel) in floor.attempts:
        return
    if not entering.queue and entering.line in floor.by_endpoint:
        return  # an operator who dialled a colleague
    call = begin(turn, entering, turn.happened)
    call.hung_up_first = EndedBy.CALLER
    call.unheard = bool(entering.queue)  # its arrival may have been reported and lost: the PBX's log has it
    end_call(turn, call, cause, cause_text)


def _is_missing_something(call: Call, cause: int) -> bool:
    """Whether a call's end shows that the floor missed an earlier event of it; the PBX's log has that event.

    There are three signs. No party was reported to hang up first, as if the PBX had ended the call. Or the call ended
    while a phone rang, but with the cause of an ended talk. Or it was handed over when it had been offered, and no
    phone was reported to ring.
    """
    if call.leaving is CallOutcome.HANDED_OVER and call.legs and call.legs[-1].channel is None:
        return True
    return call.hung_up_first is None or (call.offer is not None and cause == NORMAL_CLEARING)


def end_call(turn: Turn, call: Call, cause: int, cause_text: str, ended: Now | None = None) -> None:
    """End a call whose caller's channel is gone: free its operators and write the record.

    Args:
        turn: the step.
        call: a call on the floor.
        cause: Q.850 hang-up cause.
        cause_text: the cause in words.
        ended: when the call ended; None: when the event happened.
    """
    floor = turn.floor
    ended = ended or turn.happened
    end_offer(turn, call, OfferOutcome.CANCELLED, "channel_gone")
    leave_queue(turn, call, ended)
    end_legs(turn, call, ended)
    call.state = CallState.ENDED
    call.ticket += 1
    del floor.calls[call.id]
    for id_ in (call.channel, *call.local_channel_ids):
        floor.by_channel.pop(id_, None)
    channel_gone(turn, call.channel)
    turn.facts.append(CallEnded(call.id, _record(call, ended, cause, cause_text)))
    succeeded(turn, call)
    attempts.call_ended(turn, call, cause)


def _record(call: Call, ended: Now, cause: int, cause_text: str) -> CallRecord:
    """The call's record. Its times follow the wall clock as it stood at the arrival, so setting the clock during
    the call does not distort them.
    """
    wall = call.arrived.wall_of
    legs = tuple(_leg_record(leg, ended, wall) for leg in call.legs)
    served = [leg.operator for leg in call.legs if leg.answered is not None and leg.operator is not None]
    ended_by = call.hung_up_first or EndedBy.PBX
    return CallRecord(
        call=call.id,
        channel=call.channel,
        channel_name=call.channel_name,
        caller_number=call.caller_number,
        caller_name=call.caller_name,
        contact=call.contact,
        dialed=call.dialed,
        first_queue=call.first_queue,
        queue=call.queue,
        arrived_at=call.arrived.wall,
        answered_at=wall(call.answered) if call.answered else None,
        ended_at=wall(ended),
        waited_s=call.waited_s,
        rang_s=sum(leg.rang_s for leg in legs),
        talked_s=sum(leg.talked_s for leg in legs),
        held_s=sum(leg.held_s for leg in legs),
        duration_s=ended.mono_s - call.arrived.mono_s,
        operator=served[-1] if served else None,
        outcome=_outcome(call, ended_by),
        ended_by=ended_by,
        cause=cause,
        cause_text=cause_text,
        legs=legs,
        language=call.language,
        skills=tuple(sorted(call.skills)),
        priority=call.priority,
        campaign=call.campaign,
        unheard=call.unheard,
        caller_sent=call.caller_sent,
        number_withheld=call.number_withheld,
        direction=Direction.INTERNAL if call.internal else None,
        caller_operator=call.caller_operator,
    )


def _outcome(call: Call, ended_by: EndedBy) -> CallOutcome:
    if call.answered is not None:
        return CallOutcome.ANSWERED
    if call.leaving is not None:
        return call.leaving
    return CallOutcome.ABANDONED if ended_by is EndedBy.CALLER else CallOutcome.FAILED


def _leg_record(leg: Leg, ended: Now, wall: Callable[[Now], datetime]) -> LegRecord:
    leg_ended = min(leg.ended or ended, ended)  # an offer may have been given up after the call was gone
    rang_until = leg.answered or leg_ended
    return LegRecord(
        operator=leg.operator,
        endpoint=leg.endpoint,
        channel=leg.channel,
        began_at=wall(leg.began),
        rang_s=rang_until.mono_s - leg.rang.mono_s if leg.rang else 0.0,
        answered_at=wall(leg.answered) if leg.answered else None,
        talked_s=leg_ended.mono_s - leg.answered.mono_s if leg.answered else 0.0,
        held_s=leg.held_s,
        ended_at=wall(leg_ended),
        outcome=leg.outcome,
        phone_lost=leg.phone_lost,
    )
