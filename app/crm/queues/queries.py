"""Queues as rows."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.queues.tables import QueueRow
from app.domain.ids import QueueId
from app.domain.queues import MaxWait, QueueSettings
from app.records.versions import columns_of, raise_version


def to_settings(row: QueueRow) -> QueueSettings:
    """A row in the form that the floor uses."""
    return QueueSettings(
        id=QueueId(row.id),
        title=row.title,
        skills=frozenset(row.skills),
        priority=row.priority,
        target_s=row.target_s,
        ring_s=row.ring_s,
        wrap_up_s=row.wrap_up_s,
        preferred_s=row.preferred_s,
        miss_limit=row.miss_limit,
        retry_s=row.retry_s,
        max_wait_s=row.max_wait_s,
        max_wait_then=MaxWait(row.max_wait_then),
        overflow_queue=QueueId(row.overflow_queue) if row.overflow_queue else None,
        leave_message=row.leave_message,
        pop_url=row.pop_url,
        paused=row.paused,
    )


async def load_queue_settings(session: AsyncSession) -> list[QueueSettings]:
    """Every queue, by id."""
    rows = await session.scalars(select(QueueRow).order_by(col(QueueRow.id)))
    return [to_settings(row) for row in rows]


async def get_queue(session: AsyncSession, queue: QueueId) -> QueueSettings | None:
    """One queue, or None."""
    row = await session.get(QueueRow, queue)
    return to_settings(row) if row else None


async def queues_that_play(session: AsyncSession, message: str) -> list[str]:
    """The queues whose callers hear a message before their call ends."""
    query = select(QueueRow.id).where(col(QueueRow.leave_message) == message)
    return list(await session.scalars(query.order_by(col(QueueRow.id))))


async def save_queue(session: AsyncSession, settings: QueueSettings) -> None:
    """Make a queue or change it whole.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when the overflow queue does not exist.
    """
    row = await session.get(QueueRow, settings.id)
    if row is None:
        row = QueueRow(id=settings.id, title=settings.title)
    was = columns_of(row)
    row.title = settings.title
    row.skills = sorted(settings.skills)
    row.priority = settings.priority
    row.target_s = settings.target_s
    row.ring_s = settings.ring_s
    row.wrap_up_s = settings.wrap_up_s
    row.preferred_s = settings.preferred_s
    row.miss_limit = settings.miss_limit
    row.retry_s = settings.retry_s
    row.max_wait_s = settings.max_wait_s
    row.max_wait_then = settings.max_wait_then.value
    row.overflow_queue = settings.overflow_queue
    row.leave_message = settings.leave_message
    row.pop_url = settings.pop_url
    row.paused = settings.paused
    raise_version(row, was)
    session.add(row)
    await session.flush()


async def pause_queue(session: AsyncSession, queue: QueueId, why: str | None) -> QueueSettings | None:
    """Write down why a queue is paused, and nothing else of it; None: there is none of this id."""
    row = await session.get(QueueRow, queue, with_for_update=True)
    if row is None:
        return None
    was = columns_of(row)
    row.paused = why
    raise_version(row, was)
    await session.flush()
    return to_settings(row)


async def remove_queue(session: AsyncSession, queue: QueueId) -> None:
    """Remove a queue and its memberships; queues that name it as theirs for long waits name none then."""
    await session.delete(await session.get_one(QueueRow, queue))
    await session.flush()
