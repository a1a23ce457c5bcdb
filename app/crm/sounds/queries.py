"""Sound files in the records."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col, select

from app.crm.sounds.tables import SoundRow


async def list_sounds(session: AsyncSession) -> Sequence[SoundRow]:
    """All of them, by name, without what is in them."""
    query = select(SoundRow).options(defer(SoundRow.content)).order_by(col(SoundRow.name))  # type: ignore[arg-type]
    return (await session.scalars(query)).all()


async def sound_versions(session: AsyncSession) -> dict[str, datetime]:
    """When each was brought, by name."""
    found = await session.execute(select(SoundRow.name, SoundRow.created_at).order_by(col(SoundRow.name)))
    return dict(found.all())


async def get_sound(session: AsyncSession, name: str) -> SoundRow | None:
    """One with what is in it, or None."""
    return await session.get(SoundRow, name)


async def save_sound(session: AsyncSession, row: SoundRow) -> None:
    """Keep one; one of its name gives way to it."""
    await session.merge(row)
    await session.flush()


async def remove_sound(session: AsyncSession, name: str) -> None:
    """Forget one."""
    await session.delete(await session.get_one(SoundRow, name))
    await session.flush()
