"""People as rows: names alone."""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import UserRow


class Person(NamedTuple):
    """A user who may log in."""

    id: int
    name: str


async def list_people(session: AsyncSession) -> list[Person]:
    """Every user who may log in."""
    query = select(UserRow.id, UserRow.display_name).where(col(UserRow.active))
    return [Person(id_, name) for id_, name in await session.execute(query) if id_ is not None]
