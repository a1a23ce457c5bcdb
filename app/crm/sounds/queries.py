"""Sound files in the records."""

from collections.abc import Sequence

from sqlalchemy import delete, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col, select

from app.crm.campaigns.tables import CampaignRow
from app.crm.sounds.tables import SoundRow
from app.domain.campaigns import CampaignState


async def list_sounds(session: AsyncSession) -> Sequence[SoundRow]:
    """All of them, by name, without what is in them."""
    query = select(SoundRow).options(defer(SoundRow.content)).order_by(col(SoundRow.name))  # type: ignore[arg-type]
    return (await session.scalars(query)).all()


async def sound_names(session: AsyncSession) -> Sequence[str]:
    """The names of all."""
    return (await session.scalars(select(SoundRow.name).order_by(col(SoundRow.name)))).all()


async def get_sound(session: AsyncSession, name: str) -> SoundRow | None:
    """One with what is in it, or None."""
    return await session.get(SoundRow, name)


async def save_sound(session: AsyncSession, row: SoundRow) -> None:
    """Keep one; one of its name gives way to it."""
    await session.merge(row)
    await session.flush()


async def remove_sound(session: AsyncSession, name: str) -> None:
    """Forget one."""
    await session.execute(delete(SoundRow).where(col(SoundRow.name) == name))


async def campaigns_that_play(session: AsyncSession, message: str) -> Sequence[str]:
    """Titles of campaigns that are not finished and play this sound file."""
    query = (
        select(CampaignRow.title)
        .where(
            or_(col(CampaignRow.message) == message, col(CampaignRow.machine_message) == message),
            col(CampaignRow.state) != CampaignState.FINISHED.value,
        )
        .order_by(col(CampaignRow.title))
    )
    return (await session.scalars(query)).all()
