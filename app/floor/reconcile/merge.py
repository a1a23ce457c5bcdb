"""A PBX's snapshot, merged in one step: it corrects the floor after a start or a lost link, or when in doubt.

Calls that are gone end, unknown calls are adopted, and operators become free or busy as the snapshot shows. Calls and
operators of other nodes stay as they are.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from app.domain.calls import CallOutcome, CallState, OfferOutcome
from app.domain.ids import ChannelId, NodeId, OperatorId, node_of
from app.domain.now import Now
from app.domain.operators import DeviceState, RoutingState
from app.floor.calls import local_channels
from app.floor.calls.arrival import begin, requeue
from app.floor.calls.channel_replacement import stand_in_for_caller
from app.floor.calls.crowds import one_too_many
from app.floor.calls.fallback_return import take_back
from app.floor.calls.hangup import end_call
from app.floor.calls.legs import SECOND_LOOK_S, call_of, end_leg, free
from app.floor.calls.lost_phones import lose
from app.floor.calls.offers import end_offer
from app.floor.calls.routing import unlist
from app.floor.calls.talks import connect, leg_answered, rings
from app.floor.calls.waiting import (
    BUSY,
    IN_QUEUE,
    SPARED_S,
    dismiss,
    dismiss_again,
    join,
    leave_queue,
    route_all,
)
from app.floor.campaigns import attempts, keeping
from app.floor.campaigns.dialing import Attempt
from app.floor.commands import TakeSnapshot
from app.floor.events import (
    CallEntered,
    ChannelReplaced,
    ChannelState,
    SeenChannel,
    SeenEntry,
    SnapshotTaken,
    Whereabouts,
)
from app.floor.facts import CallQueued, FaultSeen, Reconciled
from app.floor.floor import DeadlineKind, Floor
from app.floor.internal import calls as internal_calls
from app.floor.model import Call, Leg, Offer, Operator
from app.floor.operators.states import change_device, occupy
from app.floor.outgoing import calls as outgoing_calls
from app.floor.turn import Turn

JUST_CAME_S = 5.0
"""An unknown call that has waited for less is a new arrival: the limits on waiting calls apply to it."""
ADOPTED_MOST = 200
"""The most unknown calls that one step adopts while the link is up: in a flood of calls the events of most others are
about to come, and the next snapshot has the rest. After a start or a lost link all are adopted at once."""
LOST_CAUSE = 0  # Q.850 has no value for "ended while nobody listened"
IN_FLIGHT_S = 2.0
"""How old a command may be that the PBX had not carried out when it took the snapshot."""


def link_lost(turn: Turn, id_: NodeId) -> None:
    """Offer nothing to the phones of a PBX whose link is lost."""
    node = turn.floor.node(id_)
    node.taking_back.clear()
    node.linked = False
    node.lost = node.lost or turn.now
    _withdraw_all(turn.floor, id_)


def merge(turn: Turn, snapshot: SnapshotTaken) -> None:
    """Make the floor agree with a PBX's snapshot, then route its waiting calls."""
    floor, node = turn.floor, turn.floor.node(snapshot.node)
    view = _View(snapshot, floor)
    lost, node.lost = node.lost, None
    node.linked = False  # nothing is offered until all is merged
    _withdraw_all(floor, node.id)
    local_channels.seen(turn, snapshot.channels)
    # After a lost link no command is under way: the floor has given none since.
    trusted_s = turn.now.mono_s if view.restored else turn.now.mono_s - IN_FLIGHT_S
    ended = _merge_calls(turn, view, lost, trusted_s)
    adopted = _adopt_calls(turn, view)
    attempts.missing(turn, node.id, {*view.seen, *view.told}, trusted_s)
    keeping.withdraw_again(turn, view.seen)
    outgoing_calls.merge(turn, node.id, view.seen, view.told, restored=view.restored)
    internal_calls.merge(turn, node.id, view.seen, view.told, restored=view.restored)
    _forget_gone(floor, view)
    parts = _open_parts(floor)
    for operator in [one for one in floor.operators.values() if one.node == node.id]:
        if operator.call is not None and not _is_in_call(turn, operator):
            free(turn, operator, 0.0)
        if operator.call is None and operator.settings.id in parts:
            _take_part(turn, operator, *parts[operator.settings.id])
        endpoint = operator.settings.endpoint
        if endpoint not in view.told:
            change_device(turn, endpoint, snapshot.devices.get(endpoint, DeviceState.UNREACHABLE))
    node.linked = floor.look_at_campaigns = True
    if view.restored:
        turn.facts.append(Reconciled(adopted, ended, node.id))
    route_all(turn, node.id)


class _View:
    """A snapshot with its indexes, and what it cannot know yet."""

    def __init__(self, snapshot: SnapshotTaken, floor: Floor) -> None:
        self.node = snapshot.node
        self.seen = {channel.channel: channel for channel in snapshot.channels}
        self.joined: defaultdict[ChannelId, list[SeenChannel]] = defaultdict(list)
        for channel in snapshot.channels:
            self.joined[channel.linked].append(channel)
        self._instead = {
            channel.call: channel
            for channel in snapshot.channels
            if channel.call is not None and channel.channel not in floor.by_channel
        }
        self.restored = not floor.node(self.node).linked
        """This is the first snapshot after a start or a lost link."""
        self.told: frozenset[str] = frozenset() if self.restored else snapshot.told

    def is_told(self, call: Call) -> bool:
        """Whether events of the call that are newer than the snapshot have yet to reach the floor."""
        told = self.told
        return bool(told) and (call.channel in told or any(leg.channel in told for leg in call.legs))

    def instead_of(self, call: Call) -> ChannelReplaced | None:
        """The replacement of the caller's channel by an unknown channel that has the call's place in line, if any."""
        new = self._instead.get(call.id)
        if new is None:
            return None
        return ChannelReplaced(call.channel, new.channel, new.channel_name, new.endpoint)

    def party(self, channel: ChannelId) -> Sequence[SeenChannel]:
        """The channels that belong together with this one, itself included."""
        return self.joined[self.seen[channel].linked]


def _merge_calls(turn: Turn, view: _View, lost: Now | None, trusted_s: float) -> int:
    """Correct the calls the floor knows; return how many were over."""
    floor, ended = turn.floor, 0
    calls = [
        call
        for call in floor.calls.values()
        if call.node == view.node and not view.is_told(call) and call.taken_s <= trusted_s
    ]
    known = {call.id: (_summary(call), call.alone_since) for call in calls}
    for call in calls:
        stand_in = floor.replaced.get(call.channel) or view.instead_of(call)
        if stand_in is not None and call.channel not in view.seen and stand_in.new in view.seen:
            stand_in_for_caller(turn, call, stand_in)
        if call.channel in view.seen:
            _end_gone_legs(turn, call, view)
    # First the calls that are over: their operators may be in another call by now.
    for call in sorted(calls, key=lambda call: call.channel in view.seen):
        before, alone = known[call.id]
        if call.channel in view.seen:
            call.missing_since = None
            call.unheard = call.unheard or view.restored
            _correct(turn, call, view, trusted_s)
            if _summary(call) == before:
                continue
            talk = call.talking
            if alone is not None and talk is not None and talk.answered != turn.now and not view.restored:
                continue  # the snapshot found the party it was asked for, and since when: nothing was missed
            call.unheard = True
        elif view.restored or _is_gone(turn, call):
            ended += 1
            call.unheard = True
            end_call(turn, call, LOST_CAUSE, "its end was not heard", _when_lost(turn, call, lost))
        else:
            continue
        if not view.restored:
            turn.facts.append(FaultSeen("not_heard", call.id))
    return ended


def _is_gone(turn: Turn, call: Call) -> bool:
    """Whether the caller has been missing from snapshots for `SECOND_LOOK_S`; before that the call is not offered."""
    now_s = turn.now.mono_s
    if call.missing_since is None:
        call.missing_since = turn.now
        call.not_before_s = max(call.not_before_s, now_s + SECOND_LOOK_S)
        turn.set_deadline(DeadlineKind.MISSING, now_s + SECOND_LOOK_S, call.joins, call=call.id)
    return now_s - call.missing_since.mono_s >= SECOND_LOOK_S


def _adopt_calls(turn: Turn, view: _View) -> int:
    """Adopt the calls the floor does not know; return how many."""
    adopted = 0
    for channel in view.seen.values():
        known = call_of(turn, channel.channel) is not None or channel.channel in view.told
        if known or channel.entry is None or channel.call in turn.floor.calls:
            continue
        if adopted == ADOPTED_MOST and not view.restored:
            turn.commands.append(TakeSnapshot("more_to_adopt", view.node))
            break
        attempt = _attempt_of(turn, channel, channel.entry)
        if attempt is not None and attempt.answered is None and channel.where is Whereabouts.MACHINE:
            attempts.is_machine(turn, attempt)
        if attempt is not None and (channel.where is Whereabouts.LISTENED or attempt.answered is not None):
            continue  # detection will report whether a person answered; an answering machine is no call
        if attempt is None or channel.state is ChannelState.ANSWERED:
            adopted += 1
            _adopt(turn, channel, channel.entry, view, attempt)
    return adopted


def _attempt_of(turn: Turn, channel: SeenChannel, entry: SeenEntry) -> Attempt | None:
    """The attempt of a channel, if a campaign placed it."""
    if entry.campaign is None:
        return None
    return attempts.adopt(turn, channel.channel, entry.campaign, channel.caller_number)


def _when_lost(turn: Turn, call: Call, lost: Now | None) -> Now:
    """When a call that is gone was last known to exist."""
    parts = [
        part for leg in call.legs for part in (leg.began, leg.answered, leg.ended, leg.held_since) if part
    ]
    if lost is None or lost < max([call.joined, *parts]):
        lost = call.missing_since or turn.now
    waited_until_s = call.arrived.mono_s + call.waited_s  # the call was there at least until this wait ended
    return lost if lost.mono_s >= waited_until_s else _ago(turn, turn.now.mono_s - waited_until_s)


def _forget_gone(floor: Floor, view: _View) -> None:
    for id_, call_id in list(floor.by_channel.items()):
        if node_of(id_) != view.node:
            continue
        call = floor.calls[call_id]
        if id_ not in view.seen and not view.is_told(call) and call.missing_since is None:
            del floor.by_channel[id_]
    for known in (floor.locals, floor.replaced):
        for id_ in known.keys() - view.seen.keys() - view.told:
            if node_of(id_) == view.node:
                del known[id_]


def _withdraw_all(floor: Floor, node: NodeId) -> None:
    """Take the operators of a node out of the idle indexes. Those kept for dials stay kept: the dials may ring on."""
    for operator in floor.operators.values():
        if operator.node == node:
            unlist(floor, operator)


def _summary(call: Call) -> tuple[object, ...]:
    """The parts of a call that a correction may change, to compare before and after."""
    open_legs = [id(leg) for leg in call.legs if leg.ended is None]
    return call.state, call.offer, call.talking is None, open_legs, call.joins


def _open_parts(floor: Floor) -> dict[OperatorId, tuple[Call, Leg]]:
    return {
        leg.operator: (call, leg)
        for call in floor.calls.values()
        for leg in call.legs
        if leg.operator is not None and leg.ended is None and leg.channel is not None
    }


def _take_part(turn: Turn, operator: Operator, call: Call, leg: Leg) -> None:
    """Make a call the operator's that counted as a second line: the first call ended, and the floor missed its end."""
    operator.call = call.id
    talks = RoutingState.TALKING if leg.held_since is None else RoutingState.ON_HOLD
    occupy(turn, operator, talks if call.talking is leg else RoutingState.RINGING, "second_line")


def _is_in_call(turn: Turn, operator: Operator) -> bool:
    call = turn.floor.calls.get(operator.call) if operator.call is not None else None
    id_ = operator.settings.id
    return call is not None and any(leg.operator == id_ and leg.ended is None for leg in call.legs)


def _end_gone_legs(turn: Turn, call: Call, view: _View) -> None:
    """End the legs whose channel is gone, but not an offer's leg: the PBX reports the offer's outcome."""
    offer = call.offer
    for leg in call.legs:
        gone = leg.channel is not None and leg.channel not in view.seen
        if gone and not (offer and offer.leg is leg):
            end_leg(turn, call, leg)


def _correct(turn: Turn, call: Call, view: _View, trusted_s: float) -> None:
    """Correct a call that the floor knows and the snapshot still lists."""
    channel = view.seen[call.channel]
    joined = view.party(call.channel)
    if channel.where in (Whereabouts.HOLD, Whereabouts.FALLBACK) and not channel.bridge:
        _correct_on_hold(turn, call, channel, trusted_s)
        if channel.where is Whereabouts.FALLBACK:
            _take_back(turn, call, channel, joined)
            _take_over_leg(turn, call, channel, joined)
        elif call.asked_back:
            call.asked_back, call.spared_until_s = False, 0.0
        return
    if call.talking is None and call.state in (CallState.TALKING, CallState.ON_HOLD):
        call.state = CallState.LEAVING
    _take_over_leg(turn, call, channel, joined)
    if call.talking is None and channel.where in (Whereabouts.LIVE, Whereabouts.CONNECT):
        attempts.let_go_again(turn, call, trusted_s)
    if call.talking is None and channel.where is not Whereabouts.CONNECT:
        _correct_elsewhere(turn, call, channel, trusted_s)
    elif call.offer is not None and call.offer.leg.began.mono_s <= trusted_s:
        _correct_offer(turn, call, call.offer, joined)


def _correct_offer(turn: Turn, call: Call, offer: Offer, joined: Sequence[SeenChannel]) -> None:
    """End an offer if another operator's phone rings instead: the PBX carried out an older command late."""
    ringing = {other.endpoint for other in joined if other.endpoint and other.state is ChannelState.RINGING}
    if ringing and offer.leg.endpoint not in ringing:
        end_offer(turn, call, OfferOutcome.FAILED, "overtaken")
        call.state = CallState.WAITING
        turn.facts.append(CallQueued(call.id, call.queue, OfferOutcome.FAILED.value))
        _leave_ringing(turn, call, joined)


def _correct_elsewhere(turn: Turn, call: Call, channel: SeenChannel, trusted_s: float) -> None:
    """Correct a call whose caller neither waits nor talks nor is being offered: transferred elsewhere, or parked."""
    if any((leg.ended or leg.began).mono_s > trusted_s for leg in call.legs):
        return  # its events may be about to come
    alone = call.state in (CallState.WAITING, CallState.LEAVING) and channel.bridge
    if call.offer is not None or alone:
        call.leaving = call.hung_up_first = None  # the caller was let go, and a phone picked up all the same
        end_offer(turn, call, OfferOutcome.CANCELLED, "sent_elsewhere")
        leave_queue(turn, call)
        call.state = CallState.TRANSFERRED


def _correct_on_hold(turn: Turn, call: Call, channel: SeenChannel, trusted_s: float) -> None:
    queue = channel.entry.queue if channel.entry is not None else call.queue
    overflowed = (
        call.joined != call.waiting_since
    )  # the floor moved the call to another queue, which the channel does not show
    if call.leaving is CallOutcome.HANDED_OVER:
        pass  # the PBX is about to put a customer in its place, who must not be let go
    elif call.leaving is not None:
        dismiss_again(turn, call)
    elif call.state not in IN_QUEUE and channel.first_in_line:
        lose(turn, call)
    elif call.state not in IN_QUEUE or (queue != call.queue and not overflowed):
        requeue(turn, call, queue)
    elif call.offer is not None and call.offer.leg.began.mono_s <= trusted_s:
        end_offer(turn, call, OfferOutcome.FAILED, "link_lost")
        call.state = CallState.WAITING
        turn.facts.append(CallQueued(call.id, call.queue, OfferOutcome.FAILED.value))


def _adopt(turn: Turn, channel: SeenChannel, entry: SeenEntry, view: _View, attempt: Attempt | None) -> None:
    """Adopt a call that the floor does not know: it came while the link was lost, or before the service started."""
    queue = entry.queue
    age_s = max(0.0, channel.duration_s)  # by the PBX's wall clock, which may have been set
    waited_s = age_s if channel.waited_s is None else min(max(0.0, channel.waited_s), age_s)
    call = begin(
        turn,
        CallEntered(
            channel=channel.channel,
            channel_name=channel.channel_name,
            caller_number=attempt.number if attempt is not None else channel.caller_number,
            caller_name=channel.caller_name,
            dialed=entry.dialed,
            queue=queue,
            language=entry.language,
            skills=entry.skills,
            priority=entry.priority,
            caller_sent=channel.caller_sent if attempt is None else "",
            number_withheld=entry.number_withheld,
            line=channel.endpoint,
        ),
        _ago(turn, age_s),
        attempt=attempt.id if attempt is not None else None,
        campaign=attempt.campaign if attempt is not None else None,
    )
    call.unheard = True
    call.first_in_line = channel.first_in_line and not channel.bridge
    if attempt is not None:
        attempts.became(turn, attempt, call)
        if channel.where in (Whereabouts.HOLD, Whereabouts.FALLBACK):
            attempts.connected(turn, call, turn.now)  # an operator sent them to this queue
        else:
            call.priority = attempts.LIVE_PRIORITY
    if attempt is not None and channel.where is Whereabouts.ABANDONED:
        attempts.leaves(call)  # no operator came in time: the customer hears the message to its end
        return
    too_many = one_too_many(turn.floor, call) if attempt is None and waited_s < JUST_CAME_S else ""
    if too_many and channel.where is Whereabouts.HOLD:
        dismiss(turn, call, BUSY, CallOutcome.TURNED_AWAY, too_many)
    elif queue in turn.floor.queues or channel.where is Whereabouts.HOLD:
        join(turn, call, queue, "adopted", _ago(turn, waited_s))
    else:
        call.state = CallState.TRANSFERRED  # its queue was taken away: it goes on as it is
    if channel.where is not Whereabouts.HOLD:
        joined = view.party(channel.channel)
        if channel.where is Whereabouts.FALLBACK and not channel.bridge:
            _take_back(turn, call, channel, joined)
        else:
            _leave_ringing(turn, call, joined)
        _take_over_leg(turn, call, channel, joined)
        if channel.bridge and call.state is CallState.WAITING:
            # Parked, or with a party whose phone the PBX does not name: the call stays there.
            leave_queue(turn, call)
            call.state = CallState.TRANSFERRED


def _ago(turn: Turn, seconds: float) -> Now:
    return Now(turn.now.mono_s - seconds, turn.now.wall - timedelta(seconds=seconds))


def _take_back(turn: Turn, call: Call, channel: SeenChannel, joined: Sequence[SeenChannel]) -> None:
    queue = channel.entry.queue if channel.entry is not None else call.queue
    take_back(turn, call, queue, rung=_rings(joined))


def _rings(joined: Sequence[SeenChannel]) -> bool:
    return any(other.state is ChannelState.RINGING for other in joined)


def _leave_ringing(turn: Turn, call: Call, joined: Sequence[SeenChannel]) -> None:
    """Let a phone that already rings for a waiting call be picked up: moving the call now might break a talk."""
    if call.state is CallState.WAITING and _rings(joined):
        call.spared_until_s = turn.now.mono_s + SPARED_S


def _take_over_leg(turn: Turn, call: Call, channel: SeenChannel, joined: Sequence[SeenChannel]) -> None:
    """Find the phone that rings for the call or talks with it, and make it a leg."""
    other = _partner(channel, joined)
    if call.talking is not None and (call.talking.endpoint or other is None):
        return  # it talks with a phone; a leg without an endpoint may be a Local channel, with the phone behind it
    if other is not None:
        if other.channel in turn.floor.by_channel:
            leg_answered(turn, call.channel, other.channel, other.endpoint)
            return
        operator = turn.floor.by_endpoint.get(other.endpoint)
        since = _together_since(turn, call, other)
        leg = Leg(operator=operator, endpoint=other.endpoint, began=since, channel=other.channel)
        call.legs.append(leg)
        turn.floor.by_channel[other.channel] = call.id
        connect(turn, call, leg, "adopted", since)
        return
    for other in joined:
        if other.channel != channel.channel and other.endpoint and other.state is ChannelState.RINGING:
            rings(turn, call, other.channel, other.endpoint)
            return


def _partner(channel: SeenChannel, joined: Sequence[SeenChannel]) -> SeenChannel | None:
    """The phone that talks with the caller: in the same bridge, or in another behind a Local channel."""
    others = [
        other for other in joined if other.channel != channel.channel and other.bridge and channel.bridge
    ]
    with_caller = [other for other in others if other.bridge == channel.bridge]
    phones = [other for other in with_caller if other.endpoint]
    if not phones and with_caller:
        phones = [other for other in others if other.endpoint]
    return phones[0] if phones else None


def _together_since(turn: Turn, call: Call, other: SeenChannel) -> Now:
    """When a talk whose answer the floor missed began: at the end of the last talk, or with the phone's channel."""
    ended = call.alone_since
    if ended is None:
        return turn.now
    age_s = other.duration_s + 1.0  # reported in whole seconds
    return ended if turn.now.mono_s - ended.mono_s <= age_s else _ago(turn, age_s)
