"""`keskus check`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.cli.base import loaded_or_fail, problems, say
from app.service.checks.finding import Checked
from app.service.checks.installation import checks, config_checks, look_at
from app.service.settings_sources import Loaded
from app.system import logs


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
    """Check everything that the service needs, and look for openings to strangers; say what to do.

    It may run beside the service. Exit status 1: something is wrong; 2: something could not be checked.
    """
    logs.configure("CRITICAL")  # a refused log-in is printed below
    done = asyncio.run(_looked_at(loaded_or_fail(), config, endpoint or []))
    for checked in done:
        if checked.impossible:
            say(f"?  {checked.title}: {checked.impossible}", problems, "yellow")
            continue
        mark, style = ("!", "red") if checked.findings else ("ok", "green")
        say(f"{mark:2} {checked.title}", style=style)
        for finding in checked.findings:
            say(f"   {finding.what}")
            say(f"     -> {finding.remedy}")
    if any(checked.findings for checked in done):
        raise typer.Exit(1)
    if any(checked.impossible for checked in done):
        raise typer.Exit(2)


async def _looked_at(loaded: Loaded, config: Path | None, names: list[str]) -> list[Checked]:
    if config is not None:
        return await look_at(config_checks(config))
    async with checks(loaded, names) as all_checks:
        return await look_at(all_checks)
