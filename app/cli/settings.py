"""`keskus settings`, and the settings in the help of `keskus serve`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from app.cli.base import console, loaded_or_fail
from app.service.settings_list import settings_lines
from app.service.settings_sources import FILE_VARIABLE, STANDARD_FILE

SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        exists=True,
        dir_okay=False,
        help=f"Settings in TOML, beside variables; also {FILE_VARIABLE}, else {STANDARD_FILE}.",
    ),
]


def use_settings_file(path: Path | None) -> None:
    """Have this command, and the programs it starts, read settings from this file."""
    if path is not None:
        os.environ[FILE_VARIABLE] = str(path.absolute())


def settings() -> None:
    """Print every setting: its meaning, default, present value and source. Secrets are not shown."""
    loaded = loaded_or_fail()
    console.out(f"# Settings file: {loaded.file or f'none; {STANDARD_FILE} is not there'}", highlight=False)
    console.out("\n".join(settings_lines(loaded)), highlight=False)


def _help(context: typer.Context, wanted: bool) -> None:
    if wanted:
        console.out(context.get_help(), highlight=False)
        console.out("All settings, as 'keskus settings' shows them with their values:", highlight=False)
        console.out("\n".join(settings_lines(None)), highlight=False)
        raise typer.Exit


HelpWithSettings = Annotated[
    bool, typer.Option("--help", is_eager=True, callback=_help, help="Show this and all settings.")
]
