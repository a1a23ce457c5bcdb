"""Numbers for Prometheus: totals counted from outcomes, gauges read from the floor when asked.

No label holds a phone number, a name or an id of a call. A queue's label is its id.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.domain.calls import Direction
from app.domain.ids import CallId
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.facts import (
    CallEnded,
    CallRecord,
    FaultSeen,
    OfferEnded,
    OutgoingAlarm,
    OutgoingEnded,
    StepResult,
)
from app.floor.floor import Floor
from app.records.changes import Change
from app.system.clock import monotonic
from app.system.faults import FAULTS

_WAIT_BUCKETS_S = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800)
_NO_QUEUE = "(unknown)"


class FloorMetrics:
    """Counts what the floor decided. A sink of the runner: call `note` with each outcome.

    Args:
        floor: read, never changed.
        completed: whether `completed` and `given_up` will be called. Then a call that was not heard whole is counted
            from its completed record, else as it was heard.
    """

    def __init__(self, floor: Floor, *, completed: bool = False) -> None:
        self._floor = floor
        self._is_completed = completed
        self._unheard: dict[CallId, CallRecord] = {}
        self.registry = CollectorRegistry()
        self._calls = Counter(
            "keskus_calls", "Calls that ended.", ["queue", "outcome"], registry=self.registry
        )
        self._offers = Counter("keskus_offers", "Offers that ended.", ["outcome"], registry=self.registry)
        self._waits = Histogram(
            "keskus_call_wait_seconds",
            "How long calls waited in all, when they ended.",
            ["queue", "outcome"],
            buckets=_WAIT_BUCKETS_S,
            registry=self.registry,
        )
        self._faults = Counter(
            "keskus_floor_faults", "What should not happen but did.", ["what"], registry=self.registry
        )
        self._outgoing = Counter(
            "keskus_outgoing_calls",
            "Operators' calls outside that ended, or were refused by a rule.",
            ["outcome", "rule"],
            registry=self.registry,
        )
        self._alarms = Counter(
            "keskus_outgoing_alarms",
            "Alarms about operators' calls outside.",
            ["cause"],
            registry=self.registry,
        )
        self.registry.register(_FloorNow(floor))
        ProcessCollector(registry=self.registry)
        self.registry.register(FAULTS)

    def note(self, outcome: StepResult) -> None:
        """Count one outcome; takes microseconds."""
        for fact in outcome.facts:
            if isinstance(fact, CallEnded | OutgoingEnded):
                if fact.record.unheard and self._is_completed:
                    self._unheard[fact.call] = fact.record
                else:
                    self._count_heard(fact.record)
            elif isinstance(fact, OutgoingAlarm):
                self._alarms.labels(fact.cause.value).inc()
            elif isinstance(fact, OfferEnded):
                self._offers.labels(fact.outcome.value).inc()
            elif isinstance(fact, FaultSeen):
                self._faults.labels(fact.what).inc()

    def completed(self, change: Change) -> None:
        """Count a call from its completed record."""
        if self._unheard.pop(change.call, None) is None and not change.ended:
            return
        values = change.values
        if values["direction"] == Direction.OPERATOR.value:
            self._outgoing.labels(values["outcome"], values.get("refused_by", "")).inc()
        elif values["direction"] != Direction.INTERNAL.value:  # a colleague is no customer of the queue
            self._count(values["queue"], values["outcome"], values["waited_s"])

    def given_up(self, call: CallId) -> None:
        """Count a call as it was heard: its record is not completed."""
        if (record := self._unheard.pop(call, None)) is not None:
            self._count_heard(record)

    def _count_heard(self, record: CallRecord) -> None:
        if record.direction is Direction.OPERATOR:
            self._outgoing.labels(record.outcome.value, record.refused_by).inc()
        elif record.direction is not Direction.INTERNAL:
            self._count(record.queue, record.outcome.value, record.waited_s)

    def _count(self, queue: str, outcome: str, waited_s: float) -> None:
        queue = queue if queue in self._floor.queues else _NO_QUEUE
        self._calls.labels(queue, outcome).inc()
        self._waits.labels(queue, outcome).observe(waited_s)

    def watch(
        self, gauges: Callable[[], Mapping[str, float]], counters: Callable[[], Mapping[str, int]]
    ) -> None:
        """Export more numbers, read at each scrape.

        Args:
            gauges: gives values by metric name.
            counters: gives totals by metric name, without `_total`.
        """
        self.registry.register(_ReadWhenAsked(gauges, counters))

    def text(self) -> bytes:
        """The exposition in Prometheus's text format."""
        return generate_latest(self.registry)


class _FloorNow(Collector):
    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def collect(self) -> Iterator[Metric]:
        floor = self._floor
        waiting = GaugeMetricFamily("keskus_waiting_calls", "Calls that wait now.", labels=["queue"])
        longest = GaugeMetricFamily("keskus_longest_wait_seconds", "The longest wait now.", labels=["queue"])
        now_s = monotonic()
        for id_, queue in floor.queues.items():
            waiting.add_metric([id_], len(queue.waiting_calls))
            first = next(iter(queue.waiting_calls), None)
            call = floor.calls.get(first) if first is not None else None
            longest.add_metric([id_], max(0.0, now_s - call.waiting_since.mono_s) if call else 0.0)
        states: Tally[tuple[str, str, str]] = Tally(
            (
                operator.presence.value,
                floor.internal.doing(operator.settings.id, operator.routing).value,
                operator.device.value,
            )
            for operator in floor.operators.values()
        )
        operators = GaugeMetricFamily(
            "keskus_operators", "Operators by state.", labels=["presence", "routing", "device"]
        )
        for presence in Presence:
            for routing in RoutingState:
                for device in DeviceState:
                    state = (presence.value, routing.value, device.value)
                    if states[state]:
                        operators.add_metric(state, states[state])
        calls = GaugeMetricFamily("keskus_live_calls", "Calls on the floor by state.", labels=["state"])
        for state_, count in Tally(call.state.value for call in floor.calls.values()).items():
            calls.add_metric([state_], count)
        outgoing = GaugeMetricFamily(
            "keskus_outgoing_live_calls", "Operators' calls outside now.", len(floor.outgoing.calls)
        )
        spent = GaugeMetricFamily(
            "keskus_outgoing_spent",
            "What operators' calls outside that are over cost today.",
            float(sum(floor.outgoing.spent.values())),
        )
        yield from (waiting, longest, operators, calls, outgoing, spent)


class _ReadWhenAsked(Collector):
    def __init__(
        self, gauges: Callable[[], Mapping[str, float]], counters: Callable[[], Mapping[str, int]]
    ) -> None:
        self._gauges, self._counters = gauges, counters

    def collect(self) -> Iterable[Metric]:
        for name, value in self._gauges().items():
            yield GaugeMetricFamily(name, name.replace("_", " "), value=value)
        for name, value in self._counters().items():
            yield CounterMetricFamily(name, name.replace("_", " "), value=value)

    def describe(self) -> Iterable[Metric]:
        return ()
