"""The dialplan, with the service's part played by hand."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.pbx.realtime.softphones import SoftphoneStore
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami
from tests.pbx.dialled import Centre


@pytest.fixture
async def alive(ami: Ami, request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """The service's sign of life, without the service; by a clock so many seconds off, which a test may choose."""
    off_s = int(getattr(request, "param", 0))

    async def beat() -> None:
        now_s = int((await ami.action("Ping"))[0]["Timestamp"].partition(".")[0])
        await ami.action("Setvar", Variable="KESKUS_BEAT", Value=str(now_s + off_s))

    async def go_on() -> None:
        while True:
            await asyncio.sleep(2)
            await beat()

    async with asyncio.TaskGroup() as group:
        await beat()  # the first call finds it
        beating = group.create_task(go_on())
        yield
        beating.cancel()


@pytest.fixture
async def centre(sandbox: Sandbox, softphones: SoftphoneStore, ami: Ami, alive: None) -> Centre:
    made = Centre(sandbox, softphones, ami)
    await made.open()
    return made
