"""Operators' states that the last run of the service left open."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.ids import OperatorId
from app.domain.operators import Presence
from app.records.tables import OperatorStateRow


async def last_presences(session: AsyncSession) -> list[tuple[OperatorId, Presence, str]]:
    """Operators who were not offline when the service stopped: presence and break reason of each.

    Call this before the open intervals are closed.
    """
    query = (
        select(
            col(OperatorStateRow.operator_id),
            col(OperatorStateRow.presence),
            col(OperatorStateRow.break_reason),
        )
        .where(
            col(OperatorStateRow.to_at).is_(None),
            col(OperatorStateRow.presence) != Presence.OFFLINE.value,
        )
        .order_by(col(OperatorStateRow.operator_id))
    )
    return [
        (OperatorId(operator), Presence(presence), reason)
        for operator, presence, reason in await session.execute(query)
    ]
