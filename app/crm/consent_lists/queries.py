"""Lists of numbers as rows: what was brought, how far it has come in."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.consent_lists.tables import ConsentListRow
from app.domain.jobs import JobState


async def add_list(session: AsyncSession, row: ConsentListRow) -> ConsentListRow:
    """Keep a new one; the row comes back with its id."""
    session.add(row)
    await session.flush()
    return row


async def get_list(session: AsyncSession, id_: int) -> ConsentListRow | None:
    """One, or None."""
    return await session.get(ConsentListRow, id_)


async def page_lists(
    session: AsyncSession, *, before: int | None = None, limit: int = 50
) -> Sequence[ConsentListRow]:
    """The newest first; `before` is the id of the last of the page before."""
    id_ = col(ConsentListRow.id)
    query = select(ConsentListRow)
    if before is not None:
        query = query.where(id_ < before)
    return (await session.scalars(query.order_by(id_.desc()).limit(limit))).all()


async def move_list(
    session: AsyncSession, id_: int, before: Collection[JobState], after: JobState, **values: Any
) -> bool:
    """Take one to another state; False when it was in none of those, and then it stays as it is."""
    moved = await session.scalars(
        update(ConsentListRow)
        .where(
            col(ConsentListRow.id) == id_, col(ConsentListRow.state).in_([state.value for state in before])
        )
        .values(state=after.value, **values)
        .returning(col(ConsentListRow.id))
    )
    return moved.one_or_none() is not None


async def unfinished(session: AsyncSession) -> Sequence[int]:
    """Those that are on their way in, the oldest first."""
    states = [JobState.QUEUED.value, JobState.RUNNING.value]
    ids = await session.scalars(
        select(col(ConsentListRow.id))
        .where(col(ConsentListRow.state).in_(states))
        .order_by(col(ConsentListRow.id))
    )
    return [id_ for id_ in ids if id_ is not None]


async def remove_list(session: AsyncSession, id_: int) -> None:
    """Forget one; what it added stays."""
    row = await session.get(ConsentListRow, id_)
    if row is not None:
        await session.delete(row)
        await session.flush()
