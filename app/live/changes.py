"""Turns outcomes of the floor into messages, each with its audience.

Facts only say where to look; a message shows the floor as it is when looked at. What was told last is remembered, to
tell an operator when a call or a queue stops being theirs, and to find changes that no fact reported.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, cast

from app.domain.calls import CallState, OfferOutcome
from app.domain.ids import CallId, ContactId, OfferId, OperatorId, QueueId
from app.domain.operators import Presence
from app.domain.queues import QueueSettings
from app.floor.facts import (
    AttemptDisposed,
    CallEnded,
    CallerKnown,
    CallRecord,
    InternalEnded,
    OfferEnded,
    OperatorChanged,
    OperatorGone,
    OutgoingAlarm,
    OutgoingAllowed,
    OutgoingAnswered,
    OutgoingBegan,
    OutgoingEnded,
    OutgoingRefused,
    PacingDecided,
    StepResult,
)
from app.floor.floor import Floor
from app.floor.model import Call, Operator
from app.live.call_view import CallView, call_view, to_others
from app.live.campaign_changes import CampaignChanges
from app.live.comparison import Comparison, Kind
from app.live.messages import CallEndedMessage, CustomersOutcome, OutgoingRefusedMessage, QueueChanged
from app.live.missed import MissedCalls
from app.live.operator_view import OperatorView, operator_view, queues_of
from app.live.queue_view import QueueView, queue_view
from app.live.session import Told
from app.live.views import alarm_view
from app.system.clock import monotonic, utc_now

_Outgoing = (
    OutgoingBegan | OutgoingAllowed | OutgoingAnswered | OutgoingEnded | OutgoingRefused | InternalEnded
)
Views = tuple[list[QueueView], list[OperatorView], list[CallView]]


class _Held(NamedTuple):
    call: CallId
    offer: OfferId | None


class Changes:
    """What was touched since the last messages, and what was told.

    Args:
        floor: read, never changed.
        queue_every_s: the least time between two messages about one queue.
    """

    def __init__(self, floor: Floor, queue_every_s: float) -> None:
        self._floor = floor
        self._queue_every_s = queue_every_s
        self._missed = MissedCalls(floor)
        self._complaints: Mapping[ContactId, int] = {}
        self.restart()

    def restart(self) -> None:
        """Forget what was told and take the floor as known."""
        floor = self._floor
        self.at = utc_now()
        self._linked, self._parking_full = floor.linked, floor.parking_full
        self.campaigns = CampaignChanges(floor)
        self._calls: dict[CallId, None] = {}
        self._operators: dict[OperatorId, None] = {}
        self._before: dict[CallId, frozenset[OperatorId]] = {}
        """Operators who had a call when it was touched, and may not know yet what became of it."""
        self._ended: dict[CallId, CallEnded] = {}
        self._known_better: set[CallId] = set()
        self._outgoing: list[OutgoingRefused | OutgoingAlarm] = []
        self._offer_outcomes: dict[tuple[CallId, OperatorId], OfferOutcome] = {}
        self._causes: dict[OperatorId, str] = {}
        self._queue_of: dict[CallId, QueueId] = {c.id: c.queue for c in floor.calls.values()}
        self._held: dict[OperatorId, _Held] = {}
        self._holders: dict[CallId, set[OperatorId]] = {}
        self._parked = {id_: self._sees_parked(call) for id_, call in floor.calls.items()}
        """Operators who were told of a call because it is parked."""
        self._queues_of = {id_: queues_of(o) for id_, o in floor.operators.items()}
        self._settings: dict[QueueId, QueueSettings] = {id_: q.settings for id_, q in floor.queues.items()}
        self._queues: dict[QueueId, None] = {}
        self._queue_told_s: dict[QueueId, float] = {}
        self._told_calls: dict[CallId, object] = {id_: self.call(call) for id_, call in floor.calls.items()}
        self._told_operators: dict[OperatorId, object] = {id_: self.operator(id_) for id_ in floor.operators}
        self._told_queues: dict[QueueId, object] = {id_: self._queue_view(id_) for id_ in floor.queues}
        self._comparison = Comparison(
            Kind(lambda: floor.campaigns, self.campaigns.view, self.campaigns.told, self.campaigns.touched),
            Kind(lambda: floor.queues, self._queue_view, self._told_queues, self._queues),
            Kind(lambda: floor.operators, self.operator, self._told_operators, self._operators),
            Kind(lambda: floor.calls, self._call_view, self._told_calls, self._calls),
        )
        for operator in floor.operators.values():
            if (held := self._holds(operator)) is not None:
                self._take_up(operator.settings.id, held)

    def note(self, outcome: StepResult) -> None:
        """Remember what an outcome touched."""
        self.at = outcome.at.wall
        self._missed.note(outcome)
        for fact in outcome.facts:
            if isinstance(fact, _Outgoing | OutgoingAlarm):
                self._note_outgoing(fact)
                continue
            call = getattr(fact, "call", None)
            if isinstance(fact, OperatorChanged):
                self._operators[fact.operator] = None
                self._causes[fact.operator] = fact.cause
                continue
            if isinstance(fact, OperatorGone | AttemptDisposed) and fact.operator is not None:
                self._operators[fact.operator] = None
            elif isinstance(fact, CallEnded):
                self._ended[fact.call] = fact
            elif isinstance(fact, PacingDecided):
                self.campaigns.touch(fact.campaign)
            elif isinstance(fact, CallerKnown):
                self._known_better.add(fact.call)
            elif isinstance(fact, OfferEnded):
                self._offer_outcomes[fact.call, fact.operator] = fact.outcome
                self._operators[fact.operator] = None
            if call is not None:
                self._calls[call] = None

    def _note_outgoing(self, fact: _Outgoing | OutgoingAlarm) -> None:
        operator = fact.record.operator if isinstance(fact, OutgoingEnded | InternalEnded) else fact.operator
        if isinstance(fact, OutgoingRefused | OutgoingAlarm):
            self._outgoing.append(fact)
        elif operator is not None:
            self._operators[operator] = None

    def look_again(self, most: int) -> bool:
        """Compare the next `most` things of the floor; return whether any has to be told."""
        self._comparison.look(most)
        return bool(self.campaigns.touched or self._queues or self._operators or self._calls)

    @property
    def left(self) -> bool:
        """Whether `take` has left calls to be told of."""
        return bool(self._calls)

    def take(self, more: Callable[[], bool] = lambda: True) -> Iterator[Told]:
        """Messages that are due now, in order; each shows the floor at this moment.

        Args:
            more: whether there is time for another call; operators and their calls do not wait for it.
        """
        floor = self._floor
        if floor.linked is not self._linked:
            self._linked = floor.linked
            yield Told({"type": "link_changed", "linked": floor.linked}, everyone=True)
        if floor.parking_full is not self._parking_full:
            self._parking_full = floor.parking_full
            yield Told({"type": "parking_changed", "full": floor.parking_full}, everyone=True)
        yield from self._queues_set()
        yield from self.campaigns.take()
        outgoing, self._outgoing = self._outgoing, []
        yield from (_outgoing_told(fact) for fact in outgoing)
        if not (self._calls or self._operators or self._queues):
            return
        for call in self._calls.keys() & self._holders.keys():
            self._before[call] = self._before.get(call, frozenset()) | self._holders[call]
        yield from self._operators_and_their_calls()
        for call_id in list(self._calls):
            yield from self._call(call_id)
            if not more():
                break
        yield from self._queues_due()

    def _operators_and_their_calls(self) -> Iterator[Told]:
        pops: dict[OperatorId, CallId] = {}
        for id_ in self._operators:
            yield from self._operator(id_, pops)
        for call_id in self._known_better:
            pops |= dict.fromkeys(self._holders.get(call_id, ()), call_id)
        held = (self._held[id_].call for id_ in self._operators if id_ in self._held)
        for call_id in dict.fromkeys([*held, *pops.values()]):
            if call_id in self._calls:
                yield from self._call(call_id)
        for id_, call_id in pops.items():
            if (call := self._floor.calls.get(call_id)) is not None:
                view = self.call(call)
                yield Told({"type": "screen_pop", "operator": id_, "call": view}, operators=frozenset({id_}))
        self._operators.clear()
        self._known_better.clear()
        self._offer_outcomes.clear()

    def next_queue_s(self) -> float | None:
        """Seconds until a queue that changed may be told of again; None when none did."""
        if not self._queues:
            return None
        due_s = min(self._queue_told_s.get(queue, 0.0) for queue in self._queues) + self._queue_every_s
        return max(0.001, due_s - monotonic())

    def all_views(self) -> Views:
        """The whole floor, for a snapshot."""
        floor = self._floor
        return (
            [queue_view(floor, queue) for queue in floor.queues.values()],
            [self._operator_view(operator) for operator in floor.operators.values()],
            [self.call(call) for call in floor.calls.values()],
        )

    def own_views(self, id_: OperatorId | None) -> Views:
        """What one operator may see, for a snapshot."""
        floor = self._floor
        operator = floor.operators.get(id_) if id_ is not None else None
        if operator is None:
            return [], [], []
        mine = queues_of(operator)
        call = floor.calls.get(operator.call) if operator.call is not None else None
        return (
            [queue_view(floor, queue) for key, queue in floor.queues.items() if key in mine],
            [self._operator_view(operator)],
            ([self.call(call)] if call is not None else [])
            + [to_others(self.call(one)) for one in floor.calls.values() if id_ in self._sees_parked(one)],
        )

    def operator(self, id_: OperatorId) -> OperatorView | None:
        """One operator's state, or None."""
        operator = self._floor.operators.get(id_)
        return self._operator_view(operator) if operator is not None else None

    def call(self, call: Call) -> CallView:
        """A live call."""
        return call_view(self._floor, call, self._complaints)

    def know_complaints(self, counts: Mapping[ContactId, int]) -> bool:
        """Take how many complaints are open, by contact; return whether anything has to be told."""
        before, self._complaints = self._complaints, counts
        changed = [
            id_
            for id_, call in self._floor.calls.items()
            if call.contact is not None and before.get(call.contact) != counts.get(call.contact)
        ]
        self._calls.update(dict.fromkeys(changed))
        return bool(changed)

    def _queue_view(self, id_: QueueId) -> QueueView | None:
        queue = self._floor.queues.get(id_)
        return queue_view(self._floor, queue) if queue is not None else None

    def _call_view(self, id_: CallId) -> CallView | None:
        call = self._floor.calls.get(id_)
        return self.call(call) if call is not None else None

    def _queues_set(self) -> Iterator[Told]:
        queues, known = self._floor.queues, self._settings
        for id_, queue in queues.items():
            if known.get(id_) is not queue.settings:
                known[id_] = queue.settings
                self._touch_parked()
                changed = _queue_changed(queue_view(self._floor, queue))
                yield Told(changed, operators=self._who_has(id_))
        if len(known) > len(queues):
            for id_ in [id_ for id_ in known if id_ not in queues]:
                del known[id_]
                self._touch_parked()
                self._queues.pop(id_, None)
                self._told_queues.pop(id_, None)
                yield Told({"type": "queue_removed", "id": id_}, operators=self._who_has(id_))

    def _who_has(self, id_: QueueId) -> frozenset[OperatorId]:
        """Operators whom a queue belongs to, those who have left it for now included."""
        return frozenset(o for o, mine in self._queues_of.items() if id_ in mine)

    def _operator(self, id_: OperatorId, pops: dict[OperatorId, CallId]) -> Iterator[Told]:
        operator = self._floor.operators.get(id_)
        told = frozenset({id_})
        mine: frozenset[QueueId] = queues_of(operator) if operator else frozenset()
        had = self._queues_of.pop(id_, frozenset())
        self._queues.update(dict.fromkeys(had | mine))
        if had != mine:
            self._touch_parked()
        yield from self._holding(id_, operator, pops)
        if operator is None:
            self._causes.pop(id_, None)
            self._told_operators.pop(id_, None)
            self._missed.forget(id_)
            yield Told({"type": "operator_removed", "id": id_}, operators=told)
        else:
            self._queues_of[id_] = mine
            view = self._told_operators[id_] = self._operator_view(operator)
            yield Told({"type": "operator_changed", "operator": view}, operators=told)
        for queue_id in sorted(had - mine):
            yield Told({"type": "queue_removed", "id": queue_id}, to_floor=False, operators=told)
        for queue_id in sorted(mine - had):
            if (queue := self._floor.queues.get(queue_id)) is not None:
                changed = _queue_changed(queue_view(self._floor, queue))
                yield Told(changed, to_floor=False, operators=told)

    def _holding(
        self, id_: OperatorId, operator: Operator | None, pops: dict[OperatorId, CallId]
    ) -> Iterator[Told]:
        had, has = self._held.get(id_), self._holds(operator)
        offered_anew = has is not None and has.offer is not None and had is not None and has != had
        if had is not None and (has is None or has.call != had.call or offered_anew):
            del self._held[id_]
            self._let_go(id_, had.call)
            outcome = self._offer_outcomes.get((had.call, id_))
            if outcome is None or outcome is OfferOutcome.ACCEPTED:
                how = "moved" if had.call in self._floor.calls else "ended"
            else:
                how = outcome.value
            yield Told(
                {"type": "screen_pop_ended", "operator": id_, "call": had.call, "outcome": how},
                operators=frozenset({id_}),
            )
            had = None
        if has is not None:
            if had is None:
                pops[id_] = has.call
            self._take_up(id_, has)

    def _call(self, id_: CallId) -> Iterator[Told]:
        del self._calls[id_]
        before, ended = self._before.pop(id_, frozenset()), self._ended.pop(id_, None)
        call, was_in = self._floor.calls.get(id_), self._queue_of.pop(id_, None)
        if was_in is not None:
            self._queues[was_in] = None
        if call is not None:
            self._queue_of[id_] = call.queue
            self._queues[call.queue] = None
            holders, parked = frozenset(self._holders.get(id_, ())), self._sees_parked(call)
            gone = self._parked.pop(id_, frozenset()) - holders - parked
            if gone:
                yield Told({"type": "call_hidden", "id": id_}, to_floor=False, operators=gone)
            if parked:
                self._parked[id_] = parked
            view = self._told_calls[id_] = self.call(call)
            yield Told({"type": "call_changed", "call": view}, operators=holders)
            if parked:
                seen = to_others(view)
                yield Told({"type": "call_changed", "call": seen}, to_floor=False, operators=parked)
            return
        told, before = self._told_calls.pop(id_, None), before | self._parked.pop(id_, frozenset())
        if ended is None:
            if told is not None:
                raise RuntimeError("a call left the floor without an end")
        else:
            yield Told(_call_ended(ended.record), operators=before)

    def _queues_due(self) -> Iterator[Told]:
        now_s = monotonic()
        for id_ in list(self._queues):
            queue = self._floor.queues.get(id_)
            if queue is None:
                del self._queues[id_]
            elif now_s - self._queue_told_s.get(id_, -self._queue_every_s) >= self._queue_every_s:
                del self._queues[id_]
                view = queue_view(self._floor, queue)
                if self._told_queues.get(id_) != view:
                    self._told_queues[id_] = view
                    self._queue_told_s[id_] = now_s
                    yield Told(_queue_changed(view), operators=self._who_has(id_))

    def _operator_view(self, operator: Operator) -> OperatorView:
        id_ = operator.settings.id
        if operator.presence is Presence.OFFLINE:
            self._missed.forget(id_)
        return operator_view(self._floor, operator, self._causes.get(id_, ""), self._missed.of(id_))

    def _sees_parked(self, call: Call) -> frozenset[OperatorId]:
        """Operators who see a call because it is parked: members of its queue, and the operator who parked it."""
        if call.state is not CallState.PARKED:
            return frozenset()
        queue = self._floor.queues.get(call.queue)
        return frozenset(queue.members if queue is not None else ()) | frozenset(
            {call.parked_by} if call.parked_by is not None else ()
        )

    def _touch_parked(self) -> None:
        """Touch all parked calls: other operators may see them now."""
        parked = (id_ for id_, call in self._floor.calls.items() if call.state is CallState.PARKED)
        self._calls.update(dict.fromkeys(parked))

    def _holds(self, operator: Operator | None) -> _Held | None:
        call = self._floor.calls.get(operator.call) if operator is not None and operator.call else None
        if operator is None or call is None:
            return None
        offer = call.offer
        mine = offer is not None and offer.operator == operator.settings.id
        return _Held(call.id, offer.id if offer is not None and mine else None)

    def _take_up(self, id_: OperatorId, held: _Held) -> None:
        self._held[id_] = held
        self._holders.setdefault(held.call, set()).add(id_)

    def _let_go(self, id_: OperatorId, call: CallId) -> None:
        holders = self._holders.get(call)
        if holders is not None:
            holders.discard(id_)
            if not holders:
                del self._holders[call]


def _outgoing_told(fact: OutgoingRefused | OutgoingAlarm) -> Told:
    if isinstance(fact, OutgoingAlarm):
        return Told({"type": "outgoing_alarm", "alarm": alarm_view(fact)})
    refused: OutgoingRefusedMessage = {
        "type": "outgoing_refused",
        "operator": fact.operator,
        "endpoint": fact.endpoint,
        "rule": fact.rule.value,
        "transferred": fact.transferred,
    }
    return Told(refused, operators=frozenset({fact.operator} if fact.operator is not None else ()))


def _queue_changed(view: QueueView) -> QueueChanged:
    return {"type": "queue_changed", "queue": view}


def _call_ended(record: CallRecord) -> CallEndedMessage:
    return {
        "type": "call_ended",
        "id": record.call,
        "queue": record.queue,
        "outcome": cast("CustomersOutcome", record.outcome.value),
        "ended_by": record.ended_by.value,
        "operator": record.operator,
        "contact": record.contact,
        "waited_s": record.waited_s,
        "talked_s": record.talked_s,
    }
