"""Checks of what a start needs: what is missing is told in one line that says what to do."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic.util import CommandError

from app.pbx.event_log import EventLog
from app.pbx.realtime.database import RealtimeUnfit
from app.records.errors import DatabaseUnreachable
from app.system.away import is_unusable, reason

SOFTPHONES: Final = "the PBX's database of accounts (KESKUS__PBX__SOFTPHONES_URL)"
EVENT_LOG: Final = "the PBX's event log (KESKUS__PBX__EVENT_LOG_URL)"
_REMEDIES: Final = (
    ("readonly database", "let this user write the file and its folder, on a disk that is not read-only"),
    ("Read-only file system", "put it on a disk that can be written"),
    ("unable to open", "let this user read and write the file and its folder"),
    ("Permission denied", "let this user read and write it"),
    ("disk is full", "make room on its disk"),
    ("No space left", "make room on its disk"),
)


class CannotStart(Exception):  # noqa: N818 - named for what is so
    """The service cannot start; the text is one line for whoever runs it."""


@contextmanager
def needing(what: str) -> Iterator[None]:
    """Turn errors of a database or a disk during the start into `CannotStart`.

    Args:
        what: the thing that is needed, with the setting that names it.

    Raises:
        CannotStart: with the cause, and what to do where that is known.
    """
    try:
        yield
    except RealtimeUnfit as error:
        raise CannotStart(f"{what}: {error}") from error
    except CommandError as error:
        raise CannotStart(
            f"{what} was last used by another version of Keskus, whose changes this one does not know: start the "
            f"version that it was used with, or a newer one ({error})"
        ) from error
    except DatabaseUnreachable as error:
        raise CannotStart(_with_remedy(str(error))) from error
    except Exception as error:
        if not is_unusable(error):
            raise
        raise CannotStart(_with_remedy(f"cannot use {what}: {reason(error)}")) from error


def _with_remedy(told: str) -> str:
    return told + next((f": {remedy}" for sign, remedy in _REMEDIES if sign in told), "")


def require_folder(path: Path, what: str) -> None:
    """Check that files can be made in a folder, or that the folder can be made; blocks.

    Raises:
        CannotStart: they cannot be made.
    """
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    if not there.is_dir():
        raise CannotStart(f"cannot use the folder of {what}: {there} is a file")
    if not os.access(there, os.W_OK | os.X_OK):
        raise CannotStart(f"cannot use the folder of {what}: let this user write {there}")


async def check_event_log(url: str) -> None:
    """Check that the PBX's event log is one, and can be read.

    Raises:
        CannotStart: it is no event log, or cannot be read.
    """
    with needing(EVENT_LOG):
        events = EventLog(url)
        try:
            await events.check()
        finally:
            await events.close()
