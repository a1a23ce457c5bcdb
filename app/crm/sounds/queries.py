"""Sound files as rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col, select

from app.crm.sounds.tables import SoundRow


async def list_sounds(session: AsyncSession) -> Sequence[SoundRow]:
    """All sound files by name, without their bytes."""
    query = select(SoundRow).options(defer(SoundRow.content)).order_by(col(SoundRow.name))  # type: ignore[arg-type]
    return (await session.scalars(query)).all()


async def sound_versions(session: AsyncSession) -> dict[str, datetime]:
    """When each sound file was uploaded, by name."""
    found = await session.execute(select(SoundRow.name, SoundRow.created_at).order_by(col(SoundRow.name)))
    return dict(found.all())


async def get_sound(session: AsyncSession, name: str) -> SoundRow | None:
    """One sound file with its bytes, or None."""
    return await session.get(SoundRow, name)


async def save_sound(session: AsyncSession, row: SoundRow) -> None:
    """Save a sound file; it replaces one of the same name."""
    await session.merge(row)
    await session.flush()


async def remove_sound(session: AsyncSession, name: str) -> None:
    """Remove a sound file."""
    await session.delete(await session.get_one(SoundRow, name))
    await session.flush()
