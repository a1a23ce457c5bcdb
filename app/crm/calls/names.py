"""What to call people and contacts that other rows name by id."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import UserRow
from app.crm.contacts.tables import ContactRow


async def contacts_by_id(session: AsyncSession, ids: Collection[int]) -> Sequence[ContactRow]:
    """These contacts; those that are forgotten are left out."""
    if not ids:
        return ()
    return (await session.scalars(select(ContactRow).where(col(ContactRow.id).in_(ids)))).all()


async def user_names(session: AsyncSession, ids: Collection[int]) -> dict[int, str]:
    """Display names by user; those that are gone are left out."""
    if not ids:
        return {}
    rows = await session.execute(select(UserRow.id, UserRow.display_name).where(col(UserRow.id).in_(ids)))
    return {id_: name for id_, name in rows if id_ is not None}
