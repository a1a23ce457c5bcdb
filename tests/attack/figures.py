"""What an attack did: the loop's lag, memory and descriptors, the journal's lag, and an honest client's latency."""

import http.client
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from app.system import clock
from tests.stillness import starved_s

TRY_EVERY_S: Final = 0.25
ANSWER_S: Final = 20.0
HELD_BOUND_S: Final = 0.05
"""How long any one thing that is sent may hold the event loop, in seconds of its thread's processor time."""


@dataclass(slots=True)
class Figures:
    """Of one attack."""

    name: str
    sent: int
    lasted_s: float
    held_s: float
    """The longest that the loop's own work can have made a timer late, at most: a histogram's bucket."""
    lag_s: float
    """The same with what neighbours on the machine caused."""
    memory_mb: float
    """The most memory the service had, above what it had before."""
    descriptors: int
    """The most there were open."""
    journal_lag_s: float
    read_s: float
    """The slowest `GET /healthz` of an honest client; infinite: one went unanswered."""
    own_read_s: float
    """The same without what the service waited for a processor meanwhile, which its neighbours had."""
    write_s: float
    """The slowest write of an honest client."""


@dataclass(slots=True)
class Attack:
    """One that is going on. Count what is sent in `sent`; `figures` are there when it is over."""

    name: str
    sent: int = 0
    figures: Figures = field(
        default_factory=lambda: Figures(
            "",
            0,
            lasted_s=0,
            held_s=0,
            lag_s=0,
            memory_mb=0,
            descriptors=0,
            journal_lag_s=0,
            read_s=0,
            own_read_s=0,
            write_s=0,
        )
    )

    def count(self) -> None:
        """One more was sent."""
        self.sent += 1


table: list[Figures] = []
"""Of every attack of this run, to be printed at its end."""


class Prober:
    """An honest client beside an attack, on a thread of its own."""

    def __init__(self, port: int, token: str, pid: int) -> None:
        self._port, self._pid = port, pid
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._probe, daemon=True)
        self._read_s = self._own_read_s = self._write_s = self._journal_lag_s = 0.0
        self._descriptors = 0
        self._began_s = 0.0
        self._memory_kb = 0

    def begin(self) -> dict[str, float]:
        """Start; give the loop's histograms before the attack."""
        before = self._metrics()
        Path(f"/proc/{self._pid}/clear_refs").write_text("5")  # let the peak of memory begin anew
        self._memory_kb = self._memory("VmRSS")
        self._began_s = clock.monotonic()
        self._thread.start()
        return before

    def end(self, attack: Attack, before: dict[str, float]) -> Figures:
        """Stop; give what was measured."""
        lasted_s = clock.monotonic() - self._began_s
        self._over.set()
        self._thread.join()
        after = self._metrics()
        return Figures(
            name=attack.name,
            sent=attack.sent,
            lasted_s=lasted_s,
            held_s=_worst("keskus_event_loop_held_seconds", before, after),
            lag_s=_worst("keskus_event_loop_lag_seconds", before, after),
            memory_mb=max(0, self._memory("VmHWM") - self._memory_kb) / 1024,
            descriptors=self._descriptors,
            journal_lag_s=max(self._journal_lag_s, after["keskus_journal_lag_seconds"]),
            read_s=self._read_s,
            own_read_s=self._own_read_s,
            write_s=self._write_s,
        )

    def _probe(self) -> None:
        while True:
            starved_before_s = starved_s(self._pid)
            read_s = self._time("GET", "/healthz")
            self._read_s = max(self._read_s, read_s)
            self._own_read_s = max(self._own_read_s, read_s - starved_s(self._pid) + starved_before_s)
            body = json.dumps({"surname": "Kask"})
            self._write_s = max(self._write_s, self._time("POST", "/api/v1/contacts", body))
            self._descriptors = max(self._descriptors, len(list(Path(f"/proc/{self._pid}/fd").iterdir())))
            try:
                metrics = self._metrics()
                self._journal_lag_s = max(self._journal_lag_s, metrics["keskus_journal_lag_seconds"])
            except (OSError, http.client.HTTPException):
                self._read_s = self._own_read_s = float("inf")
            if self._over.wait(TRY_EVERY_S):
                return

    def _time(self, method: str, path: str, body: str | None = None) -> float:
        began_s = clock.monotonic()
        try:
            status, _ = self._ask(method, path, body)
        except (OSError, http.client.HTTPException):
            return float("inf")
        return clock.monotonic() - began_s if status < 500 else float("inf")

    def _metrics(self) -> dict[str, float]:
        _, text = self._ask("GET", "/metrics")
        return {
            sample.name + sample.labels.get("le", ""): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_S)
        try:
            line.request(method, path, body, self._headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()

    def _memory(self, what: str) -> int:
        for line in Path(f"/proc/{self._pid}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name == what:
                return int(value.split()[0])
        raise AssertionError(f"no {what} of process {self._pid}")


def _worst(name: str, before: dict[str, float], after: dict[str, float]) -> float:
    """The upper bound of the highest bucket that grew."""
    prefix = f"{name}_bucket"
    bounds = {float(key.removeprefix(prefix)): key for key in after if key.startswith(prefix)}
    below = worst = 0.0
    for bound, key in sorted(bounds.items()):
        up_to = after[key] - before[key]
        if up_to > below:
            below, worst = up_to, bound
    return worst


def lines() -> list[str]:
    """The table of every attack of this run."""
    head = (
        "attack",
        "sent",
        "s",
        "held ms",
        "lag ms",
        "memory MB",
        "fds",
        "journal s",
        "read ms",
        "write ms",
    )
    rows = [head, *(_row(figures) for figures in table)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _row(one: Figures) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.sent:,}",
        f"{one.lasted_s:.1f}",
        f"<{one.held_s * 1000:.0f}",
        f"<{one.lag_s * 1000:.0f}",
        f"+{one.memory_mb:.0f}",
        str(one.descriptors),
        f"{one.journal_lag_s:.1f}",
        f"{one.read_s * 1000:.0f}",
        f"{one.write_s * 1000:.0f}",
    )
