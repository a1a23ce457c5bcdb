"""Functions that all commands of `keskus` share: consoles, settings, and ending with an error."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import typer
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from app.domain.errors import Refusal
from app.records.engine import check, open_engine
from app.records.errors import DatabaseUnreachable, DatabaseUrlInvalid
from app.records.migrations import upgrade
from app.service.settings import Settings
from app.service.settings_sources import Loaded, SettingsUnfit, load
from app.service.starting import CannotStart, needing
from app.system.away import is_unusable, reason

T = TypeVar("T")

console = Console()
problems = Console(stderr=True)


def say(line: str, to: Console = console, style: str | None = None) -> None:
    """Print a line as it is, without wrapping, so that a path in it stays whole."""
    to.print(line, style=style, highlight=False, markup=False, soft_wrap=True)


def fail(message: str) -> NoReturn:
    """Print an error, and end with exit status 2."""
    say(message, problems, "red")
    raise typer.Exit(2)


def settings_or_fail() -> Settings:
    """Read the settings; if some are invalid, print which, and end with exit status 2."""
    return loaded_or_fail().settings


def loaded_or_fail() -> Loaded:
    """As `settings_or_fail`, with the source of each setting."""
    try:
        return load()
    except SettingsUnfit as error:
        fail("the settings do not fit:\n  " + "\n  ".join(str(error).splitlines()))
    except OSError as error:
        fail(f"a settings file cannot be read: {error}")


def with_engine(work: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    """Do something with the database after an upgrade of its tables to this version."""
    settings = settings_or_fail()

    async def run() -> T:
        engine = open_engine(settings.database.url.get_secret_value())
        try:
            with needing("the database"):
                await check(engine)
                await upgrade(engine, region=settings.floor.region)
            return await work(engine)
        finally:
            await engine.dispose()

    try:
        return asyncio.run(run())
    except Refusal as refusal:
        fail("; ".join(str(one) for one in (refusal, *(what for _, what in refusal.errors))))
    except (CannotStart, DatabaseUrlInvalid, DatabaseUnreachable) as error:
        fail(str(error))
    except Exception as error:
        if not is_unusable(error):
            raise
        fail(f"the database, or the PBX's log, cannot be used: {reason(error)}")
