"""Files with all that is held of one person: made off everybody's way, kept for an hour, then deleted.

They are made by one process and known to it alone: after a restart they are made again. Whoever asks has them made in
JSON and as a page in three languages.
"""

import asyncio
import json
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contacts.errors import ContactUnknown
from app.crm.privacy.errors import PersonFileNotReady, PersonFileUnknown, TooManyPersonFiles
from app.crm.privacy.gathering import gather
from app.crm.privacy.html import page
from app.domain.ids import ContactId
from app.system.faults import report
from app.system.private import FOLDER

KEPT: Final = timedelta(hours=1)
MOST: Final = 20
"""The most files at one time."""
OF_USER: Final = 5
"""The most of them that one user has asked for."""
LANGUAGES: Final = ("en", "et", "ru")
_log = structlog.get_logger(__name__)


class FileState(StrEnum):
    """How far a file is."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    """It could not be made; the reason is in the service's log."""


class FileForm(StrEnum):
    """The forms of a file."""

    JSON = "json"
    HTML = "html"


@dataclass(slots=True)
class PersonFile:
    """One file, in all its forms."""

    id: str
    contact: ContactId
    user: int | None
    asked_at: datetime
    until: datetime
    state: FileState = FileState.MAKING
    bytes: int = 0
    """The length of the JSON."""
    folder: Path | None = field(default=None, repr=False)


class PersonFiles:
    """Makes files, one at a time. Call `run` in a task group.

    Args:
        engine: the database.
        folder: of this process alone, made with the first file; what a process that died left there is deleted.
        now: the wall clock.
    """

    def __init__(self, engine: AsyncEngine, folder: Path, now: Callable[[], datetime]) -> None:
        self._engine, self._folder, self._now = engine, folder, now
        self._files: dict[str, PersonFile] = {}
        self._asked = asyncio.Event()

    def ask(self, contact: ContactId, user: int | None) -> PersonFile:
        """Have a file made.

        Raises:
            TooManyPersonFiles: there are `MOST` already, or `OF_USER` of this user.
        """
        self._tidy()
        if len(self._files) >= MOST:
            raise TooManyPersonFiles(most=MOST)
        if sum(one.user == user for one in self._files.values()) >= OF_USER:
            raise TooManyPersonFiles(most=OF_USER)
        at = self._now()
        file = PersonFile(
            id=secrets.token_urlsafe(16), contact=contact, user=user, asked_at=at, until=at + KEPT
        )
        self._files[file.id] = file
        self._asked.set()
        return file

    def get(self, id_: str, contact: ContactId) -> PersonFile:
        """One file of a contact.

        Raises:
            PersonFileUnknown: there is none, or no more.
        """
        self._tidy()
        file = self._files.get(id_)
        if file is None or file.contact != contact:
            raise PersonFileUnknown
        return file

    def path(self, id_: str, contact: ContactId, form: FileForm, language: str) -> Path:
        """The path of a file that is ready.

        Raises:
            PersonFileUnknown, PersonFileNotReady: see there.
        """
        file = self.get(id_, contact)
        if file.state is not FileState.READY or file.folder is None:
            raise PersonFileNotReady(state=file.state.value)
        return file.folder / ("person.json" if form is FileForm.JSON else f"person.{language}.html")

    def forget(self, id_: str, contact: ContactId) -> None:
        """Delete a file.

        Raises:
            PersonFileUnknown: there is none.
        """
        self._drop(self.get(id_, contact))

    def forget_contact(self, contact: int) -> None:
        """Delete all files of a contact, who is erased."""
        for file in [one for one in self._files.values() if one.contact == contact]:
            self._drop(file)

    async def run(self) -> None:
        """Make files until cancelled; then none is left."""
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
        try:
            while True:
                await self._asked.wait()
                self._asked.clear()
                while (file := self._next()) is not None:
                    await self.make(file)
        finally:
            self._files.clear()
            shutil.rmtree(self._folder, ignore_errors=True)

    async def make(self, file: PersonFile) -> None:
        """Make one file; a failure is its state."""
        try:
            held = await gather(self._engine, file.contact, self._now())
            folder, size = await asyncio.to_thread(_write, self._folder, held)
        except ContactUnknown:
            file.state = FileState.FAILED
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            report(_log, "person_file_failed", error, part="privacy")
            file.state = FileState.FAILED
        else:
            file.folder, file.bytes, file.state = folder, size, FileState.READY
            if file.id not in self._files:  # it was deleted meanwhile
                self._drop(file)

    def _next(self) -> PersonFile | None:
        self._tidy()
        return next((one for one in self._files.values() if one.state is FileState.MAKING), None)

    def _tidy(self) -> None:
        now = self._now()
        for file in [one for one in self._files.values() if one.until <= now]:
            self._drop(file)

    def _drop(self, file: PersonFile) -> None:
        self._files.pop(file.id, None)
        if file.folder is not None:
            shutil.rmtree(file.folder, ignore_errors=True)


def files_beside(spool: Path) -> Path:
    """The folder of the files: beside the spool, in no backup."""
    return spool.with_name(f"{spool.name.removesuffix('.spool')}.persons")


def _write(within: Path, held: dict[str, Any]) -> tuple[Path, int]:
    """Write all forms into a folder that only the service's user may read."""
    within.mkdir(mode=FOLDER, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=within))
    text = json.dumps(held, ensure_ascii=False, indent=2)
    (folder / "person.json").write_text(text, "utf-8")
    for language in LANGUAGES:
        (folder / f"person.{language}.html").write_text(page(held, language), "utf-8")
    return folder, len(text.encode())
