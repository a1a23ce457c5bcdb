"""Files on their way in, as rows: the same statements for lists of leads and lists of numbers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col, select

from app.domain.jobs import JobState
from app.events.recorder import announce
from app.events.subjects import SUBJECTS
from app.records.base import Json, Row, UtcDateTime


class FileRow(Row):
    """A file on its way in: what the tables have in common."""

    id: int | None = Field(default=None, primary_key=True)
    user_id: int | None = None
    """Who brought it."""
    size: int = Field(sa_type=BigInteger)
    """Bytes."""
    state: str
    """A `JobState`."""
    reading: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """How the file is read: encoding, delimiter, sheet, columns; empty until it has been looked at."""
    progress: float = 0.0
    """How much of the file has been read, 0..1."""
    rows: int = 0
    """Rows that have been dealt with."""
    added: int = 0
    rejected: int = 0
    """Rows of which something could not be read."""
    rejected_bytes: int = Field(default=0, sa_type=BigInteger)
    """How long the file of rejected rows was then."""
    note: str = Field(default="", sa_type=Text)
    """Why it failed or was cut off."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


R = TypeVar("R", bound=FileRow)
_COUNTED: Final = ("rows", "added", "rejected")


class FileJobs(Generic[R]):
    """The statements, for one table."""

    def __init__(self, table: type[R]) -> None:
        self._table = table

    async def add(self, session: AsyncSession, row: R) -> R:
        """Keep a new one; the row comes back with its id.

        Raises:
            sqlalchemy.exc.IntegrityError: at once, when it names something that is not there.
        """
        session.add(row)
        await session.flush()
        return row

    async def get(self, session: AsyncSession, id_: int) -> R | None:
        """One, or None."""
        return await session.get(self._table, id_)

    async def page(
        self, session: AsyncSession, *where: ColumnElement[bool], before: int | None = None, limit: int = 50
    ) -> Sequence[R]:
        """The newest first; `before` is the id of the last of the page before."""
        id_ = col(self._table.id)
        query = select(self._table).where(*where)
        if before is not None:
            query = query.where(id_ < before)
        return (await session.scalars(query.order_by(id_.desc()).limit(limit))).all()

    async def move(
        self, session: AsyncSession, id_: int, before: Collection[JobState], after: JobState, **values: Any
    ) -> bool:
        """Take one to another state; False when it was in none of those, and then it stays as it is.

        A new state is an event, with how many rows have come in by then: they themselves have none.
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
        """Those in one of these states, the oldest first."""
        query = select(self._table).where(
            col(self._table.state).in_([state.value for state in states]), *where
        )
        return (await session.scalars(query.order_by(col(self._table.id)))).all()

    async def remove(self, session: AsyncSession, row: R) -> None:
        """Forget one; what it added stays."""
        await session.delete(row)
        await session.flush()
