"""Plugins of the whole suite."""

import asyncio
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings
from pwdlib import PasswordHash as Argon2
from pwdlib.hashers.argon2 import Argon2Hasher

from app.accounts import hashing
from tests.order import in_order, is_unwanted, mark
from tests.records import compiled, quick

# There is no garbage among the modules and tests that are loaded; looking through them takes a third of the time.
gc.disable()

# Otherwise pytest-asyncio, asking for the loop there was before a test, has one made that nobody closes.
asyncio.set_event_loop(None)

pytest_plugins = ["tests.pbx.fixtures", "tests.records.fixtures"]

# How fast a machine is proves nothing.
settings.register_profile("keskus", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("keskus")

# Drawn with every variable of every frame, as structlog does by default, one traceback takes up to ten seconds.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

# What a password's hash costs is looked at in `test_hashing.py`, which has the real one.
setattr(hashing, "_argon2", Argon2((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))  # noqa: B010 - private

compiled.share()
quick.wait_for_no_disk()


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Each test begins with the usual umask: a command that ran in this process before keeps its files private."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, and mark what `make test-fast` leaves out and what only computes."""
    items[:] = in_order(items)
    mark(items)


def pytest_collection_finish() -> None:
    """Look for garbage from now on, but not among what was loaded: it stays to the end."""
    gc.freeze()
    gc.enable()
    if (
        "playwright.async_api" in sys.modules
    ):  # pages of a busy machine take more than the five seconds that are usual
        sys.modules["playwright.async_api"].expect.set_options(timeout=30_000)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files unread of which no test is wanted: they load browsers and more."""
    if collection_path.is_dir():
        return None
    name = collection_path.relative_to(config.rootpath)
    return True if is_unwanted(name, config.option.markexpr) else None
