"""What there is of a centre."""

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.records.tables import CallRow


async def first_call(session: AsyncSession, *, answered: bool) -> bool:
    """Whether any call has come in from outside; answered: and an operator talked with the caller."""
    where: list[ColumnElement[bool]] = [col(CallRow.direction) == "inbound"]
    if answered:
        where.append(col(CallRow.answered_at).is_not(None))
    return await session.scalar(select(CallRow.id).where(*where).limit(1)) is not None
