"""What pacing sees of a campaign on the floor: its operators, their calls, and the dials in flight towards them.

The cost is linear in the queue's operators and the dials in flight. An operator of several campaigns counts in each of
them, and so do the dials in flight towards that operator: no two campaigns rely on the same idle operator.
"""

from collections.abc import Iterable, Mapping, Sequence

from app.domain.campaigns import AttemptState
from app.domain.ids import NodeId, QueueId, node_of
from app.domain.now import Now
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.campaigns.dialing import Campaign, Trunk
from app.floor.floor import Floor, Queue
from app.floor.model import Call, Operator
from app.pacing.calls_to_place import PacingView
from app.pacing.forecast import DialInFlight
from app.pacing.sharing import Share, cover_at, cover_for_callers, left_of

AT_RISK = 0.5
"""The share of a queue's service-level target after which a waiting caller comes before campaigns."""


def view_of(floor: Floor, campaign: Campaign, now: Now) -> PacingView:
    """Pacing's view of a campaign now. Its queue must be on the floor, and its trunk's credit up to date (`grow`)."""
    settings = campaign.settings
    queue = floor.queues[settings.queue]
    idle: list[Operator] = []
    kept = 0
    talking_s, wrapping_up_s = [], []
    serves: dict[QueueId, int] = {}
    node = campaign.node
    for operator in _operators(floor, queue, node):
        if operator.offerable and operator.settings.id not in floor.previews:
            idle.append(operator)
        elif operator.settings.id in floor.kept:
            kept += 1
        elif not operator.offerable and not _comes_back(operator):
            continue
        elif operator.routing is RoutingState.WRAP_UP:
            wrapping_up_s.append(now.mono_s - operator.busy_since_s)
        elif operator.routing in (RoutingState.TALKING, RoutingState.ON_HOLD):
            talking_s.append(now.mono_s - operator.busy_since_s)
        else:
            talking_s.append(0.0)  # a call is being offered, or a lead is looked at
        for membership in operator.settings.memberships:
            serves[membership.queue] = serves.get(membership.queue, 0) + 1
    ready = len(idle) + kept + len(talking_s) + len(wrapping_up_s)
    return PacingView(
        mode=settings.mode,
        idle=len(idle),
        talking_s=talking_s,
        wrapping_up_s=wrapping_up_s,
        dials=_dials(floor, campaign, now),
        waiting=_waiting(floor, node, serves, ready),
        callers_per_s=_callers_per_s(floor, serves, settings.queue, now),
        lines=lines_of(floor.trunks[settings.trunk]),
        record=campaign.record(now),
        statistics=campaign.statistics,
        ratio=max(1.0, settings.lines),
        connect_s=settings.connect_s,
        attempt=campaign.ordinal,
        rivals=[
            (rival.statistics, _dials(floor, rival, now))
            for rival in floor.campaigns.values()
            if rival is not campaign and rival.attempts and rival.node == node and _share(floor, queue, rival)
        ],
        inbound_at_risk=any(
            _at_risk(floor, node, floor.queues[id_], now) for id_ in serves if id_ in floor.queues
        ),
        kept=kept,
        due=_due(floor, idle, serves, now),
        left=_left(floor, campaign, idle, serves, now),
    )


def grow(trunk: Trunk, now_s: float) -> None:
    """Bring a trunk's credit up to date."""
    grown = trunk.credit + (now_s - trunk.counted_s) * trunk.calls_per_s
    trunk.credit, trunk.counted_s = min(max(1.0, trunk.calls_per_s), grown), now_s


def lines_of(trunk: Trunk) -> int:
    """Calls that may be placed through a trunk now."""
    return max(0, min(trunk.channels - trunk.attempts, int(trunk.credit)))


def _operators(floor: Floor, queue: Queue, node: NodeId) -> Iterable[Operator]:
    """The operators who can take the campaign's answers: with the skills, and with a phone at the PBX that dials."""
    skills = queue.settings.skills
    return (
        operator
        for id_ in queue.members
        if skills <= (operator := floor.operators[id_]).settings.skills and operator.node == node
    )


def _comes_back(operator: Operator) -> bool:
    """Whether a busy operator will be available after the present call."""
    return (
        operator.routing is not RoutingState.IDLE
        and operator.presence is Presence.AVAILABLE
        and operator.pending is None
        and operator.device is not DeviceState.UNREACHABLE
    )


def _dials(floor: Floor, campaign: Campaign, now: Now) -> list[DialInFlight]:
    """Dials in flight, including those the dialer has yet to place; not those with an operator of their own."""
    return [
        DialInFlight(
            now.mono_s - attempt.dialled.mono_s if attempt.dialled is not None else 0.0, attempt.ordinal
        )
        for attempt in campaign.attempts.values()
        if attempt.state is not AttemptState.ANSWERED
        and attempt.operator not in floor.previews
        and attempt.keeper is None
        and not attempt.withdrawn
    ]


def _waiting(floor: Floor, node: NodeId, queues: Iterable[QueueId], enough: int) -> int:
    """Waiting calls that will take the next free operators; counted up to `enough`."""
    waiting = 0
    for id_ in queues:
        queue = floor.queues.get(id_)
        for call in queue.waiting_calls if queue is not None else ():
            if waiting >= enough:
                return waiting
            waiting += floor.calls[call].offer is None and node_of(call) == node
    return waiting


def _due(floor: Floor, idle: Sequence[Operator], queues: Iterable[QueueId], now: Now) -> int:
    """Calls that will take one of these idle operators in a moment: they wait for the contact base, the PBX or a
    preferred operator."""
    due = 0
    for id_ in queues:
        queue = floor.queues.get(id_)
        for call_id in queue.waiting_calls if queue is not None and idle else ():
            call = floor.calls[call_id]
            if call.offer is None and (
                max(call.not_before_s, call.spared_until_s) > now.mono_s or call.preferred in floor.preferring
            ):
                due += any(_takes(floor, operator, call) for operator in idle)
    return min(due, len(idle))


def _takes(floor: Floor, operator: Operator, call: Call) -> bool:
    queue = floor.queues[call.queue]
    return (
        operator.settings.id in queue.members
        and operator.node == call.node
        and queue.settings.skills | call.skills <= operator.settings.skills
    )


def _left(
    floor: Floor, campaign: Campaign, idle: Sequence[Operator], serves: Mapping[QueueId, int], now: Now
) -> int:
    """How many of the idle operators who serve callers, too, the campaign must leave for callers."""
    own = campaign.settings.queue
    calling = {
        id_: queue
        for id_ in serves
        if (queue := floor.queues.get(id_)) is not None and (id_ != own or queue.arrivals.calls)
    }
    both = [one for one in idle if any(member.queue in calling for member in one.settings.memberships)]
    if not both:
        return 0
    per_s = {
        id_: queue.arrivals.per_s(now.mono_s) * serves[id_] / len(queue.members)
        for id_, queue in calling.items()
    }
    total = sum(per_s.values())
    statistics = campaign.statistics
    ringing = statistics.ring_times.known()
    rate = statistics.answer_rate.rates()[0]
    share = Share(
        operators=max(serves[id_] for id_ in calling),
        callers_per_s=_rounded(total),
        caller_s=_rounded(sum(per_s[id_] * queue.caller_s.mean_s for id_, queue in calling.items()) / total),
        target_s=min(queue.settings.target_s for queue in calling.values()),
        answer_rate=_rounded(rate),
        dial_s=_rounded(rate * ringing.mean_answer_s + (1.0 - rate) * ringing.mean_unanswered_s),
        handling_s=_rounded(statistics.handling.mean_s),
        weight=campaign.settings.callers_weight,
    )
    kept = sum(id_ in floor.kept for id_ in floor.queues[own].members)
    return left_of(len(both), kept, cover_at(cover_for_callers(share), now.mono_s), rate)


def _rounded(value: float) -> float:
    """The value to two significant digits, so that results computed for it are found in the cache again."""
    return float(f"{value:.2g}")


def _callers_per_s(floor: Floor, serves: Mapping[QueueId, int], own: QueueId, now: Now) -> float:
    """Calls per second that these operators are expected to get: of each queue the share that falls to them."""
    rate = 0.0
    for id_, operators in serves.items():
        queue = floor.queues.get(id_)
        if queue is not None and (id_ != own or queue.arrivals.calls):
            rate += queue.arrivals.per_s(now.mono_s) * operators / len(queue.members)
    return rate


def _at_risk(floor: Floor, node: NodeId, queue: Queue, now: Now) -> bool:
    """Whether the first caller in line has waited for `AT_RISK` of the queue's target."""
    waits = (floor.calls[id_] for id_ in queue.waiting_calls if node_of(id_) == node)
    first = next((call for call in waits if call.attempt is None and call.offer is None), None)
    return first is not None and (
        now.mono_s - first.waiting_since.mono_s >= AT_RISK * queue.settings.target_s
    )


def _share(floor: Floor, queue: Queue, rival: Campaign) -> bool:
    theirs = floor.queues.get(rival.settings.queue)
    return theirs is not None and not queue.members.keys().isdisjoint(theirs.members)
