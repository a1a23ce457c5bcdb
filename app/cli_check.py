"""`keskus check`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app import logs
from app.checks import checks, look_at
from app.cli_base import console, problems, settings_or_fail
from app.outgoing import away_numbers


def check(
    config: Annotated[
        Path | None,
        typer.Option(exists=True, help="Read this configuration folder, or pjsip.conf, instead of asking."),
    ] = None,
    endpoint: Annotated[
        list[str] | None,
        typer.Option(
            help="Ask the PBX for this endpoint, too: it tells by itself of the trunk and of phones."
        ),
    ] = None,
) -> None:
    """Look at the PBX for what strangers could use, and for what it lacks. Exit status 1: found; 2: not told."""
    logs.configure("ERROR")
    settings = settings_or_fail()
    away = [one.number for one in away_numbers(settings.outgoing, settings.floor.region)]
    done = asyncio.run(look_at(checks(settings.pbx, config, endpoint or [], away)))
    for checked in done:
        if checked.impossible:
            problems.print(
                f"?  {checked.title}: {checked.impossible}", style="yellow", highlight=False, markup=False
            )
            continue
        mark, style = ("!", "red") if checked.findings else ("ok", "green")
        console.print(f"{mark:2} {checked.title}", style=style, highlight=False, markup=False)
        for finding in checked.findings:
            console.print(f"   {finding.what}", highlight=False, markup=False, soft_wrap=True)
            console.print(f"     -> {finding.remedy}", highlight=False, markup=False, soft_wrap=True)
    if any(checked.findings for checked in done):
        raise typer.Exit(1)
    if any(checked.impossible for checked in done):
        raise typer.Exit(2)
