"""A desk where files are brought: what is done alike with lists of leads and lists of numbers."""

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
"""How long who brings a file waits for what comes of it; most have been dealt with by then."""


class FileDesk(Generic[R]):
    """Where files wait, and what becomes of their rows."""

    jobs: ClassVar[FileJobs]  # type: ignore[type-arg] # of the desk's own rows
    unknown: ClassVar[type[Refusal]]
    """What is said of an id that no file has."""
    cancellable: ClassVar[Collection[JobState]] = (JobState.QUEUED, JobState.RUNNING)
    busy: ClassVar[Collection[JobState]]
    """A file in one of these is not forgotten."""
    kept_as: ClassVar[str]
    """What a file's name ends with in the folder."""

    def __init__(
        self, engine: AsyncEngine, folder: Path, most_bytes: int, now: Callable[[], datetime]
    ) -> None:
        """A desk for this database.

        Args:
            engine: the database.
            folder: where files wait; made when it is not there.
            most_bytes: how large a file may be.
            now: the wall clock.
        """
        self.most_bytes = most_bytes
        self._engine = engine
        self._folder = Folder(folder, most_bytes)
        self._places = Places()
        self._now = now

    async def known(self, id_: int) -> R:
        """How a file stands.

        Raises:
            unknown: there is none with this id.
        """
        async with reading(self._engine) as session:
            row: R | None = await self.jobs.get(session, id_)
        if row is None:
            raise self.unknown
        return row

    async def cancel(self, id_: int, who: Actor = SERVICE) -> R:
        """Stop one; what has come in stays.

        Raises:
            unknown: there is none with this id.
            FileNotUnderWay: it is over, or has not begun.
        """
        row = await self.known(id_)
        async with writing(self._engine, who) as session:
            if not await self.jobs.move(
                session, id_, self.cancellable, JobState.CANCELLED, ended_at=self._now()
            ):
                raise FileNotUnderWay(state=row.state)
        return await self.known(id_)

    async def forget(self, id_: int, who: Actor = SERVICE) -> None:
        """Forget one and its files; what it added stays.

        Raises:
            unknown: there is none with this id.
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
        """Where a file's rejected rows are.

        Raises:
            unknown: there is none with this id.
            NothingRejected: no row has been.
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
