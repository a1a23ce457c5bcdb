"""How often the intervals of survey results hold the true figure: 95 times in 100 is promised, 94 to 96 is the aim.

    python -m bench surveys                    2,000 surveys of each kind
    python -m bench surveys --times 10000      the law whole, in some minutes
    python -m bench surveys --seed 7           others

tests/estimation/coverage.py has the people who answer. What misses the aim is red, and no failure: with ten answers a
discrete figure cannot be held exactly as often as one likes.
"""

import argparse
import sys
from itertools import dropwhile

from rich.console import Console
from rich.table import Table

from tests.estimation.coverage import SIZES, Coverage, coverages

LOW, HIGH = 0.94, 0.96


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m bench surveys")
    reader.add_argument("--times", type=int, default=2_000)
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args(list(dropwhile(lambda one: not one.startswith("-"), sys.argv[1:])))
    found = list(coverages(SIZES, asked.times, asked.seed))
    table = Table(title=f"Coverage of 95 % intervals, {asked.times} surveys each", title_justify="left")
    table.add_column("figure")
    table.add_column("people")
    for size in SIZES:
        table.add_column(f"n = {size}", justify="right")
    for figure in dict.fromkeys(one.figure for one in found):
        of_figure = [one for one in found if one.figure == figure]
        for people in dict.fromkeys(one.people for one in of_figure):
            table.add_row(figure, people, *(_shown(of_figure, size, people) for size in SIZES))
        table.add_row(figure, "all", *(_shown(of_figure, size) for size in SIZES), style="bold")
    Console().print(table)


def _shown(found: list[Coverage], size: int, people: str = "") -> str:
    of_size = [one for one in found if one.size == size and people in {"", one.people}]
    share = sum(one.held for one in of_size) / sum(one.of for one in of_size)
    return f"{100 * share:.1f}" if LOW <= share <= HIGH else f"[red]{100 * share:.1f}[/red]"
