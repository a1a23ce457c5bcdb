"""Deadlines of cases against a count of every minute, over random histories, calendars and changes of clocks.

    python -m bench deadlines                      2,000 histories
    python -m bench deadlines --times 100000       the law whole, in about a quarter of an hour
    python -m bench deadlines --seed 7             others

tests/cases/minutes.py has the histories and the count. A difference is printed, and is a failure.
"""

import argparse
import sys
from itertools import dropwhile
from time import process_time

from rich.console import Console

from app.cases.case import replay
from app.cases.deadline import deadline
from tests.cases.minutes import disagreement, trials


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m bench deadlines")
    reader.add_argument("--times", type=int, default=2_000)
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args(list(dropwhile(lambda one: not one.startswith("-"), sys.argv[1:])))
    console = Console()
    began, ours_s, changed, foreseen = process_time(), 0.0, 0, 0
    for events, terms, until in trials(asked.seed, asked.times):
        case = replay(events)
        at = process_time()
        found = deadline(case, terms.__getitem__, until)
        ours_s += process_time() - at
        foreseen += found.due is not None
        zone = terms[0].calendar.zone
        changed += events[0].at.astimezone(zone).utcoffset() != until.astimezone(zone).utcoffset()
        differs = disagreement(events, terms, until)
        if differs is not None:
            raise AssertionError(f"{differs} of {events} with {terms}")
    whole_s = process_time() - began
    console.print(
        f"{asked.times} histories agree with the count of minutes; the clocks changed in {changed}, {foreseen} have a "
        f"deadline; one deadline takes {ours_s / asked.times * 1e6:.0f} us of CPU, the count "
        f"{(whole_s - ours_s * 2) / asked.times / (ours_s / asked.times):.0f} times as long"
    )
