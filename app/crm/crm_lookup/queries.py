"""The CRM's row, and reports as rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.crm_lookup.tables import THE_ONE, CrmLookupRow, CrmReportRow, ReportState
from app.records.tables import CallRow


async def get_lookup(session: AsyncSession) -> CrmLookupRow | None:
    """How to ask the CRM; None: there is none."""
    return await session.get(CrmLookupRow, THE_ONE)


async def save(session: AsyncSession, row: CrmLookupRow | CrmReportRow) -> None:
    """Save a row."""
    session.add(row)
    await session.flush()


async def remove_lookup(session: AsyncSession, row: CrmLookupRow) -> None:
    """Forget how to ask the CRM."""
    await session.delete(row)
    await session.flush()


async def get_report(session: AsyncSession, call: str) -> CrmReportRow | None:
    """The report of a call, locked; None: there is none."""
    query = select(CrmReportRow).where(col(CrmReportRow.call_id) == call).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def due_report(session: AsyncSession, at: datetime) -> CrmReportRow | None:
    """The report that is due longest; None: none is due."""
    query = (
        select(CrmReportRow)
        .where(col(CrmReportRow.next_at) <= at)
        .order_by(col(CrmReportRow.next_at), col(CrmReportRow.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).first()


async def next_report_at(session: AsyncSession) -> datetime | None:
    """When the next report is due; None: none waits."""
    return await session.scalar(select(func.min(CrmReportRow.next_at)))


async def list_reports(
    session: AsyncSession, state: ReportState | None, *, before: int | None, limit: int
) -> Sequence[CrmReportRow]:
    """Reports, newest first.

    Args:
        session: reads.
        state: of this state alone.
        before: the id of the last one of the page before.
        limit: how many at most.
    """
    query = select(CrmReportRow).order_by(col(CrmReportRow.id).desc()).limit(limit)
    if state is not None:
        query = query.where(col(CrmReportRow.state) == state.value)
    if before is not None:
        query = query.where(col(CrmReportRow.id) < before)
    return (await session.scalars(query)).all()


async def remove_reports(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove reports that wait for nothing and are old; returns how many."""
    query = (
        select(CrmReportRow)
        .where(col(CrmReportRow.next_at).is_(None), col(CrmReportRow.made_at) < before)
        .limit(limit)
    )
    rows = (await session.scalars(query)).all()
    for row in rows:
        await session.delete(row)
    await session.flush()
    return len(rows)


async def unreported(session: AsyncSession, arrived: datetime, ended: datetime, limit: int) -> Sequence[str]:
    """Ids of calls that are over and have no report: customers' calls, not those of colleagues.

    Args:
        session: reads.
        arrived: calls that arrived at this moment or later.
        ended: calls that ended at this moment or later.
        limit: how many at most.
    """
    query = (
        select(CallRow.id)
        .join(CrmReportRow, col(CrmReportRow.call_id) == col(CallRow.id), isouter=True)
        .where(
            col(CallRow.arrived_at) >= arrived,
            col(CallRow.ended_at) >= ended,
            col(CrmReportRow.id).is_(None),
            col(CallRow.direction).in_(REPORTED),
            col(CallRow.caller_number) != "",
        )
        .order_by(col(CallRow.arrived_at))
        .limit(limit)
    )
    return (await session.scalars(query)).all()


REPORTED = ("inbound", "outbound", "operator")
"""Directions of calls with customers."""


async def get_call(session: AsyncSession, call: str) -> CallRow | None:
    """A recorded call; None: it is not recorded yet."""
    return await session.get(CallRow, call)
