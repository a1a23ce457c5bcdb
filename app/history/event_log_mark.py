"""How far the PBX's own event log has been read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.records.tables import EventLogMarkRow


async def event_log_mark(session: AsyncSession, pbx: str) -> EventLogMarkRow | None:
    """The row up to which everything was heard and is recorded; None before the first start."""
    return await session.get(EventLogMarkRow, pbx)


async def set_event_log_mark(
    session: AsyncSession,
    pbx: str,
    row_id: int,
    heard_at: datetime | None = None,
    clock_sets: Sequence[tuple[float, float]] = (),
) -> None:
    """Note that everything up to this row was heard and is recorded.

    Args:
        session: its caller commits.
        pbx: the name of the PBX.
        row_id: the row of the PBX's log.
        heard_at: when the PBX was last heard, by its own clock.
        clock_sets: when and how that clock was set, as `ClockSet`.
    """
    told = [list(one) for one in clock_sets]
    await session.merge(EventLogMarkRow(pbx=pbx, row_id=row_id, heard_at=heard_at, clock_sets=told))
