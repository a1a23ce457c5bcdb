"""`python -m tests.faults [names] [--short] [--seed N] [--keep FOLDER]`: break it in every way, and print it.

Exit status 1 when a promise broke. `make faults` runs all.
"""

import asyncio
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.system import clock
from tests.faults.centre import keep_in
from tests.faults.plan import Scenario, short, whole
from tests.faults.report import Report, show_broken, show_measured, table

console = Console()
problems = Console(stderr=True)


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all when none is named.")] = None,
    brief: Annotated[bool, typer.Option("--short", help="As short as the tests run them.")] = False,
    seed: Annotated[int, typer.Option(help="Of every choice by chance.")] = 1,
    keep: Annotated[Path | None, typer.Option(help="Leave logs and databases in this folder.")] = None,
) -> None:
    """Break the service, its link, its PBX, its database and the clocks under load, and judge by SIPp's logs."""
    plan = (short if brief else whole)(seed)
    if keep is not None:
        keep_in(keep)
    unknown = [name for name in names or () if name not in plan]
    if unknown:
        problems.print(f"no such fault: {', '.join(unknown)}; there are {', '.join(plan)}")
        raise typer.Exit(2)
    reports: list[Report] = []
    failed: list[str] = []
    for name in names or plan:
        done = _run(name, plan[name])
        if done is None:
            failed.append(name)
        else:
            reports.append(done)
    console.print(table(reports, f"Faults under load, seed {seed}"))
    if failed:
        problems.print(f"could not be told to its end: {', '.join(failed)}", style="red")
    raise typer.Exit(1 if failed or any(one.broken for one in reports) else 0)


def _run(name: str, scenario: Scenario) -> Report | None:
    began_s = clock.monotonic()
    try:
        done = asyncio.run(scenario())
    except Exception:  # noqa: BLE001 - the other faults are still wanted
        traceback.print_exc()
        done = None
    said = (
        "could not be told"
        if done is None
        else f"{len(done.broken)} promises broken"
        if done.broken
        else "kept"
    )
    problems.print(f"{name}: {said}, {clock.monotonic() - began_s:.0f} s", highlight=False)
    if done is not None:
        show_measured(problems, done)
        show_broken(problems, done)
    return done


if __name__ == "__main__":
    typer.run(main)
