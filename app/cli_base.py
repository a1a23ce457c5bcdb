"""What every command of `keskus` shares: the consoles, the settings, and how a command gives up."""

from typing import NoReturn

import typer
from rich.console import Console

from app.settings import Settings
from app.settings_sources import Loaded, SettingsUnfit, load

console = Console()
problems = Console(stderr=True)


def fail(message: str) -> NoReturn:
    """Say what is wrong, and end with exit status 2."""
    problems.print(message, style="red", highlight=False, markup=False)
    raise typer.Exit(2)


def settings_or_fail() -> Settings:
    """Read the settings; say which do not fit, and end with exit status 2."""
    return loaded_or_fail().settings


def loaded_or_fail() -> Loaded:
    """As `settings_or_fail`, with where each comes from."""
    try:
        return load()
    except SettingsUnfit as error:
        fail("the settings do not fit:\n  " + "\n  ".join(str(error).splitlines()))
    except OSError as error:
        fail(f"a settings file cannot be read: {error}")
