"""The rules of sound files."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.campaigns.queries import campaigns_that_play
from app.crm.queues.queries import queues_that_play
from app.crm.sounds import queries
from app.crm.sounds.errors import SoundInQueues, SoundInUse, SoundUnknown
from app.crm.sounds.tables import SoundRow
from app.pbx.sounds import PREFIX


async def list_sounds(session: AsyncSession) -> Sequence[SoundRow]:
    """All sound files by name, without their bytes."""
    return await queries.list_sounds(session)


async def get_sound(session: AsyncSession, name: str) -> SoundRow:
    """One sound file, with its bytes.

    Raises:
        SoundUnknown: there is none of this name.
    """
    row = await queries.get_sound(session, name)
    if row is None:
        raise SoundUnknown(sound=name)
    return row


async def keep_sound(session: AsyncSession, row: SoundRow) -> None:
    """Save a sound file; it replaces one of the same name."""
    await queries.save_sound(session, row)


async def remove_sound(session: AsyncSession, name: str) -> None:
    """Remove a sound file.

    Raises:
        SoundUnknown: there is none of this name.
        SoundInUse: a campaign that is not finished plays it.
        SoundInQueues: a queue plays it to callers who waited too long.
    """
    await get_sound(session, name)
    if campaigns := await campaigns_that_play(session, PREFIX + name):
        raise SoundInUse(sound=name, campaigns=campaigns)
    if queues := await queues_that_play(session, PREFIX + name):
        raise SoundInQueues(sound=name, queues=queues)
    await queries.remove_sound(session, name)
