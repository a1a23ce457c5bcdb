"""An operator's day so far, from the states on record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

_TALKS: Final = frozenset({"talking", "on_hold"})


class Span(NamedTuple):
    """A state over an interval."""

    from_at: datetime
    to_at: datetime | None
    """None: it goes on."""
    presence: str
    break_reason: str
    routing: str
    call: str | None


@dataclass(slots=True)
class BreakTime:
    """Breaks of one reason."""

    reason: str
    """Empty for none."""
    seconds: float = 0.0
    times: int = 0


@dataclass(slots=True, frozen=True)
class Day:
    """What an operator's day added up to."""

    calls: int
    """Calls in which the operator talked."""
    at_work_s: float
    """Seconds not offline."""
    talked_s: float
    """Seconds connected to customers, hold included."""
    wrap_up_s: float
    breaks: Sequence[BreakTime]
    """By reason, the first one first."""


def day_of(spans: Iterable[Span], since: datetime, until: datetime) -> Day:
    """Add up the states between two moments.

    Args:
        spans: in order; those that begin earlier or end later count with the part between.
        since: when the day began.
        until: now.
    """
    calls: set[str] = set()
    breaks: dict[str, BreakTime] = {}
    at_work = talked = wrap_up = 0.0
    last: str | None = None
    for span in spans:
        seconds = (min(span.to_at or until, until) - max(span.from_at, since)).total_seconds()
        if seconds <= 0:
            continue
        rests = span.presence == "on_break" and span.routing == "idle"
        if span.presence != "offline" or span.routing != "idle":
            at_work += seconds
        if span.routing in _TALKS:
            talked += seconds
            if span.call is not None:
                calls.add(span.call)
        elif span.routing == "wrap_up":
            wrap_up += seconds
        elif rests:
            known = breaks.setdefault(span.break_reason, BreakTime(span.break_reason))
            known.seconds += seconds
            known.times += last != span.break_reason
        last = span.break_reason if rests else None
    return Day(len(calls), at_work, talked, wrap_up, tuple(breaks.values()))
