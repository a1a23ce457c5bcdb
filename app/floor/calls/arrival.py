"""How a call arrives on the floor, or returns to a queue."""

from app.domain.calls import CallOutcome, CallState, OfferOutcome
from app.domain.ids import AttemptId, CallId, CampaignId, QueueId
from app.domain.now import Now
from app.floor.calls.crowds import one_too_many
from app.floor.calls.legs import call_of, end_leg, end_legs, find_leg
from app.floor.calls.offers import end_offer
from app.floor.calls.waiting import BUSY, IN_QUEUE, dismiss, join, leave_queue, wait_on
from app.floor.events import CallEntered, CallerIdentified, CrmAnswered
from app.floor.facts import CallArrived, CallerKnown, CallerLookedUp
from app.floor.model import Call
from app.floor.turn import Turn


def enter(turn: Turn, event: CallEntered) -> None:
    """Handle a channel that asks for a queue: a new call, or one that an operator transferred there."""
    if event.channel in turn.floor.gone:
        return  # a late or repeated event
    call = call_of(turn, event.channel)
    if call is not None and call.channel != event.channel:
        leg = find_leg(call, event.channel)  # an operator's own channel: from now on it is a caller
        if leg is not None:
            end_leg(turn, call, leg)
        call = None
    if call is None:
        call = begin(turn, event, turn.happened)
        if cause := one_too_many(turn.floor, call):
            dismiss(turn, call, BUSY, CallOutcome.TURNED_AWAY, cause)
        else:
            join(turn, call, event.queue, "arrived", turn.happened)
    elif call.leaving is CallOutcome.TURNED_AWAY:
        pass  # a snapshot listed the call before this event came
    elif call.state not in IN_QUEUE or call.queue != event.queue:
        if call.attempt is not None:
            call.priority = event.priority  # an operator talked with the customer: they wait like any caller
        requeue(turn, call, event.queue)
    # else the event is a repetition


def begin(
    turn: Turn,
    event: CallEntered,
    arrived: Now | None = None,
    *,
    attempt: AttemptId | None = None,
    campaign: CampaignId | None = None,
) -> Call:
    """Put a new call on the floor, in no queue yet: a customer's, or one that a campaign's attempt placed.

    Args:
        turn: the step.
        event: the caller, and what the caller asks for.
        arrived: when the call arrived; now if not given.
        attempt: the attempt that placed the call.
        campaign: the attempt's campaign.
    """
    arrived = arrived or turn.now
    skills = event.skills | {f"lang:{event.language}"} if event.language else event.skills
    call = Call(
        id=CallId(event.channel),
        channel=event.channel,
        channel_name=event.channel_name,
        caller_number=event.caller_number,
        caller_name=event.caller_name,
        dialed=event.dialed,
        queue=event.queue,
        language=event.language,
        skills=skills,
        priority=event.priority,
        arrived=arrived,
        waiting_since=arrived,
        joined=arrived,
        first_queue=event.queue,
        attempt=attempt,
        campaign=campaign,
        caller_sent=event.caller_sent,
        number_withheld=event.number_withheld,
        caller_operator=turn.floor.by_endpoint.get(event.line),
        line=event.line,
    )
    turn.floor.calls[call.id] = call
    turn.floor.by_channel[call.channel] = call.id
    turn.facts.append(
        CallArrived(
            call=call.id,
            queue=call.queue,
            caller_number=call.caller_number,
            caller_name=call.caller_name,
            dialed=call.dialed,
            channel_name=call.channel_name,
            language=call.language,
            skills=tuple(sorted(skills)),
            priority=call.priority,
            arrived_at=arrived.wall,
            campaign=campaign,
            caller_sent=call.caller_sent,
            number_withheld=call.number_withheld,
            internal=call.internal,
        )
    )
    return call


def requeue(turn: Turn, call: Call, queue: QueueId) -> None:
    """Let a call that was elsewhere wait in a queue; the operators it rang or talked with become free."""
    end_offer(turn, call, OfferOutcome.CANCELLED, "sent_to_queue")
    leave_queue(turn, call)
    end_legs(turn, call)
    call.leaving = call.hung_up_first = None
    call.first_in_line = False
    join(turn, call, queue, "transferred")


def look_up(turn: Turn, event: CrmAnswered) -> None:
    """Take what the CRM says of a caller: beside our own contact, never in its place."""
    call = turn.floor.calls.get(event.call)
    if call is not None and call.crm != event.card:
        call.crm = event.card
        turn.facts.append(CallerLookedUp(call.id, event.card.state))


def identify(turn: Turn, event: CallerIdentified) -> None:
    """Take the contact base's answer, and route the call if it waited for it."""
    call = turn.floor.calls.get(event.call)
    if call is None:
        return
    call.preferred = event.preferred
    if not call.named:
        call.contact, call.contact_name, call.matches = event.contact, event.name, event.matches
    if event.matches and not call.named:
        turn.facts.append(CallerKnown(call.id, event.name, event.contact, event.matches, "lookup"))
    if call.state is CallState.WAITING:
        call.not_before_s = 0.0
        wait_on(turn, call)
