"""A target for each attack, and the table at the end."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.sandbox.sandbox import Sandbox

from .figures import lines, table
from .target import Target, open_target


@pytest.fixture
async def target(tmp_path: Path) -> AsyncIterator[Target]:
    """A service without a PBX, for attacks by HTTP."""
    async with open_target(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lasting_target(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Target]:
    """One service without a PBX for all of a file, whose attacks leave nothing behind and tell nothing of memory."""
    async with open_target(tmp_path_factory.mktemp("target")) as opened:
        yield opened


@pytest.fixture
async def centre(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Target]:
    """A service on the real Asterisk, for attacks by SIP."""
    async with open_target(tmp_path, sandbox) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lasting_centre(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> AsyncIterator[Target]:
    """One service on the real Asterisk for all of a file, whose attacks neither stop it nor ask what it counted."""
    async with open_target(tmp_path_factory.mktemp("centre"), sandbox) as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What each attack did to the service."""
    if table:
        terminalreporter.section("attacks")
        for line in lines():
            terminalreporter.write_line(line)
