"""Display names of the operators that calls name by id."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import UserRow


async def user_names(session: AsyncSession, ids: Collection[int]) -> dict[int, str]:
    """Display names by user id; users that no longer exist are left out."""
    if not ids:
        return {}
    rows = await session.execute(select(UserRow.id, UserRow.display_name).where(col(UserRow.id).in_(ids)))
    return {id_: name for id_, name in rows if id_ is not None}
