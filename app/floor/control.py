"""`step`: the one entry point. What happened goes in, what must be done and what is now so come out.

Deadlines that are due count as earlier events of the same step. A request that does not fit changes nothing
and is answered in `Outcome.refusal`.
"""

from heapq import heappop
from typing import assert_never

from app.floor import (
    calls,
    endings,
    local_channels,
    merge,
    offers,
    operators,
    parking,
    queues,
    stand_ins,
    talks,
    transfers,
    waiting,
)
from app.floor.commands import DismissCall, OfferCall, ReturnToHold, TakeSnapshot
from app.floor.errors import NotPossible
from app.floor.events import (
    AttendedTransferred,
    BlindTransferred,
    CallEntered,
    CallerIdentified,
    CallParked,
    CallRetrieved,
    ChannelHeld,
    ChannelHungUp,
    ChannelReplaced,
    ChannelResumed,
    ClockTicked,
    CommandLost,
    CommandRefused,
    ContactPicked,
    DeviceChanged,
    Event,
    HangupRequested,
    LegAnswered,
    LegDialed,
    LinkLost,
    LocalBridged,
    OfferReturned,
    OperatorRemoved,
    OperatorSet,
    PresenceAsked,
    QueueRemoved,
    QueueSet,
    SnapshotTaken,
    WrapUpEnded,
)
from app.floor.facts import CallerKnown, Outcome
from app.floor.floor import Deadline, DeadlineKind, Floor
from app.floor.model import CallState, Now, RoutingState
from app.floor.routing import consider_operator
from app.floor.turn import Turn


def step(floor: Floor, event: Event, now: Now) -> Outcome:
    """Take one event.

    Args:
        floor: changed in place.
        event: what happened.
        now: when; its monotonic part never goes back from one step to the next.

    Returns:
        Commands for the PBX and the contact base, facts for the journal and the desktops, and the refusal
        when a request that people made cannot be met.
    """
    turn = Turn(floor, now)
    if floor.deadlines and floor.deadlines[0].at_s <= now.mono_s:
        _expire(turn)
    refusal: str | None = None
    try:
        _handle(turn, event)
    except NotPossible as error:
        refusal = str(error)
    return Outcome(now, turn.commands, turn.facts, refusal)


def next_deadline(floor: Floor) -> float | None:
    """When the clock itself becomes an event: monotonic seconds, or None while nothing is due."""
    deadlines = floor.deadlines
    while deadlines:
        if _is_live(floor, deadlines[0]):
            return deadlines[0].at_s
        heappop(deadlines)
    return None


def _handle(turn: Turn, event: Event) -> None:  # noqa: C901, PLR0912, PLR0915 - the table of all events
    match event:
        case CallEntered():
            calls.enter(turn, event)
        case CallerIdentified():
            calls.identify(turn, event)
        case LegDialed(caller, leg, endpoint):
            talks.leg_dialed(turn, caller, leg, endpoint)
        case LegAnswered(caller, leg, endpoint):
            talks.leg_answered(turn, caller, leg, endpoint)
        case OfferReturned(channel, offer, outcome, cause):
            offers.offer_returned(turn, channel, offer, outcome, f"q850:{cause}")
        case ChannelHeld(channel):
            talks.held(turn, channel)
        case ChannelResumed(channel):
            talks.resumed(turn, channel)
        case HangupRequested(channel):
            endings.hangup_requested(turn, channel)
        case ChannelHungUp(channel, cause, text):
            endings.channel_hung_up(turn, channel, cause, text)
        case BlindTransferred():
            transfers.blind(turn, event)
        case AttendedTransferred():
            transfers.attended(turn, event)
        case CallParked(channel, place):
            parking.parked(turn, channel, place)
        case CallRetrieved(channel, leg, endpoint):
            parking.retrieved(turn, channel, leg, endpoint)
        case LocalBridged(near, far):
            local_channels.bridged(turn, near, far)
        case ChannelReplaced():
            stand_ins.replaced(turn, event)
        case DeviceChanged(endpoint, state):
            operators.change_device(turn, endpoint, state)
        case CommandRefused(command, reason):
            if isinstance(command, OfferCall):
                offers.offer_refused(turn, command.call, command.offer, reason)
            elif isinstance(command, DismissCall):
                waiting.dismissal_refused(turn, command)
        case CommandLost(command):
            if isinstance(command, OfferCall | ReturnToHold | DismissCall) and turn.floor.linked:
                turn.commands.append(TakeSnapshot("command_lost"))
        case LinkLost():
            merge.link_lost(turn)
        case SnapshotTaken():
            merge.merge(turn, event)
        case PresenceAsked(operator, presence, reason, cause):
            operators.ask_presence(turn, operator, presence, reason, cause)
        case WrapUpEnded(operator):
            operators.end_wrap_up(turn, operator, "wrap_up_ended")
        case ContactPicked():
            _contact_picked(turn, event)
        case QueueSet(settings):
            queues.set_queue(turn, settings)
        case QueueRemoved(queue):
            queues.remove_queue(turn, queue)
        case OperatorSet(settings):
            operators.set_operator(turn, settings)
        case OperatorRemoved(operator):
            operators.remove_operator(turn, operator)
        case ClockTicked():
            pass
        case _:
            assert_never(event)


def _contact_picked(turn: Turn, event: ContactPicked) -> None:
    call = turn.floor.calls.get(event.call)
    if call is None:
        raise NotPossible("the call is over")
    call.contact, call.contact_name = event.contact, event.name
    turn.facts.append(CallerKnown(call.id, event.name, event.contact, call.matches, "picked"))


def _expire(turn: Turn) -> None:
    floor = turn.floor
    deadlines = floor.deadlines
    while deadlines and deadlines[0].at_s <= turn.now.mono_s:
        due = heappop(deadlines)
        if not _is_live(floor, due):
            continue
        if due.call is not None:
            call = floor.calls[due.call]
            if due.kind is DeadlineKind.SEEK:
                waiting.wait_on(turn, call)
            elif due.kind is DeadlineKind.OFFER:
                offers.offer_overdue(turn, call)
            elif due.kind is DeadlineKind.MAX_WAIT:
                waiting.max_wait_over(turn, call)
            elif floor.linked:
                turn.commands.append(TakeSnapshot("still_leaving"))
        elif due.operator is not None:
            if due.kind is DeadlineKind.WRAP_UP:
                operators.end_wrap_up(turn, due.operator, "wrap_up_over")
            else:
                consider_operator(turn, floor.operators[due.operator])


def _is_live(floor: Floor, due: Deadline) -> bool:
    """Whether what the deadline was set for is still so."""
    if due.call is not None:
        call = floor.calls.get(due.call)
        if call is None:
            return False
        if due.kind is DeadlineKind.SEEK:
            return call.ticket == due.ticket and call.state is CallState.WAITING
        if due.kind is DeadlineKind.OFFER:
            return call.offer is not None and call.offer.id == due.ticket
        if due.kind is DeadlineKind.LEAVE:
            leaving = call.state is CallState.LEAVING or call.alone_since is not None
            return call.ticket == due.ticket and leaving
        # Live while it rings, too: the call may be back before the longest wait is over.
        return call.joins == due.ticket and call.state in waiting.IN_QUEUE
    operator = floor.operators.get(due.operator) if due.operator is not None else None
    if operator is None:
        return False
    if due.kind is DeadlineKind.WRAP_UP:
        return operator.routing is RoutingState.WRAP_UP and operator.ticket == due.ticket
    return operator.rest_until_s == due.at_s
