"""The course of one attempt to reach a customer: asked of the dialer, dialling, answered, connected or not, over.

From the answer on, an attempt is a call of the campaign's queue, which routing serves before those that merely wait.
An operator must be connected within the time the rules allow. If none is, the customer hears who called, and the
attempt counts as abandoned.
"""

from collections.abc import Container
from typing import Final

from app.domain.calls import CallOutcome, CallState, EndedBy, OfferOutcome
from app.domain.campaigns import AttemptOutcome, AttemptState, MachineHandling
from app.domain.ids import AttemptId, CallId, CampaignId, ChannelId, NodeId, OperatorId, node_of
from app.domain.now import Now
from app.floor.calls.arrival import begin
from app.floor.calls.legs import channel_gone
from app.floor.calls.offers import end_offer
from app.floor.calls.waiting import join, leave_queue
from app.floor.campaigns import keeping, statistics_updates
from app.floor.campaigns.dialing import Attempt, Campaign
from app.floor.commands import AbandonCall, PlaceCall
from app.floor.events import AttemptAnswered, AttemptDialled, AttemptRestored, CallEntered
from app.floor.facts import AttemptEnded, CallerKnown, CallLeaving, CustomerOptedOut
from app.floor.floor import DeadlineKind
from app.floor.model import Call
from app.floor.operators.states import preview_over
from app.floor.turn import Turn

LIVE_PRIORITY: Final = 1_000
"""The priority of a live answer: before all callers who wait."""
ASKED_LEASE_S: Final = 15.0
"""How long the dialer may take to pick a lead and place the call."""
RING_LEASE_S: Final = 15.0
"""How long after the ring time the PBX may take to report the outcome."""
BY_ITSELF_S: Final = 1.0
"""A phone that answers automatically has answered after ringing this long. If not, the offer counts as a miss, so that
the phone is not offered the next customer."""

_BY_CAUSE: Final = {
    1: AttemptOutcome.WRONG_NUMBER,  # unallocated
    22: AttemptOutcome.WRONG_NUMBER,  # number changed
    28: AttemptOutcome.WRONG_NUMBER,  # invalid format
    17: AttemptOutcome.BUSY,
    21: AttemptOutcome.BUSY,  # rejected
    18: AttemptOutcome.NO_ANSWER,
    19: AttemptOutcome.NO_ANSWER,
    16: AttemptOutcome.NO_ANSWER,  # the service ended the dial when the ring time was over
    0: AttemptOutcome.NO_ANSWER,
}
"""The outcome by Q.850 hang-up cause; any other cause is a failure of the network."""


def outcome_of_cause(cause: int) -> AttemptOutcome:
    """The outcome of an unanswered attempt, by the Q.850 hang-up cause of its channel."""
    return _BY_CAUSE.get(cause, AttemptOutcome.FAILED)


def ask(turn: Turn, campaign: Campaign, attempt: Attempt) -> None:
    """Put an attempt on the floor, and set the deadline for the dialer to place it."""
    floor = turn.floor
    campaign.attempts[attempt.id] = attempt
    floor.attempts[attempt.id] = attempt
    floor.trunks[campaign.settings.trunk].attempts += 1
    turn.set_deadline(DeadlineKind.ATTEMPT, turn.now.mono_s + ASKED_LEASE_S, 0, attempt=attempt.id)


def place(turn: Turn, campaign: Campaign, attempt: Attempt) -> None:
    """Put an attempt on the floor, and ask the dialer to place it."""
    settings = campaign.settings
    ask(turn, campaign, attempt)
    turn.commands.append(
        PlaceCall(
            attempt=attempt.id,
            campaign=settings.id,
            trunk=settings.trunk,
            caller_id=settings.caller_id,
            ring_s=settings.ring_s,
            queue=settings.queue,
            detect_machines=settings.detect_machines,
            detector=settings.detector,
            message=settings.message,
            operator=attempt.operator,
        )
    )


def dialled(turn: Turn, event: AttemptDialled) -> None:
    """The dialer picked a lead, committed the attempt, and now tells the PBX to dial."""
    attempt = turn.floor.attempts.get(event.attempt)
    if attempt is None or attempt.dialled is not None:
        return
    attempt.dialled, attempt.ordinal = turn.now, event.ordinal
    turn.floor.campaigns[attempt.campaign].ordinal = event.ordinal
    attempt.lead, attempt.number = event.lead, event.number
    attempt.contact, attempt.contact_name = event.contact, event.contact_name
    attempt.columns = event.columns
    attempt.operator = attempt.operator or event.operator
    if attempt.state is AttemptState.ASKED:
        attempt.state = AttemptState.DIALLING
    keeping.prefer(turn, attempt)
    if attempt.withdrawn:
        keeping.withdraw(turn, attempt)  # the dialer dialled it before it heard of the withdrawal
    lease_s = turn.floor.campaigns[attempt.campaign].settings.ring_s + RING_LEASE_S
    turn.set_deadline(DeadlineKind.ATTEMPT, turn.now.mono_s + lease_s, 1, attempt=attempt.id)


def restored(turn: Turn, event: AttemptRestored) -> None:
    """Restore an attempt from the records, which have its lead and no end; the PBX is asked for its outcome."""
    if event.attempt in turn.floor.attempts:
        return
    attempt = adopt(turn, ChannelId(event.attempt), event.campaign, event.number)
    if attempt is not None:
        attempt.lead, attempt.operator = event.lead, event.operator
        attempt.contact, attempt.contact_name = event.contact, event.contact_name
        attempt.columns = event.columns


def not_placed(turn: Turn, id_: AttemptId, again_s: float) -> None:
    """Forget an attempt for which the dialer has no lead: nothing was dialled, and nothing is recorded."""
    attempt = turn.floor.attempts.get(id_)
    if attempt is None or attempt.dialled is not None:
        return
    campaign = turn.floor.campaigns[attempt.campaign]
    campaign.nothing_until_s = max(campaign.nothing_until_s, turn.now.mono_s + again_s)
    _forget(turn, attempt)


def is_machine(turn: Turn, attempt: Attempt) -> None:
    """Note that a machine answered: the message may take a while, and no operator is needed for it."""
    attempt.state, attempt.answered = AttemptState.ANSWERED, turn.now
    keeping.release(turn, attempt)


def answered(turn: Turn, event: AttemptAnswered) -> None:
    """Handle the answer of an attempt by a person or a machine."""
    floor = turn.floor
    if event.channel in floor.gone:
        return  # the event of the channel's end came first
    attempt = adopt(turn, event.channel, event.campaign, event.number)
    if attempt is None or attempt.answered is not None:
        return
    attempt.amd = event.amd
    settings = floor.campaigns[attempt.campaign].settings
    if event.machine and settings.machine is not MachineHandling.PASS_ON:
        is_machine(turn, attempt)
        statistics_updates.failed(turn, attempt, AttemptOutcome.MACHINE)
        message = settings.machine_message or settings.message
        message = message if settings.machine is MachineHandling.MESSAGE else ""
        turn.commands.append(AbandonCall(CallId(event.channel), event.channel, message, machine=True))
        return
    statistics_updates.answered(turn, attempt)
    call = begin(
        turn,
        CallEntered(
            channel=event.channel,
            channel_name=event.channel_name,
            caller_number=attempt.number,
            caller_name="",
            dialed=settings.caller_id,
            queue=settings.queue,
            priority=LIVE_PRIORITY,
            line=event.line,
        ),
        attempt=attempt.id,
        campaign=settings.id,
    )
    became(turn, attempt, call)
    join(turn, call, settings.queue, "campaign")
    _end_preview(turn, attempt, "customer_answered")


def connected(turn: Turn, call: Call, at: Now) -> None:
    """Note that an operator talks with the customer."""
    attempt = turn.floor.attempts.get(call.attempt) if call.attempt is not None else None
    if attempt is not None and attempt.connected is None:
        attempt.connected = at
        if not attempt.abandoned:
            statistics_updates.settled(turn, attempt, abandoned=False)


def overdue(turn: Turn, attempt: Attempt) -> None:
    """Abandon a live answer that no operator took in time."""
    call = turn.floor.calls.get(attempt.call) if attempt.call is not None else None
    if call is None or attempt.connected is not None or call.state is CallState.LEAVING:
        return
    _abandon(turn, attempt)
    rang = call.offer.leg.rang if call.offer is not None else None
    missed = rang is not None and turn.now.mono_s - rang.mono_s >= BY_ITSELF_S
    end_offer(turn, call, OfferOutcome.TIMED_OUT if missed else OfferOutcome.CANCELLED, "not_in_time")
    _let_go(turn, attempt, call)


def failed(turn: Turn, id_: AttemptId, outcome: AttemptOutcome) -> None:
    """End an attempt that reached nobody."""
    attempt = turn.floor.attempts.get(id_)
    if attempt is not None and attempt.answered is None:
        end(turn, attempt, outcome)


def unheard_of(turn: Turn, attempt: Attempt) -> None:
    """End an attempt whose outcome neither the dialer nor the PBX reported in time, as unknown."""
    if attempt.state is not AttemptState.ANSWERED:
        end(turn, attempt, AttemptOutcome.UNKNOWN)


def channel_hung_up(turn: Turn, channel: ChannelId, cause: int) -> None:
    """End the attempt whose channel hung up without becoming a call: nobody answered, or a machine did."""
    attempt = turn.floor.attempts.get(AttemptId(channel))
    if attempt is None or attempt.call is not None:
        return
    channel_gone(turn, channel)
    if attempt.answered is not None:
        end(turn, attempt, AttemptOutcome.MACHINE, cause)
        return
    outcome = outcome_of_cause(cause)
    if attempt.withdrawn and outcome is AttemptOutcome.NO_ANSWER:
        outcome = AttemptOutcome.WITHDRAWN
    end(turn, attempt, outcome, cause)


def call_ended(turn: Turn, call: Call, cause: int) -> None:
    """End the attempt whose call is over."""
    attempt = turn.floor.attempts.get(call.attempt) if call.attempt is not None else None
    if attempt is None:
        return
    let_go = call.leaving is not None or (attempt.withdrawn and call.hung_up_first is not EndedBy.CALLER)
    if let_go and attempt.connected is None:
        _abandon(
            turn, attempt
        )  # also if the queue's longest wait let them go, or the dial was withdrawn just as they answered
    if attempt.abandoned:
        outcome = AttemptOutcome.ABANDONED
    elif attempt.connected is not None:
        outcome = AttemptOutcome.ANSWERED
    elif call.hung_up_first is EndedBy.CALLER:
        outcome = AttemptOutcome.HUNG_UP
    else:
        outcome = AttemptOutcome.UNKNOWN if call.unheard else AttemptOutcome.FAILED
    served = [leg.operator for leg in call.legs if leg.answered is not None and leg.operator is not None]
    end(turn, attempt, outcome, cause, served[-1] if served else None)


def opted_out(turn: Turn, channel: ChannelId, campaign: CampaignId) -> None:
    """Record that a customer asked not to be called again, whether or not the floor still has the call."""
    turn.facts.append(CustomerOptedOut(AttemptId(channel), campaign))


def end(
    turn: Turn,
    attempt: Attempt,
    outcome: AttemptOutcome,
    cause: int = 0,
    operator: OperatorId | None = None,
) -> None:
    """End an attempt and record how it came out."""
    asked = attempt.asked
    if attempt.id not in turn.floor.attempts:
        return
    if attempt.answered is None:
        statistics_updates.failed(turn, attempt, outcome)
    turn.facts.append(
        AttemptEnded(
            attempt=attempt.id,
            campaign=attempt.campaign,
            lead=attempt.lead,
            outcome=outcome,
            asked_at=asked.wall,
            answered_at=asked.wall_of(attempt.answered) if attempt.answered else None,
            connected_at=asked.wall_of(attempt.connected) if attempt.connected else None,
            ended_at=asked.wall_of(turn.now),
            rang_s=_between_s(attempt.dialled, attempt.answered or turn.now),
            connect_s=_between_s(attempt.answered, attempt.connected),
            cause=cause,
            call=attempt.call,
            operator=operator,
            amd=attempt.amd,
        )
    )
    _forget(turn, attempt)


def adopt(turn: Turn, channel: ChannelId, campaign_id: CampaignId, number: str) -> Attempt | None:
    """The attempt on this channel; one from before a restart of the service is put on the floor anew.

    Returns:
        The attempt; None: its campaign is not on the floor.
    """
    campaign = turn.floor.campaigns.get(campaign_id)
    if campaign is None:
        return None
    attempt = turn.floor.attempts.get(AttemptId(channel))
    if attempt is None:
        attempt = Attempt(id=AttemptId(channel), campaign=campaign_id, asked=turn.now)
        ask(turn, campaign, attempt)
        attempt.state, attempt.dialled, attempt.number = AttemptState.DIALLING, turn.now, number
        lease_s = campaign.settings.ring_s + RING_LEASE_S
        turn.set_deadline(DeadlineKind.ATTEMPT, turn.now.mono_s + lease_s, 1, attempt=attempt.id)
    return attempt


def became(turn: Turn, attempt: Attempt, call: Call) -> None:
    """Make an answered attempt this call: an operator is due within `connect_s`."""
    attempt.state, attempt.answered, attempt.call = AttemptState.ANSWERED, turn.now, call.id
    call.columns = attempt.columns
    call.contact, call.contact_name, call.preferred = attempt.contact, attempt.contact_name, attempt.operator
    if attempt.contact is not None:
        turn.facts.append(
            CallerKnown(call.id, call.contact_name, call.contact, (attempt.contact,), "campaign")
        )
    connect_s = turn.floor.campaigns[attempt.campaign].settings.connect_s
    turn.set_deadline(DeadlineKind.CONNECT, turn.now.mono_s + connect_s, 0, attempt=attempt.id)


def missing(turn: Turn, node: NodeId, there: Container[str], trusted_s: float) -> None:
    """End the attempts whose channel is missing from a snapshot, as unknown.

    Args:
        turn: the step.
        node: the PBX of the snapshot.
        there: channels in the snapshot, and those of which events follow.
        trusted_s: attempts dialled after this moment, monotonic, may not be in the snapshot yet.
    """
    for attempt in list(turn.floor.attempts.values()):
        if node_of(attempt.id) != node:
            continue
        sent = attempt.dialled
        if sent is not None and sent.mono_s <= trusted_s and attempt.call is None and attempt.id not in there:
            end(turn, attempt, AttemptOutcome.UNKNOWN)


def _abandon(turn: Turn, attempt: Attempt) -> None:
    if not attempt.abandoned:
        attempt.abandoned = True
        statistics_updates.settled(turn, attempt, abandoned=True)


def leaves(call: Call) -> None:
    """Note that a customer hears the campaign's message, after which the PBX hangs up."""
    call.state = CallState.LEAVING
    call.ticket += 1
    call.leaving = CallOutcome.DROPPED
    call.hung_up_first = EndedBy.SERVICE


def let_go_again(turn: Turn, call: Call, trusted_s: float) -> None:
    """Repeat the order to let a customer go, as a snapshot shows them still waiting.

    Args:
        turn: the step.
        call: the customer's call.
        trusted_s: an order given after this moment, monotonic, may not show in the snapshot yet.
    """
    attempt = turn.floor.attempts.get(call.attempt) if call.attempt is not None else None
    if attempt is None or attempt.answered is None or call.leaving is None:
        return
    settings = turn.floor.campaigns[attempt.campaign].settings
    if attempt.answered.mono_s + settings.connect_s <= trusted_s:
        turn.commands.append(AbandonCall(call.id, call.channel, settings.message))


def _let_go(turn: Turn, attempt: Attempt, call: Call) -> None:
    message = turn.floor.campaigns[attempt.campaign].settings.message
    leave_queue(turn, call)
    leaves(call)
    keeping.release(turn, attempt)
    turn.facts.append(CallLeaving(call.id, message, "not_in_time"))
    turn.commands.append(AbandonCall(call.id, call.channel, message))


def _forget(turn: Turn, attempt: Attempt) -> None:
    floor = turn.floor
    campaign = floor.campaigns[attempt.campaign]
    keeping.release(turn, attempt)
    del campaign.attempts[attempt.id], floor.attempts[attempt.id]
    floor.trunks[campaign.settings.trunk].attempts -= 1
    floor.look_at_campaigns = True
    _end_preview(turn, attempt, "not_reached")


def _end_preview(turn: Turn, attempt: Attempt, cause: str) -> None:
    """Free the operator who looked at the attempt's lead: for its answer, which waits for them, or another lead."""
    operator = turn.floor.operators.get(attempt.operator) if attempt.operator is not None else None
    preview = turn.floor.previews.get(attempt.operator) if attempt.operator is not None else None
    if operator is not None and preview is not None and preview.id == attempt.id:
        preview_over(turn, operator, cause)


def _between_s(one: Now | None, other: Now | None) -> float:
    return max(0.0, other.mono_s - one.mono_s) if one is not None and other is not None else 0.0
