"""Rows of the places that users have logged in from. Tokens and addresses are already hashed (`known_places`)."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import KnownPlaceRow, UserRow


async def known_marks(session: AsyncSession, username: str, marks: Collection[str]) -> set[str]:
    """Those of these marks that are places a user has logged in from."""
    query = (
        select(KnownPlaceRow.mark)
        .join(UserRow, col(UserRow.id) == col(KnownPlaceRow.user_id))
        .where(col(UserRow.username) == username.casefold(), col(KnownPlaceRow.mark).in_(marks))
    )
    return set((await session.scalars(query)).all())


async def is_known(session: AsyncSession, mark: str) -> bool:
    """Whether anybody has logged in from this place."""
    query = select(KnownPlaceRow.mark).where(col(KnownPlaceRow.mark) == mark).limit(1)
    return (await session.scalars(query)).first() is not None


async def remember(session: AsyncSession, row: KnownPlaceRow, most: int) -> None:
    """Note that a user has logged in from a place, and delete all but the user's latest places of its kind.

    Args:
        most: how many places of one kind are kept for a user.
    """
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(KnownPlaceRow) if on_sqlite else postgresql.insert(KnownPlaceRow)
    await session.execute(
        insert.values(row.model_dump()).on_conflict_do_update(
            index_elements=["user_id", "mark"], set_={"last_seen_at": row.last_seen_at}
        )
    )
    same = (col(KnownPlaceRow.user_id) == row.user_id, col(KnownPlaceRow.kind) == row.kind)
    latest = (
        select(KnownPlaceRow.mark).where(*same).order_by(col(KnownPlaceRow.last_seen_at).desc()).limit(most)
    )
    await session.execute(delete(KnownPlaceRow).where(*same, col(KnownPlaceRow.mark).not_in(latest)))
