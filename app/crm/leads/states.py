"""Lead states in SQL: conditions that use the partial indexes, and changes of many leads at once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, literal_column, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.compliance.recycling import LeadState
from app.crm.leads.tables import LeadRow
from app.records.base import table_of

_LEAD = table_of(LeadRow)


def is_state(state: LeadState) -> ColumnElement[bool]:
    """The state, written out in the statement: a parameter would keep partial indexes from being used."""
    return _LEAD.c.state == literal_column(f"'{state.value}'")


async def move_leads(
    session: AsyncSession,
    leads: Collection[int],
    state: LeadState,
    reason: str,
    *,
    next_at: datetime | None = None,
    runner: str = "",
    lease_until: datetime | None = None,
) -> None:
    """Put leads into a state, each for the same reason; what is not named is emptied."""
    if leads:
        await session.execute(
            update(_LEAD)
            .where(_LEAD.c.id.in_(leads))
            .values(state=state.value, reason=reason, next_at=next_at, runner=runner, lease_until=lease_until)
        )
