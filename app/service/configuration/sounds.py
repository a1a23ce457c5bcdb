"""Brings sound files from the rows to the folder from which the PBX plays them."""

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
        folder: the folder from which the PBX plays them.
    """

    name = "sounds"

    def __init__(self, engine: AsyncEngine, folder: SoundFolder) -> None:
        self._engine, self._folder = engine, folder
        self._laid: dict[str, datetime] = {}
        """When each file in the folder was uploaded; files of an earlier run are compared when they are written."""

    async def bring(self) -> bool:
        """Write new files, and remove those whose rows were removed."""
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
