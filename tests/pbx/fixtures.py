"""Fixtures around a real PBX; `tests/conftest.py` registers this module as a plugin."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.pbx.realtime.softphones import SoftphoneStore
from app.sandbox.sandbox import ManagerUser, Sandbox
from tests.ami import Ami
from tests.own_pbx import OWN_FILES

POP_URL = "http://pop.example/c"
BENCH = ManagerUser("bench", "bench-secret")


def away_from_this_loop(work: Coroutine[Any, Any, object]) -> None:
    """Run to its end in a thread with a loop of its own: the PBX outlives each test's loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A running Asterisk for the whole session; tests keep apart by their own accounts and numbers."""
    with tempfile.TemporaryDirectory(prefix="keskus-") as folder:
        pbx = Sandbox(Path(folder), pop_url=POP_URL, users=[BENCH], extra=OWN_FILES)
        away_from_this_loop(pbx.start())
        try:
            yield pbx
        finally:
            away_from_this_loop(pbx.stop())


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """A caller whose SIPp was killed would wait for ever, and be found by the next test's service."""
    pbx: Sandbox | None = request.getfixturevalue("sandbox") if "sandbox" in request.fixturenames else None
    yield
    if pbx is not None:
        away_from_this_loop(_hang_up_all(pbx))


async def _hang_up_all(pbx: Sandbox) -> None:
    if not (await pbx.status()).running:
        return
    layout = pbx.layout
    async with asyncio.timeout(30), Ami(layout.ami_port, layout.ami_username, layout.ami_secret) as session:
        while (await session.action("CoreShowChannels", last="CoreShowChannelsComplete"))[1:-1]:
            await session.action("Hangup", Channel="/.*/")


@pytest.fixture
async def softphones(sandbox: Sandbox) -> AsyncIterator[SoftphoneStore]:
    """The sandbox's accounts and routes."""
    async with SoftphoneStore(sandbox.softphones_url) as store:
        yield store


@pytest.fixture
async def ami(sandbox: Sandbox) -> AsyncIterator[Ami]:
    """A session on the service's own AMI account."""
    layout = sandbox.layout
    async with Ami(layout.ami_port, layout.ami_username, layout.ami_secret) as session:
        yield session
