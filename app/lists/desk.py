"""What uploads of lists of leads and of lists of numbers have in common."""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final, Generic

from sqlalchemy.ext.asyncio import AsyncEngine

from app.domain.actors import SERVICE, Actor
from app.domain.errors import Refusal
from app.domain.jobs import JobState
from app.lists.errors import FileNotUnderWay, FileUnderWay, NothingRejected
from app.lists.jobs import FileJobs, R
from app.lists.uploads import Folder, Places
from app.records.engine import reading, writing

GLANCE_S: Final = 5.0
"""How long an upload waits for the file to be read; most files have been by then."""


class FileDesk(Generic[R]):
    """Uploaded files of one kind, and their jobs."""

    jobs: ClassVar[FileJobs]  # type: ignore[type-arg] # of the desk's own rows
    unknown: ClassVar[type[Refusal]]
    """The refusal of an id that no file has."""
    cancellable: ClassVar[Collection[JobState]] = (JobState.QUEUED, JobState.RUNNING)
    busy: ClassVar[Collection[JobState]]
    """States in which a file cannot be forgotten."""
    kept_as: ClassVar[str]
    """The end of a file's name in the folder."""

    def __init__(
        self, engine: AsyncEngine, folder: Path, most_bytes: int, now: Callable[[], datetime]
    ) -> None:
        """A desk for this database.

        Args:
            engine: the database.
            folder: where files wait; created when first needed.
            most_bytes: how large a file may be.
            now: the wall clock.
        """
        self.most_bytes = most_bytes
        self._engine = engine
        self._folder = Folder(folder, most_bytes)
        self._places = Places()
        self._now = now

    async def known(self, id_: int) -> R:
        """The row of a file.

        Raises:
            unknown: there is no file with this id.
        """
        async with reading(self._engine) as session:
            row: R | None = await self.jobs.get(session, id_)
        if row is None:
            raise self.unknown
        return row

    async def cancel(self, id_: int, who: Actor = SERVICE) -> R:
        """Stop the import of a file; what it has added stays.

        Raises:
            unknown: there is no file with this id.
            FileNotUnderWay: the import is over, or has not begun.
        """
        async with writing(self._engine, who) as session:
            row: R | None = await self.jobs.get(session, id_)
            if row is None:
                raise self.unknown
            state = row.state
            if not await self.jobs.move(
                session, id_, self.cancellable, JobState.CANCELLED, ended_at=self._now()
            ):
                raise FileNotUnderWay(state=state)
        return await self.known(id_)

    async def forget(self, id_: int, who: Actor = SERVICE) -> None:
        """Delete a file and its rejected rows; what it added stays.

        Raises:
            unknown: there is no file with this id.
            FileUnderWay: it is under way.
        """
        async with writing(self._engine, who) as session:
            row: R | None = await self.jobs.get(session, id_)
            if row is None:
                raise self.unknown
            if JobState(row.state) in self.busy:
                raise FileUnderWay
            await self.jobs.remove(session, row)
        for path in (self._file(id_), self._rejected(id_)):
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def rejected(self, id_: int) -> Path:
        """The path of the CSV file with a file's rejected rows.

        Raises:
            unknown: there is no file with this id.
            NothingRejected: no row has been rejected.
        """
        await self.known(id_)
        path = self._rejected(id_)
        if not await asyncio.to_thread(path.is_file):
            raise NothingRejected
        return path

    def _rejected(self, id_: int) -> Path:
        return self._folder.path / f"{id_}-rejected.csv"

    def _file(self, id_: int) -> Path:
        return self._folder.path / f"{id_}-{self.kept_as}"
