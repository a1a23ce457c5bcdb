"""`step`: the one entry point. An event goes in; commands and facts come out.

`step` first handles the deadlines that are due, as if they were earlier events. A request that does not fit changes
nothing, and `StepResult.refusal` says why.
"""

from datetime import timedelta
from heapq import heappop
from typing import assert_never

from app.domain.campaigns import AttemptOutcome
from app.domain.errors import NotPossible
from app.domain.now import Now
from app.floor.calls import (
    arrival,
    channel_replacement,
    fallback_return,
    hangup,
    local_channels,
    lost_phones,
    offers,
    parking,
    queues,
    steering,
    talks,
    transfers,
    waiting,
)
from app.floor.campaigns import attempts, keeping, placing, previews
from app.floor.commands import (
    DismissCall,
    OfferCall,
    PlaceCall,
    TakeBack,
    TakeSnapshot,
    WithdrawCall,
    node_of_command,
)
from app.floor.deadlines import expire, is_live
from app.floor.errors import CallOver
from app.floor.events import (
    AttemptAnswered,
    AttemptDialled,
    AttemptFailed,
    AttemptNotPlaced,
    AttemptRestored,
    AttendedTransferred,
    BlindTransferred,
    CallEntered,
    CallerIdentified,
    CallerLost,
    CallerTakenBack,
    CallParked,
    CallRetrieved,
    CampaignRecalled,
    CampaignRemoved,
    CampaignSet,
    ChannelHeld,
    ChannelHungUp,
    ChannelReplaced,
    ChannelResumed,
    ClockTicked,
    ColleagueCalled,
    ColleagueMissed,
    ColleagueRang,
    CommandLost,
    CommandRefused,
    ContactPicked,
    CrmAnswered,
    CustomerOptedOut,
    DeviceChanged,
    DispositionSet,
    EndAsked,
    Event,
    HangupRequested,
    LeadFound,
    LegAnswered,
    LegDialed,
    LinkLost,
    LocalBridged,
    MoveAsked,
    MusicBegan,
    MusicEnded,
    NumberRead,
    OfferReturned,
    OperatorRemoved,
    OperatorSet,
    OutgoingAsked,
    OutgoingCharged,
    OutgoingLegBegan,
    OutgoingMissed,
    OutgoingStopped,
    ParkingFilled,
    PhoneDied,
    PresenceAsked,
    PreviewDialled,
    PreviewSkipped,
    QueueRemoved,
    QueueSet,
    SnapshotTaken,
    TalkLost,
    TransferAsked,
    TrunkSet,
    WrapUpEnded,
)
from app.floor.facts import CallerKnown, StepResult
from app.floor.floor import Floor
from app.floor.internal import calls as internal_calls
from app.floor.operators import states
from app.floor.outgoing import alarms, money
from app.floor.outgoing import calls as outgoing_calls
from app.floor.reconcile import merge
from app.floor.turn import Turn


def step(floor: Floor, event: Event, now: Now) -> StepResult:
    """Take one event.

    Args:
        floor: changed in place.
        event: what happened.
        now: when; its monotonic part never goes back from one step to the next.

    Returns:
        Commands for the PBX and the contact base, facts for the journal and the desktops, and the refusal
        when a request that people made cannot be met.
    """
    late_s = getattr(event, "late_s", 0.0)
    turn = Turn(floor, now, Now(now.mono_s - late_s, now.wall - timedelta(seconds=late_s)) if late_s else now)
    if floor.deadlines and floor.deadlines[0].at_s <= now.mono_s:
        expire(turn)
    refusal: NotPossible | None = None
    try:
        _handle(turn, event)
    except NotPossible as error:
        refusal = error
    for node in floor.nodes.values():
        if node.taking_back:
            fallback_return.settle(turn, node)
    if floor.look_at_campaigns:
        floor.look_at_campaigns = False
        if floor.campaigns:
            placing.evaluate_pacing(turn)
    if floor.unkept or floor.unserved:
        keeping.settle(turn)
    return StepResult(now, turn.commands, turn.facts, refusal)


def next_deadline(floor: Floor) -> float | None:
    """When the clock itself becomes an event, in monotonic seconds; None: no deadline is set."""
    deadlines = floor.deadlines
    while deadlines:
        if is_live(floor, deadlines[0]):
            return deadlines[0].at_s
        heappop(deadlines)
    return None


def _handle(turn: Turn, event: Event) -> None:  # noqa: C901, PLR0912, PLR0915 - the table of all events
    match event:
        case CallEntered():
            outgoing_calls.entered_queue(turn, event.channel)
            internal_calls.left(turn, event.channel)
            arrival.enter(turn, event)
        case CallerIdentified():
            arrival.identify(turn, event)
        case CrmAnswered():
            arrival.look_up(turn, event)
        case LegDialed(caller, leg, endpoint):
            talks.leg_dialed(turn, caller, leg, endpoint)
        case LegAnswered(caller, leg, endpoint, _):
            outgoing_calls.leg_answered(turn, leg)
            internal_calls.leg_answered(turn, caller, leg, endpoint)
            talks.leg_answered(turn, caller, leg, endpoint)
        case OfferReturned(channel, offer, outcome, cause):
            offers.offer_returned(turn, channel, offer, outcome, f"q850:{cause}")
        case CallerTakenBack(channel):
            fallback_return.taken_back(turn, channel)
        case ParkingFilled(full, node):
            turn.floor.node(node).parking_full = full
        case PhoneDied(channel):
            lost_phones.died(turn, channel)
        case TalkLost(channel):
            lost_phones.talk_lost(turn, channel)
        case CallerLost(channel):
            waiting.lost(turn, channel)
        case ChannelHeld(channel):
            talks.held(turn, channel)
        case ChannelResumed(channel):
            talks.resumed(turn, channel)
        case MusicBegan(channel):
            channel_replacement.instead_of_caller(turn, event)
            talks.music_began(turn, channel)
        case MusicEnded(channel):
            talks.music_ended(turn, channel)
        case HangupRequested(channel, _):
            hangup.hangup_requested(turn, channel)
            outgoing_calls.hangup_requested(turn, channel)
            internal_calls.hangup_requested(turn, channel)
        case ChannelHungUp(channel, cause, text, _, entering):
            if entering is not None:
                hangup.gave_up_at_once(turn, entering, cause, text)
            hangup.channel_hung_up(turn, channel, cause, text)
            outgoing_calls.channel_hung_up(turn, channel, cause, text)
            internal_calls.channel_hung_up(turn, channel, cause, text)
        case BlindTransferred():
            transfers.blind(turn, event)
            internal_calls.sent_away(turn, event)
        case AttendedTransferred():
            consulted = internal_calls.joined(turn, event)
            transfers.attended(turn, event)
            outgoing_calls.handed_over(turn, event)
            internal_calls.let_go(turn, consulted)
        case CallParked(channel, place):
            parking.parked(turn, channel, place)
        case CallRetrieved(channel, leg, endpoint):
            parking.retrieved(turn, channel, leg, endpoint)
        case LocalBridged(near, far):
            local_channels.bridged(turn, near, far)
        case ChannelReplaced():
            channel_replacement.replaced(turn, event)
        case ColleagueCalled():
            internal_calls.called(turn, event)
        case ColleagueRang():
            internal_calls.rang(turn, event)
        case ColleagueMissed():
            internal_calls.missed(turn, event)
        case OutgoingAsked():
            outgoing_calls.asked(turn, event)
        case NumberRead():
            outgoing_calls.number_read(turn, event)
        case OutgoingLegBegan():
            outgoing_calls.leg_began(turn, event)
        case OutgoingStopped():
            outgoing_calls.stopped(turn, event)
        case OutgoingCharged():
            money.charged(turn, event)
        case OutgoingMissed():
            alarms.missed(turn, event)
        case DeviceChanged(endpoint, state):
            states.change_device(turn, endpoint, state)
        case CommandRefused(command, reason):
            if isinstance(command, OfferCall):
                offers.offer_refused(turn, command.call, command.offer, reason)
            elif isinstance(command, TakeBack):
                fallback_return.refused(turn, command.call)
            elif isinstance(command, DismissCall):
                waiting.dismissal_refused(turn, command)
            elif isinstance(command, WithdrawCall):
                keeping.withdrawal_refused(turn, command)
            elif isinstance(command, PlaceCall):
                attempts.failed(turn, command.attempt, AttemptOutcome.REFUSED)
        case CommandLost(command):
            if not isinstance(command, TakeSnapshot):
                turn.take_snapshot(node_of_command(command), "command_lost")
        case LinkLost(_, node):
            merge.link_lost(turn, node)
        case SnapshotTaken():
            merge.merge(turn, event)
        case PresenceAsked(operator, presence, reason, cause):
            states.ask_presence(turn, operator, presence, reason, cause)
        case WrapUpEnded(operator):
            states.end_wrap_up(turn, operator, "wrap_up_ended")
        case DispositionSet(attempt):
            states.disposed(turn, attempt)
        case TransferAsked():
            transfers.ask(turn, event)
        case MoveAsked(call, queue):
            steering.move(turn, call, queue)
        case EndAsked(call):
            steering.end(turn, call)
        case ContactPicked():
            _contact_picked(turn, event)
        case AttemptDialled():
            attempts.dialled(turn, event)
        case AttemptRestored():
            attempts.restored(turn, event)
        case AttemptNotPlaced(attempt, again_s):
            attempts.not_placed(turn, attempt, again_s)
            previews.not_found(turn, event)
        case LeadFound():
            previews.found(turn, event)
        case PreviewDialled(operator):
            previews.dial(turn, operator)
        case PreviewSkipped(operator, reason):
            previews.skip(turn, operator, reason)
        case AttemptAnswered():
            attempts.answered(turn, event)
        case AttemptFailed(attempt, outcome):
            attempts.failed(turn, attempt, outcome)
        case CustomerOptedOut(channel, campaign):
            attempts.opted_out(turn, channel, campaign)
        case CampaignSet(settings):
            placing.set_campaign(turn, settings)
        case CampaignRecalled():
            placing.recall(turn, event)
        case CampaignRemoved(campaign):
            placing.remove_campaign(turn, campaign)
        case TrunkSet(name, channels, calls_per_s):
            placing.set_trunk(turn, name, channels, calls_per_s)
        case QueueSet(settings):
            queues.set_queue(turn, settings)
        case QueueRemoved(queue):
            queues.remove_queue(turn, queue)
        case OperatorSet(settings):
            states.set_operator(turn, settings)
        case OperatorRemoved(operator):
            states.remove_operator(turn, operator)
        case ClockTicked():
            pass
        case _:
            assert_never(event)


def _contact_picked(turn: Turn, event: ContactPicked) -> None:
    call = turn.floor.calls.get(event.call)
    if call is None:
        raise CallOver
    turn.facts.append(CallerKnown(call.id, event.name, event.contact, call.matches, "picked"))
    call.contact, call.contact_name, call.named = event.contact, event.name, True
    if event.contact is None:
        call.matches = ()
