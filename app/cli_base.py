"""What every command of `keskus` shares: the consoles, the settings, and how a command gives up."""

from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from app.settings import Settings, load_settings

console = Console()
problems = Console(stderr=True)
_WORDS = {"extra_forbidden": "there is no such setting; docs/administrators.md lists all there are"}


def fail(message: str) -> NoReturn:
    """Say what is wrong, and end with exit status 2."""
    problems.print(message, style="red", highlight=False, markup=False)
    raise typer.Exit(2)


def settings_or_fail() -> Settings:
    """Read the settings; say which do not fit, and end with exit status 2."""
    try:
        return load_settings()
    except ValidationError as error:
        lines = [
            f"KESKUS__{'__'.join(str(part) for part in item['loc']).upper()}: {_WORDS.get(item['type'], item['msg'])}"
            for item in error.errors(include_input=False, include_url=False)
        ]
        fail("the settings do not fit:\n  " + "\n  ".join(lines))
    except ValueError as error:
        fail(f"the settings do not fit: {error}")
    except OSError as error:
        fail(f"a settings file cannot be read: {error}")
