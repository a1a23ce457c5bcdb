"""Plugins of the whole suite."""

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings
from pwdlib import PasswordHash as Argon2
from pwdlib.hashers.argon2 import Argon2Hasher

from app.accounts import hashing
from tests.order import in_order, is_heavy, is_waiting, mark_heavy
from tests.records import compiled
from tests.workers import YIELDING, Shares, computing, in_turn

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

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


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Each test begins with the usual umask: a command that ran in this process before keeps its files private."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "WorkerController") -> None:
    """Tell a worker whether it waits or computes, where `Shares` gives out the tests."""
    if node.config.getvalue("dist") == "loadfile":
        number = int(node.gateway.id.removeprefix("gw"))
        workers = node.workerinput["workercount"]
        node.workerinput["waits"] = number < workers - computing(workers)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> Shares | None:
    """Let `--dist loadfile` be ours."""
    return Shares(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_configure(config: pytest.Config) -> None:
    """Let a worker that computes yield to those that wait, and those to the first."""
    worker = getattr(config, "workerinput", {})
    if "waits" in worker and worker["workerid"] != "gw0":
        os.nice(YIELDING[worker["waits"]])


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Let workers of a kind collect one after another."""
    worker = getattr(session.config, "workerinput", {})
    with in_turn(waits=worker["waits"]) if "waits" in worker else contextlib.nullcontext():
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, and mark what `make test-fast` leaves out."""
    items[:] = in_order(items)
    mark_heavy(items)


def pytest_collection_finish() -> None:
    """Look for garbage from now on, but not among what was loaded: it stays to the end."""
    gc.freeze()
    gc.enable()
    if (
        "playwright.async_api" in sys.modules
    ):  # pages of a busy machine take more than the five seconds that are usual
        sys.modules["playwright.async_api"].expect.set_options(timeout=30_000)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave whole files unread that are heavy where no heavy test is wanted, or that this worker will not run.

    They load browsers and more.
    """
    if collection_path.is_dir():
        return None
    name = collection_path.relative_to(config.rootpath)
    heavy = config.option.markexpr == "not heavy" and is_heavy(name)
    others = getattr(config, "workerinput", {}).get("waits") is True and not is_waiting(name.as_posix())
    return True if heavy or others else None
