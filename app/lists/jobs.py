"""Import jobs as rows of the database, with the same statements for lists of leads and lists of numbers."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Text, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import Field, col, select

from app.domain.errors import Refusal
from app.domain.jobs import JobState
from app.events.recorder import announce
from app.events.subjects import SUBJECTS
from app.lists.errors import ImportCutOff
from app.lists.file_errors import FileUnreadable
from app.lists.row_errors import stored
from app.records.base import Json, Row, UtcDateTime, table_of
from app.records.engine import writing


class FileRow(Row):
    """An uploaded file and its import: the columns that both tables have in common."""

    id: int | None = Field(default=None, primary_key=True)
    user_id: int | None = None
    """The user who uploaded the file."""
    size: int = Field(sa_type=BigInteger)
    """The file's length in bytes."""
    state: str
    """The state of the import, a `JobState`."""
    reading: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """How the file is read: encoding, delimiter, sheet, columns; empty: this has not been detected yet."""
    progress: float = 0.0
    """How much of the file has been read, 0..1."""
    rows: int = 0
    """Rows that have been processed."""
    added: int = 0
    rejected: int = 0
    """Rows that were rejected, or of which something could not be read."""
    rejected_bytes: int = Field(default=0, sa_type=BigInteger)
    """The length of the file of rejected rows when these counts were committed."""
    note: str = Field(default="", sa_type=Text)
    """Why the import failed or was cut off, in English."""
    fault: dict[str, Any] | None = Field(default=None, sa_type=Json, nullable=True)
    """The same with its code and parameters, in the form of `app.lists.row_errors`."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PreviewedRow(FileRow):
    """An uploaded file that people look at before it is brought in: the columns that its kinds have in common."""

    name: str
    """The file's name."""
    dry_run: bool = False
    """True: it only counts, and adds nothing."""
    look: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """The preview: the first rows as they would come in, and a workbook's sheets."""
    runner: str = ""
    """The runner that works on the import: the service, or a command."""
    removed: int = 0
    """What an undo took away again."""


def remark(why: Refusal | None) -> dict[str, Any]:
    """The columns of a job that say what there is to remark; None: nothing."""
    return {"note": "", "fault": None} if why is None else {"note": str(why), "fault": stored(why)}


R = TypeVar("R", bound=FileRow)
_COUNTED: Final = ("rows", "added", "rejected")


class FileJobs(Generic[R]):
    """The statements for the jobs of one table."""

    def __init__(self, table: type[R]) -> None:
        self._table = table

    async def add(self, session: AsyncSession, row: R) -> R:
        """Add a job; return its row with its id.

        Raises:
            sqlalchemy.exc.IntegrityError: it refers to something that does not exist.
        """
        session.add(row)
        await session.flush()
        return row

    async def get(self, session: AsyncSession, id_: int) -> R | None:
        """The job of this id; None: there is none."""
        return await session.get(self._table, id_)

    async def page(
        self, session: AsyncSession, *where: ColumnElement[bool], before: int | None = None, limit: int = 50
    ) -> Sequence[R]:
        """A page of jobs, the newest first; `before` is the last id of the page before."""
        id_ = col(self._table.id)
        query = select(self._table).where(*where)
        if before is not None:
            query = query.where(id_ < before)
        return (await session.scalars(query.order_by(id_.desc()).limit(limit))).all()

    async def move(
        self, session: AsyncSession, id_: int, before: Collection[JobState], after: JobState, **values: Any
    ) -> bool:
        """Move a job from one of the states `before` to `after`; False: it was in none of them, and is unchanged.

        A new state is an event with the counts of rows so far; the imported rows have no events of their own.
        """
        moved = await session.execute(
            update(self._table)
            .where(col(self._table.id) == id_, col(self._table.state).in_([state.value for state in before]))
            .values(state=after.value, **values)
            .returning(*(col(getattr(self._table, name)) for name in _COUNTED))
        )
        counts = moved.one_or_none()
        if counts is not None and after not in before:
            announce(session, SUBJECTS[self._table].name, id_, after.value, after=counts._asdict())
        return counts is not None

    async def in_states(
        self, session: AsyncSession, states: Collection[JobState], *where: ColumnElement[bool]
    ) -> Sequence[R]:
        """The jobs in one of these states, the oldest first."""
        query = select(self._table).where(
            col(self._table.state).in_([state.value for state in states]), *where
        )
        return (await session.scalars(query.order_by(col(self._table.id)))).all()

    async def cut_off(self, session: AsyncSession, runner: str, now: datetime) -> Sequence[int]:
        """Mark the jobs that a runner was working on when it ended; returns them."""
        open_ = [state.value for state in (JobState.QUEUED, JobState.RUNNING, JobState.UNDOING)]
        jobs = await session.scalars(
            update(self._table)
            .where(self.of_runner(runner), col(self._table.state).in_(open_))
            .values(state=JobState.CUT_OFF.value, ended_at=now, **remark(ImportCutOff()))
            .returning(col(self._table.id))
        )
        return [job for job in jobs if job is not None]

    def of_runner(self, runner: str) -> ColumnElement[bool]:
        """The condition of jobs that a runner works on; only for tables with the column `runner`."""
        return table_of(self._table).c.runner == runner

    async def remove(self, session: AsyncSession, row: R) -> None:
        """Delete a job; what it added stays."""
        await session.delete(row)
        await session.flush()


P = TypeVar("P", bound=PreviewedRow)


async def run_job(
    engine: AsyncEngine,
    jobs: FileJobs[P],
    job: int,
    now: Callable[[], datetime],
    bring: Callable[[P], Awaitable[bool]],
) -> JobState:
    """Run a queued job, and return how it ended; `bring` brings its rows in, and is False if somebody cancelled it."""
    async with writing(engine) as session:
        begun = {"began_at": now(), **remark(None)}
        begins = await jobs.move(session, job, [JobState.QUEUED], JobState.RUNNING, **begun)
        row = await jobs.get(session, job) if begins else None
    if row is None:
        return JobState.CANCELLED
    state, why = JobState.CHECKED if row.dry_run else JobState.DONE, remark(None)
    try:
        if not await bring(row):
            return JobState.CANCELLED
    except FileUnreadable as error:
        state, why = JobState.FAILED, remark(error)
    async with writing(engine) as session:
        ended = await jobs.move(session, job, [JobState.RUNNING], state, ended_at=now(), **why)
    return state if ended else JobState.CANCELLED
