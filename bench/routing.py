"""Routing latency, the service's CPU and the sustained rate: ours beside app_queue and the bare dialplan.

Both sides use one Asterisk, the same SIPp callers through the same trunk, and as many phones with the same behaviour.
Every time is the difference of two time stamps that Asterisk put on its own AMI events, read by a passive observer:

- arrival: from the event that the call is in the queue (`KeskusEntered`; `QueueCallerJoin`) to `DialBegin` of its
  operator's leg, while operators are idle. `DialBegin` is sent when the INVITE is on its way to the phone.
- freed: from `Hangup` of the operator's leg to the next `DialBegin` for the same phone, while callers wait.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import fmean, quantiles

from app.demo.sipp import Callers
from app.demo.sipp_process import SippFailed
from app.pbx.words import endpoint_of
from bench.centre import CALLER, RULER, Centre, QueuePlan, open_centre
from bench.observer import Observer, Seen
from bench.table import Row, print_table

ANSWER_MS, TALK_MS = 100, 400
CYCLE_S = (ANSWER_MS + TALK_MS) / 1000
OPERATORS = 100
RATES = (10, 50, 100)
ARRIVAL_S = {10: 8.0, 50: 5.0, 100: 5.0}
FREED_S = {10: 6.0, 50: 4.0, 100: 4.0}
ARRIVAL_AIM = "<= 2.5"
OVERLOAD = 1.4
"""Arrivals for each call that the operators can take, so that callers wait."""
CPU_RATE, CPU_S = 50, 5.0
SUSTAINED_RATE, SUSTAINED_S = 100, 5.0
DRAIN_S = 60.0
NUMBERS_END = 9999

BARE_NUMBER = "3726000300"
DIALPLAN = f"""
[bench-count]
exten => _X.,1,Answer(0,i)
 same => n,Queue(count-${{EXTEN}})
 same => n,Hangup()

; The same steps as a call of ours takes, with the operator known beforehand and nobody asked.
[bench-bare]
exten => s,1,Gosub(keskus-lookup,s,1)
 same => n,Set(KESKUS_QUEUE=bare)
 same => n,Answer(0,i)
 same => n,StartMusicOnHold(default)
 same => n,StopMusicOnHold()
 same => n,Set(BENCH_PHONE=qa$[${{CALLERID(num):-4}} % {OPERATORS} + 1])
 same => n,Dial(PJSIP/${{BENCH_PHONE}},15,im(default)b(keskus-headers^s^1(${{UNIQUEID}}^bare^0)))
 same => n,Hangup()
"""


@dataclass(frozen=True)
class Side:
    """One of the two compared systems: ours or app_queue."""

    title: str
    phones: str
    entered: Callable[[Seen], bool]
    prefix: str
    """The beginning of its numbers; three digits with the number of operators follow."""

    def number(self, operators: int) -> str:
        """The number of the queue with this many operators."""
        return f"{self.prefix}{operators:03}"


OURS = Side("ours", "op", lambda seen: seen.event.get("UserEvent") == "KeskusEntered", "3726001")
THEIRS = Side("app_queue", "qa", lambda seen: seen.event.name == "QueueCallerJoin", "3726002")


@dataclass(frozen=True)
class Spread:
    """Percentiles and mean of a set of times, in milliseconds."""

    p50: float
    p95: float
    mean: float

    @classmethod
    def of(cls, times_s: list[float]) -> "Spread":
        """Compute them from times in seconds; needs two times at least."""
        cuts = quantiles(times_s, n=20, method="inclusive")
        return cls(cuts[9] * 1000, cuts[18] * 1000, fmean(times_s) * 1000)


def queues_at(operators: int) -> str:
    """The fastest configuration of app_queue: no wrap-up, several callers at once, the shortest retry."""
    members = "\n".join(f"member => PJSIP/qa{n},0,qa{n},PJSIP/qa{n}" for n in range(1, operators + 1))
    return f"""
[count-{operators:03}]
strategy = rrmemory
autofill = yes
ringinuse = no
timeout = 15
retry = 1
wrapuptime = 0
musicclass = default
joinempty = yes
leavewhenempty = no
{members}
"""


def operators_for(rate: int) -> int:
    """The number of operators that this rate of calls a second keeps busy."""
    return max(2, round(rate * CYCLE_S))


SIZES = sorted({OPERATORS, *(operators_for(rate) for rate in RATES)})


class Bench:
    """The measurements, one after another on one centre."""

    def __init__(self, centre: Centre, observer: Observer) -> None:
        self._centre = centre
        self._observer = observer
        self._caller = 1
        self._lost = 0

    def lost(self) -> str:
        """Text about the calls that SIPp could not finish since the last call of this function; empty for none."""
        lost, self._lost = self._lost, 0
        return f" ({lost} lost)" if lost else ""

    async def arrival(self, side: Side, rate: int) -> Spread:
        """Times from a call's arrival to its operator's leg, while operators are idle."""
        await self.calls(side.number(OPERATORS), rate, round(rate * ARRIVAL_S[rate]))
        return Spread.of(arrivals(self._observer.events(), side))

    async def freed(self, side: Side, rate: int) -> Spread:
        """Times from the end of an operator's leg to the next leg, while callers wait."""
        calls = round(rate * FREED_S[rate] * OVERLOAD)
        await self.calls(side.number(operators_for(rate)), round(rate * OVERLOAD), calls)
        return Spread.of(releases(self._observer.events(), side))

    async def calls(self, number: str, rate: float, calls: int) -> None:
        """Make `calls` calls, and wait until the last has ended."""
        self._observer.clear()
        if self._caller + calls > NUMBERS_END:
            self._caller = 1
        callers = Callers(
            self._centre.layout, number, calls=calls, rate=rate, caller=CALLER, first=self._caller
        )
        self._caller += calls
        async with callers:
            try:
                await callers.done(DRAIN_S)
            except SippFailed:  # the machine is overloaded; the figures are still useful
                self._lost += calls - len(callers.of("ended"))
        await self._observer.quiet()

    async def cpu(self, number: str, rate: int, seconds: float) -> tuple[float, float, float]:
        """Give the service's and Asterisk's CPU milliseconds for a bridged call, and the bridged calls a second."""
        service_s, asterisk_s = self._centre.service.cpu_s(), await self._centre.asterisk_cpu_s()
        await self.calls(number, rate, round(rate * seconds))
        service_s = self._centre.service.cpu_s() - service_s
        asterisk_s = await self._centre.asterisk_cpu_s() - asterisk_s
        answers = [
            seen.at_s
            for seen in self._observer.events()
            if seen.event.name == "DialEnd" and seen.event.get("DialStatus") == "ANSWER"
        ]
        bridged = len(answers)
        return (
            service_s / bridged * 1000,
            asterisk_s / bridged * 1000,
            (bridged - 1) / (answers[-1] - answers[0]),
        )


def arrivals(events: Iterable[Seen], side: Side) -> list[float]:
    """Each call's time from entering to its first leg."""
    entered: dict[str, float] = {}
    times: list[float] = []
    for seen in events:
        if side.entered(seen):
            entered[seen.event.get("Uniqueid")] = seen.at_s
        elif seen.event.name == "DialBegin":
            began_s = entered.pop(seen.event.get("Uniqueid"), None)
            if began_s is not None:
                times.append(seen.at_s - began_s)
    return times


def releases(events: Iterable[Seen], side: Side) -> list[float]:
    """Each phone's time from its hang-up to its next leg, where callers were waiting at the hang-up."""
    waiting: set[str] = set()
    free: dict[str, float] = {}
    times: list[float] = []
    for seen in events:
        event = seen.event
        if side.entered(seen):
            waiting.add(event.get("Uniqueid"))
        elif event.name == "DialBegin":
            waiting.discard(event.get("Uniqueid"))
            began_s = free.pop(endpoint_of(event.get("DestChannel")), None)
            if began_s is not None:
                times.append(seen.at_s - began_s)
        elif event.name == "Hangup":
            waiting.discard(event.get("Uniqueid"))
            phone = endpoint_of(event.get("Channel"))
            if phone.startswith(side.phones) and waiting:
                free[phone] = seen.at_s
    return times


async def measure() -> list[Row]:
    """Measure everything on one Asterisk, ours and app_queue in turn."""
    plans = [QueuePlan(f"bench-{size:03}", OURS.number(size), size) for size in SIZES]
    entries = [f"exten => {THEIRS.number(size)},1,Goto(bench-count,{size:03},1)" for size in SIZES]
    entries.append(f"exten => {BARE_NUMBER},1,Set(KESKUS_NUMBER={OURS.number(OPERATORS)})")
    entries.append(" same => n,Goto(bench-bare,s,1)")
    extra = {
        "queues.conf": "".join(queues_at(size) for size in SIZES),
        "extensions.conf": "\n".join([DIALPLAN, "[keskus-inbound](+)", *entries, ""]),
    }
    rows: list[Row] = []
    async with open_centre(plans, OPERATORS, extra) as centre:
        layout = centre.layout
        for side in (OURS, THEIRS):
            await centre.phones(side.phones, OPERATORS, answer_ms=ANSWER_MS, talk_ms=TALK_MS)
        await centre.service.idle(OPERATORS)
        async with Observer(layout.ami_port, RULER.name, RULER.secret) as observer:
            await observer.quiet()
            bench = Bench(centre, observer)
            for number in (OURS.number(OPERATORS), THEIRS.number(OPERATORS)):
                await bench.calls(number, 20, 40)  # warm up
            for rate in RATES:
                rows += await _latencies(bench, rate)
            rows += await _costs(bench)
    return rows


async def _latencies(bench: Bench, rate: int) -> list[Row]:
    freed_aim = "<= 0.02" if rate >= max(RATES) else "<= 0.01"
    rows: list[Row] = []
    for case, aim50, aim95 in (
        ("arrival", ARRIVAL_AIM, ""),
        ("freed", freed_aim, freed_aim),
    ):
        measured = bench.arrival if case == "arrival" else bench.freed
        ours, theirs = await measured(OURS, rate), await measured(THEIRS, rate)
        name = f"{case}, {rate} /s{bench.lost()}"
        rows += [
            Row(f"{name}: p50", f"{ours.p50:.2f} ms", f"{theirs.p50:.2f} ms", ours.p50 / theirs.p50, aim50),
            Row(f"{name}: p95", f"{ours.p95:.2f} ms", f"{theirs.p95:.2f} ms", ours.p95 / theirs.p95, aim95),
            Row(f"{name}: mean", f"{ours.mean:.2f} ms", f"{theirs.mean:.2f} ms", ours.mean / theirs.mean),
        ]
    return rows


async def _costs(bench: Bench) -> list[Row]:
    service_ms, asterisk_ms, _ = await bench.cpu(OURS.number(OPERATORS), CPU_RATE, CPU_S)
    rows = [
        Row("service CPU a bridged call, beside 1 ms", f"{service_ms:.2f} ms", "1 ms", service_ms, "<= 1"),
        Row(
            "service CPU, beside Asterisk's for the same call",
            f"{service_ms:.2f} ms",
            f"{asterisk_ms:.1f} ms",
            service_ms / asterisk_ms,
        ),
    ]
    _, ours_ms, ours = await bench.cpu(OURS.number(OPERATORS), SUSTAINED_RATE, SUSTAINED_S)
    _, bare_ms, bare = await bench.cpu(BARE_NUMBER, SUSTAINED_RATE, SUSTAINED_S)
    rows += [
        Row(
            f"bridged of {SUSTAINED_RATE} /s{bench.lost()}, beside bare",
            f"{ours:.1f} /s",
            f"{bare:.1f} /s",
            ours / bare,
            ">= 0.9",
        ),
        Row("Asterisk CPU a call, beside bare", f"{ours_ms:.1f} ms", f"{bare_ms:.1f} ms", ours_ms / bare_ms),
    ]
    return rows


def run() -> list[Row]:
    """Measure."""
    return asyncio.run(measure())


def main() -> None:
    """Measure and print."""
    print_table("Routing: ours beside app_queue on one Asterisk", run())


if __name__ == "__main__":
    main()
