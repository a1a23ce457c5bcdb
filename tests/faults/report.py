"""What came of a scenario, and the table of all."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from tests.faults.oracle import Verdict

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


def show_broken(console: Console, report: Report) -> None:
    """Print each promise that broke, in words."""
    for line in report.broken[:SHOWN]:
        console.print(f"  {line}", style="red", highlight=False, markup=False)
    if len(report.broken) > SHOWN:
        console.print(f"  and {len(report.broken) - SHOWN} more", style="red", highlight=False)


def _seconds(value: float) -> str:
    return f"{value:.2f} s"
