"""Plugins of the whole suite."""

import asyncio

import pytest
from hypothesis import HealthCheck, settings
from pwdlib import PasswordHash as Argon2
from pwdlib.hashers.argon2 import Argon2Hasher

from app import hashing
from tests.order import in_order, mark_heavy

# Otherwise pytest-asyncio, asking for the loop there was before a test, has one made that nobody closes.
asyncio.set_event_loop(None)

pytest_plugins = ["tests.pbx.fixtures", "tests.records.fixtures"]

# How fast a machine is proves nothing.
settings.register_profile("keskus", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("keskus")

# What a password's hash costs is looked at in `test_hashing.py`, which has the real one.
setattr(hashing, "_argon2", Argon2((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))  # noqa: B010 - private


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, and mark what `make test-fast` leaves out."""
    items[:] = in_order(items)
    mark_heavy(items)
