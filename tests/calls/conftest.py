"""Each test leaves the PBX without calls, whatever became of its callers."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.pbx.sandbox import Sandbox


@pytest.fixture(autouse=True)
async def quiet(sandbox: Sandbox) -> AsyncIterator[None]:
    """Hang up what is left: a SIPp that was killed says no good-bye."""
    yield
    async with asyncio.timeout(30):
        while not (await sandbox.cli("core show channels count")).startswith("0 active channels"):
            await sandbox.cli("channel request hangup all")
