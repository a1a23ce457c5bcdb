"""How far the PBX's own event log has been read."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.records.tables import EventLogMarkRow


async def event_log_mark(session: AsyncSession, pbx: str) -> int | None:
    """The row up to which everything was heard and is recorded; None before the first start."""
    row = await session.get(EventLogMarkRow, pbx)
    return row.row_id if row is not None else None


async def set_event_log_mark(session: AsyncSession, pbx: str, row_id: int) -> None:
    """Note that everything up to this row was heard and is recorded."""
    row = await session.get(EventLogMarkRow, pbx)
    if row is None:
        session.add(EventLogMarkRow(pbx=pbx, row_id=row_id))
    else:
        row.row_id = row_id
