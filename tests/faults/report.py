"""What came of a scenario, and the table of all."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from tests.faults.oracle import Verdict

SHARES = {"p50": 0.5, "p95": 0.95, "most": 1.0}
SHOWN = 20
"""Broken promises of one scenario that are printed; the rest is counted."""


@dataclass
class Report:
    """One scenario's figures."""

    name: str
    faults: int
    """How many struck."""
    verdict: Verdict
    right_s: float
    """The longest that states took to be right again."""
    broken: list[str] = field(default_factory=list)
    """Every promise that broke, in words."""
    disturbed: bool = False
    """The machine stood still meanwhile, of itself."""
    measured: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Times in seconds, by what was measured."""


def table(reports: Iterable[Report], title: str) -> Table:
    """All scenarios and their sum."""
    made = Table(title=title, title_justify="left", show_footer=True)
    all_ = list(reports)
    sums = [
        sum(one.faults for one in all_),
        sum(one.verdict.calls for one in all_),
        sum(one.verdict.talks for one in all_),
        sum(len(one.verdict.lost) for one in all_),
        sum(len(one.verdict.twice) for one in all_),
        sum(len(one.verdict.untrue) for one in all_),
    ]
    made.add_column("fault", "all")
    names = ("times", "calls", "talks", "lost", "twice", "untrue")
    for name, number in zip(names, sums, strict=True):
        made.add_column(name, f"{number:,}", justify="right")
    made.add_column(
        "talk off by", _seconds(max((one.verdict.worst_talk_s for one in all_), default=0)), justify="right"
    )
    made.add_column(
        "states right in", _seconds(max((one.right_s for one in all_), default=0)), justify="right"
    )
    for one in all_:
        verdict = one.verdict
        figures = [
            one.faults,
            verdict.calls,
            verdict.talks,
            len(verdict.lost),
            len(verdict.twice),
            len(verdict.untrue),
        ]
        cells = [f"{figure:,}" for figure in figures]
        cells += [_seconds(verdict.worst_talk_s), _seconds(one.right_s)]
        made.add_row(one.name, *cells, style="red" if one.broken else "")
    return made


def share_of(times: Sequence[float], share: float) -> float:
    """The time within which this share of them stays."""
    return sorted(times)[max(0, math.ceil(share * len(times)) - 1)]


def show_measured(console: Console, report: Report) -> None:
    """Print what was measured: how often, the median, the 95th of 100, and the longest."""
    for what, times in report.measured.items():
        shares = ", ".join(f"{name} {share_of(times, share):.2f}" for name, share in SHARES.items())
        console.print(f"  {what}: {shares} s, of {len(times)}", highlight=False)


def show_broken(console: Console, report: Report) -> None:
    """Print each promise that broke, in words."""
    for line in report.broken[:SHOWN]:
        console.print(f"  {line}", style="red", highlight=False, markup=False)
    if len(report.broken) > SHOWN:
        console.print(f"  and {len(report.broken) - SHOWN} more", style="red", highlight=False)


def _seconds(value: float) -> str:
    return f"{value:.2f} s"
