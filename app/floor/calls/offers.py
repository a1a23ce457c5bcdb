"""How an offer ends: declined, not answered, cancelled, refused by the PBX, or without any report."""

from app.domain.calls import CallState, OfferOutcome
from app.domain.ids import CallId, ChannelId, OfferId
from app.floor.calls.legs import call_of
from app.floor.calls.routing import OFFER_LEASE_S, seek_operator
from app.floor.calls.waiting import IN_QUEUE, RETRY_S, take_from_ringing, wait_again
from app.floor.facts import CallQueued, OfferEnded
from app.floor.floor import DeadlineKind
from app.floor.model import Call
from app.floor.operators.states import offer_lapsed
from app.floor.turn import Turn

PBX_GAVE_UP = "q850:0"
"""The cause when nobody refused: the PBX's ring time was over, by its wall clock."""
EARLY_S, LATE_S = 1.0, 2.0
"""How much shorter or longer than the ring time the ringing may be and still count as a miss."""
_REFUSALS_TO_LOOK = 2
"""At this many refusals in a row the floor asks for a snapshot. A first one mostly means a caller who just hung up."""


def offer_returned(turn: Turn, channel: ChannelId, id_: OfferId, outcome: OfferOutcome, cause: str) -> None:
    """End an offer that failed; the caller keeps the place and goes to the next operator."""
    call = call_of(turn, channel)
    if call is None:
        return
    if call.offer is not None and call.offer.id == id_:
        rings_until_s = call.offer.deadline_s - OFFER_LEASE_S
        if outcome is OfferOutcome.TIMED_OUT and cause == PBX_GAVE_UP:
            late_s = turn.now.mono_s - rings_until_s
            if not -EARLY_S <= late_s <= LATE_S:  # its clock was set, or it stood still: no operator's miss
                outcome = OfferOutcome.FAILED
        error = outcome is OfferOutcome.FAILED and cause != PBX_GAVE_UP
        end_offer(turn, call, outcome, cause, error=error)
        wait_again(turn, call, outcome.value)
    elif call.state not in IN_QUEUE:
        turn.fault("returned_to_hold", call.id)
    # else the floor has given this offer up already


def offer_overdue(turn: Turn, call: Call) -> None:
    """Handle an offer whose end the PBX never reported: first ask for a snapshot, then take the caller back.

    The missing report may be the answer, and a talk must not be broken.
    """
    offer = call.offer
    if offer is None:
        return
    linked = turn.floor.node(call.node).linked
    if offer.overdue and linked:
        take_from_ringing(turn, call)
        end_offer(turn, call, OfferOutcome.FAILED, "no_word_from_pbx")
        wait_again(turn, call, OfferOutcome.FAILED.value)
        return
    if linked:
        offer.overdue = True
        turn.fault("offer_overdue", call.id)
    turn.set_deadline(DeadlineKind.OFFER, turn.now.mono_s + OFFER_LEASE_S, offer.id, call=call.id)


def offer_refused(turn: Turn, call_id: CallId, id_: OfferId, reason: str) -> None:
    """End an offer that the PBX refused: it did not move the caller, and no phone rang.

    Where the phone rings, the PBX was moving the caller already and refused to do it twice; a snapshot tells.
    """
    call = turn.floor.calls.get(call_id)
    if call is None or call.offer is None or call.offer.id != id_:
        return
    if call.offer.leg.channel is not None:
        turn.take_snapshot(call.node, "offer_refused")
        return
    end_offer(turn, call, OfferOutcome.CANCELLED, f"refused: {reason}")
    call.state = CallState.WAITING
    call.refusals += 1
    if call.refusals == _REFUSALS_TO_LOOK:
        turn.take_snapshot(call.node, "offer_refused")
    turn.facts.append(CallQueued(call.id, call.queue, "refused"))
    call.not_before_s = turn.now.mono_s + RETRY_S
    seek_operator(turn, call)


def end_offer(turn: Turn, call: Call, outcome: OfferOutcome, cause: str, *, error: bool = False) -> None:
    """Close a call's open offer, if it has one, and free its operator. The calling function decides what follows.

    Args:
        turn: the step.
        call: the call that was offered.
        outcome: the offer's outcome.
        cause: the cause of that outcome.
        error: whether the phone answered with an error.
    """
    offer = call.offer
    if offer is None:
        return
    call.offer = None
    offer.leg.ended, offer.leg.outcome = turn.now, outcome
    if offer.leg.channel is not None:
        turn.floor.by_channel.pop(offer.leg.channel, None)
    turn.facts.append(OfferEnded(call.id, offer.id, offer.operator, outcome, cause))
    if outcome is not OfferOutcome.CANCELLED and call.preferred == offer.operator:
        call.preferred = None  # the preferred operator is offered the call once
    operator = turn.floor.operators.get(offer.operator)
    if operator is not None and operator.call == call.id:
        offer_lapsed(turn, operator, turn.floor.queues[call.queue].settings, outcome, error=error)
