"""The floor alone: steps a second, cost growth, resident memory.

In the steady state callers wait; an operator answers, talks, ends and gets the next call. For each call that ends
another arrives. A call takes five steps (entered, dialled, answered, operator's channel gone, caller's channel gone).
"""

import cProfile
import gc
import pstats
import resource
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter

from app.domain.ids import ChannelId, OperatorId, QueueId
from app.domain.now import Now
from app.domain.operators import DeviceState, Membership, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.floor.commands import OfferCall
from app.floor.control import next_deadline, step
from app.floor.events import (
    CallEntered,
    ChannelHungUp,
    Event,
    LegAnswered,
    LegDialed,
    OperatorSet,
    PresenceAsked,
    QueueSet,
    SnapshotTaken,
)
from app.floor.floor import Floor
from bench.table import Row, per_second, print_table

AIM_STEPS = 50_000  # a second, at 1,000 operators
SIZES = ((10, 100), (10, 10_000), (100, 1_000), (1_000, 10), (1_000, 10_000))
QUEUES = 20
SKILLS = ("lang:et", "lang:ru", "card")
RUNS, RUN_STEPS = 12, 6_000
START = datetime(2026, 1, 5, 8, tzinfo=UTC)


class Centre:
    """A floor in the steady state, driven directly so that only `step` and `next_deadline` are measured."""

    def __init__(self, operators: int, waiting: int, *, queues: int) -> None:
        self.random = Random(1)
        self.floor = Floor(identify_s=0.0)
        self.now_s = 0.0
        self.steps = 0
        self.spent_s = 0.0
        self.ids = count(1)
        self.asked: dict[ChannelId, tuple[QueueId, str]] = {}
        self.queues = [QueueId(f"q{i}") for i in range(queues)]
        self.ringing: deque[OfferCall] = deque()
        self.talking: deque[tuple[ChannelId, ChannelId]] = deque()
        settings = [QueueSettings(q, q, wrap_up_s=0.0, max_wait_s=3600.0) for q in self.queues]
        for queue in settings:
            self.tell(QueueSet(queue))
        for n in range(1, operators + 1):
            id_ = OperatorId(n)
            mine = self.random.sample(self.queues, min(3, queues))
            skills = frozenset(SKILLS) if queues == 1 else frozenset(self.random.sample(SKILLS, 2))
            members = tuple(Membership(q, self.random.randint(1, 2)) for q in mine)
            self.tell(
                OperatorSet(
                    OperatorSettings(
                        id=id_, name=f"op{n}", endpoint=f"op{n}", skills=skills, memberships=members
                    )
                )
            )
            self.tell(PresenceAsked(id_, Presence.AVAILABLE))
        self.tell(SnapshotTaken((), {f"op{n}": DeviceState.REGISTERED for n in range(1, operators + 1)}))
        while len(self.floor.calls) < operators + waiting:
            self.arrive()
            self.answer()

    def tell(self, event: Event) -> None:
        self.now_s += 0.0005
        now = Now(self.now_s, START + timedelta(seconds=self.now_s))
        began = perf_counter()
        outcome = step(self.floor, event, now)
        next_deadline(self.floor)
        self.spent_s += perf_counter() - began
        self.steps += 1
        for command in outcome.commands:
            if isinstance(command, OfferCall):
                self.ringing.append(command)

    def arrive(self, like: tuple[QueueId, str] | None = None) -> None:
        """Let a call arrive; `like` is the queue and language of the call it replaces, which keeps their mix."""
        queue, language = like or (self.random.choice(self.queues), self.random.choice(("", "et", "ru")))
        channel = ChannelId(f"1700000000.{next(self.ids)}")
        self.asked[channel] = queue, language
        self.tell(
            CallEntered(
                channel=channel,
                channel_name=f"PJSIP/trunk-{channel}",
                caller_number="+37255555",
                caller_name="",
                dialed="",
                queue=queue,
                language=language,
            )
        )

    def answer(self) -> None:
        while self.ringing:
            offer = self.ringing.popleft()
            leg = ChannelId(f"1700000000.{next(self.ids)}")
            self.tell(LegDialed(offer.channel, leg, offer.endpoint))
            self.tell(LegAnswered(offer.channel, leg, offer.endpoint))
            self.talking.append((offer.channel, leg))

    def turn_over(self) -> None:
        """Let one call end and another arrive; the operator gets the next call."""
        channel, leg = self.talking.popleft()
        self.tell(ChannelHungUp(leg, 16))
        self.tell(ChannelHungUp(channel, 16))
        self.answer()
        self.arrive(self.asked.pop(channel))
        self.answer()

    def seconds_a_step(self) -> float:
        """Mean cost of a step over one run of the steady state, in seconds."""
        self.steps, self.spent_s = 0, 0.0
        while self.steps < RUN_STEPS:
            self.turn_over()
        return self.spent_s / self.steps


def measure(queues: int) -> dict[tuple[int, int], float]:
    """Seconds of a step for each size: the best of `RUNS` runs in turn, because other work disturbs single runs."""
    centres = {size: Centre(*size, queues=queues) for size in SIZES}
    gc.collect()
    best = dict.fromkeys(SIZES, float("inf"))
    for _ in range(RUNS):
        for size, centre in centres.items():
            best[size] = min(best[size], centre.seconds_a_step())
    return best


def main() -> None:
    rows = []
    for queues, title in ((1, "one queue"), (QUEUES, f"3 of {QUEUES} queues each")):
        costs = measure(queues)
        base = costs[10, 100]
        for (operators, waiting), cost in costs.items():
            big = (operators, waiting) == (1_000, 10_000)
            name = f"{title}: {operators:,} operators, {waiting:,} waiting"
            rows.append(
                Row(
                    f"step, {name}",
                    per_second(1 / cost),
                    per_second(AIM_STEPS),
                    1 / cost / AIM_STEPS,
                    ">= 1" if operators == 1_000 else "",
                )
            )
            if big:
                rows.append(
                    Row(
                        f"cost growth, {title}: 10 / 100 to 1,000 / 10,000",
                        f"{cost * 1e6:.1f} µs",
                        f"{base * 1e6:.1f} µs",
                        cost / base,
                        "<= 1.5",
                    )
                )
    memory = _in_fresh_process("memory")
    rows.append(Row("memory, 1,000 operators, 10,000 waiting", f"{memory:.1f} MiB", "", memory))
    print_table("The floor: one step and next_deadline", rows)


def _memory() -> None:
    """Print the memory that a full floor adds to this process, in MiB."""
    before = _resident_mib()
    centre = Centre(1_000, 10_000, queues=QUEUES)
    gc.collect()
    print(_resident_mib() - before, len(centre.floor.calls))


def _resident_mib() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_fresh_process(what: str) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "bench.floor", what], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[0])


def profile() -> None:
    """Profile the steps: `python -m bench.floor profile`."""
    centre = Centre(1_000, 10_000, queues=QUEUES)
    run: Callable[[], None] = centre.turn_over
    with cProfile.Profile() as profiler:
        for _ in range(8_000):
            run()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(28)


if __name__ == "__main__":
    {"memory": _memory, "profile": profile}.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
