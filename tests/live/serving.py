"""A house whose service browsers can reach, and what is connected to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.api.house import House, open_house, served


@asynccontextmanager
async def live_house(folder: Path, **services: Any) -> AsyncIterator[tuple[House, str]]:
    """A house with these services, and the address at which it is served."""
    async with open_house(folder, **services) as house, served(house) as url:
        yield house, url


def sessions(house: House) -> list[Any]:
    """The websockets that are open."""
    return list(house.services.hub._sessions)
