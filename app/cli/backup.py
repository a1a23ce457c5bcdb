"""`keskus backup` and `keskus restore`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Annotated, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from app.cli.base import fail, problems, say, settings_or_fail, with_engine
from app.crm.privacy.eraser import Eraser
from app.crm.privacy.ledger import Ledger, ledger_beside
from app.pbx.log_erasure import LogErasure
from app.records.engine import imports_beside, open_engine, spool_beside
from app.records.errors import DatabaseUrlInvalid
from app.service.backup import BackupFailed, Places, back_up
from app.service.backup import restore as lay
from app.system import clock
from app.system.away import is_unusable, reason
from app.system.private import FILE

T = TypeVar("T")


def backup(
    file: Annotated[Path, typer.Argument(help="What to write; - is standard output.", allow_dash=True)],
) -> None:
    """Write a copy of the whole centre into one file; the service may run meanwhile.

    The copy has records, users, contacts, lists that are being imported, phones' accounts and the PBX's event log.
    Settings and secrets are not in it: keep their files beside it.
    """
    places = _places()
    if str(file) == "-":
        _tried(lambda: back_up(places, sys.stdout.buffer, at=clock.utc_now()))
        return
    made = file.with_name(f"{file.name}.partial")
    try:
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE), "wb") as target:
            _tried(lambda: back_up(places, target, at=clock.utc_now()))
            os.fsync(target.fileno())
        made.replace(file)  # appears whole or not at all
    except OSError as error:
        fail(f"cannot write {file}: {error.strerror or error}")
    finally:
        made.unlink(missing_ok=True)
    say(f"{file}: {file.stat().st_size / 1e6:.1f} MB", problems)


def restore(
    file: Annotated[Path, typer.Argument(help="A copy; - is standard input.", allow_dash=True)],
) -> None:
    """Restore a copy into an empty database and a PBX that has its tables.

    The service must not run. Its next start upgrades the tables of an older version. Whoever was erased since the copy
    was made is erased again, if the ledger of erasures is in its place.
    """
    places = _places()

    def work(source: IO[bytes]) -> None:
        at = _tried(lambda: lay(places, source))
        ledger = Ledger(settings_or_fail().privacy.ledger or ledger_beside(places.spool))
        if not ledger.path.exists():
            say(
                f"There is no ledger of erasures at {ledger.path}: people who were erased since the copy was made are "
                f"back. Put the ledger there, and start the service.",
                problems,
            )
        elif again := with_engine(lambda engine: _erase_again(engine, places, ledger)):
            say(f"{again} people who had been erased since then are erased again.", problems)
        say(f"The centre is as it was at {at.astimezone():%Y-%m-%d %H:%M:%S}.", problems)

    if str(file) == "-":
        work(sys.stdin.buffer)
        return
    try:
        with file.open("rb") as source:
            work(source)
    except OSError as error:
        fail(f"cannot read {file}: {error.strerror or error}")


async def _erase_again(engine: AsyncEngine, places: Places, ledger: Ledger) -> int:
    """Erase again whoever was erased after the copy was made."""
    log = LogErasure(places.event_log) if places.event_log else None
    eraser = Eraser(engine, ledger, places.imports, clock.utc_now, journal=_nothing, log=log)
    try:
        return await eraser.catch_up(whole=True)
    finally:
        if log is not None:
            await log.close()


async def _nothing() -> None:
    """No service runs: the journal has nothing."""


def _places() -> Places:
    settings = settings_or_fail()
    url = settings.database.url.get_secret_value()
    try:
        engine = open_engine(url)
    except DatabaseUrlInvalid as error:
        fail(str(error))
    return Places(
        url,
        settings.database.spool or spool_beside(engine),
        settings.imports.folder or imports_beside(engine),
        settings.pbx.softphones_url.get_secret_value(),
        settings.pbx.event_log_url.get_secret_value(),
    )


def _tried(work: Callable[[], T]) -> T:
    try:
        return work()
    except BackupFailed as error:
        fail(str(error))
    except Exception as error:
        if not is_unusable(error):
            raise
        fail(f"it cannot be done: {reason(error)}")
