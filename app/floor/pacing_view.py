"""What pacing sees of a campaign on the floor: its operators, their calls, what is in flight towards them.

It costs a look at each of the queue's operators and at each dial in flight. An operator of several campaigns is
counted for each, and so is whatever is in flight towards them, so that none is counted on twice.
"""

from collections.abc import Iterable, Mapping

from app.floor.campaign import AttemptState
from app.floor.dialing import Campaign, Trunk
from app.floor.floor import Floor, Queue
from app.floor.model import DeviceState, Now, Operator, Presence, QueueId, RoutingState
from app.floor.outlook import DialInFlight
from app.floor.pacing import PacingView

AT_RISK = 0.5
"""Share of a queue's target after which whoever still waits comes before campaigns."""


def view_of(floor: Floor, campaign: Campaign, now: Now) -> PacingView:
    """The campaign at this moment. Its queue is on the floor, and its trunk's credit is counted up to now."""
    settings = campaign.settings
    queue = floor.queues[settings.queue]
    idle = 0
    talking_s, wrapping_up_s = [], []
    serves: dict[QueueId, int] = {}
    for operator in _operators(floor, queue):
        if operator.offerable and operator.settings.id not in floor.previews:
            idle += 1
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
    enough = idle + len(talking_s) + len(wrapping_up_s)
    return PacingView(
        mode=settings.mode,
        idle=idle,
        talking_s=talking_s,
        wrapping_up_s=wrapping_up_s,
        dials=_dials(floor, campaign, now),
        waiting=_waiting(floor, serves, enough),
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
            if rival is not campaign and rival.attempts and _share(floor, queue, rival)
        ],
        inbound_at_risk=any(_at_risk(floor, floor.queues[id_], now) for id_ in serves if id_ in floor.queues),
    )


def grow(trunk: Trunk, now_s: float) -> None:
    """Count a trunk's credit up to now."""
    grown = trunk.credit + (now_s - trunk.counted_s) * trunk.calls_per_s
    trunk.credit, trunk.counted_s = min(max(1.0, trunk.calls_per_s), grown), now_s


def lines_of(trunk: Trunk) -> int:
    """Calls that may be placed through a trunk now."""
    return max(0, min(trunk.channels - trunk.attempts, int(trunk.credit)))


def _operators(floor: Floor, queue: Queue) -> Iterable[Operator]:
    """Those who can take its answers."""
    skills = queue.settings.skills
    return (operator for id_ in queue.members if skills <= (operator := floor.operators[id_]).settings.skills)


def _comes_back(operator: Operator) -> bool:
    """Whether one who is busy is there for the next call."""
    return (
        operator.routing is not RoutingState.IDLE
        and operator.presence is Presence.AVAILABLE
        and operator.pending is None
        and operator.device is not DeviceState.UNREACHABLE
    )


def _dials(floor: Floor, campaign: Campaign, now: Now) -> list[DialInFlight]:
    """Those asked for included: they will be dialled in a moment. Not those whose operator is kept for them."""
    return [
        DialInFlight(
            now.mono_s - attempt.dialled.mono_s if attempt.dialled is not None else 0.0, attempt.ordinal
        )
        for attempt in campaign.attempts.values()
        if attempt.state is not AttemptState.ANSWERED and attempt.operator not in floor.previews
    ]


def _waiting(floor: Floor, queues: Iterable[QueueId], enough: int) -> int:
    """Calls that take the next operator who is free; counted up to `enough`."""
    waiting = 0
    for id_ in queues:
        queue = floor.queues.get(id_)
        for call in queue.waiting_calls if queue is not None else ():
            if waiting >= enough:
                return waiting
            waiting += floor.calls[call].offer is None
    return waiting


def _callers_per_s(floor: Floor, serves: Mapping[QueueId, int], own: QueueId, now: Now) -> float:
    """Calls expected a second that these operators will have to take: of each queue their part of it."""
    rate = 0.0
    for id_, operators in serves.items():
        queue = floor.queues.get(id_)
        if queue is not None and (id_ != own or queue.arrivals.calls):
            rate += queue.arrivals.per_s(now.mono_s) * operators / len(queue.members)
    return rate


def _at_risk(floor: Floor, queue: Queue, now: Now) -> bool:
    """Whether the caller whom no operator is found for has waited for half of the queue's target."""
    waits = (floor.calls[id_] for id_ in queue.waiting_calls)
    first = next((call for call in waits if call.attempt is None and call.offer is None), None)
    return first is not None and (
        now.mono_s - first.waiting_since.mono_s >= AT_RISK * queue.settings.target_s
    )


def _share(floor: Floor, queue: Queue, rival: Campaign) -> bool:
    theirs = floor.queues.get(rival.settings.queue)
    return theirs is not None and not queue.members.keys().isdisjoint(theirs.members)
