"""Sound files where the PBX plays them from, as the rows have them."""

import asyncio
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.sounds.queries import get_sound, sound_versions
from app.pbx.sounds import SoundFolder
from app.records.engine import reading


class SoundFiles:
    """A part of the configuration.

    Args:
        engine: the rows.
        folder: where the PBX takes them from.
    """

    name = "sounds"

    def __init__(self, engine: AsyncEngine, folder: SoundFolder) -> None:
        self._engine, self._folder = engine, folder
        self._laid: dict[str, datetime] = {}
        """When each that is there was brought; files that an earlier life laid are compared when they are laid."""

    async def bring(self) -> bool:
        """Lay what is new, and take away what was removed."""
        async with reading(self._engine) as session:
            wanted = await sound_versions(session)
        for name in sorted(self._laid.keys() - wanted.keys()):
            await asyncio.to_thread(self._folder.remove, name)
            del self._laid[name]
        for name, brought_at in wanted.items():
            if self._laid.get(name) == brought_at:
                continue
            async with reading(self._engine) as session:
                row = await get_sound(session, name)
            if row is not None:
                await asyncio.to_thread(self._folder.lay, name, row.content)
                self._laid[name] = row.created_at
        return False
