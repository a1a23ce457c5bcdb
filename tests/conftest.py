"""Plugins of the whole suite."""

import asyncio

from hypothesis import HealthCheck, settings

# Otherwise pytest-asyncio, asking for the loop there was before a test, has one made that nobody closes.
asyncio.set_event_loop(None)

pytest_plugins = ["tests.pbx.fixtures", "tests.records.fixtures"]

# How fast a machine is proves nothing.
settings.register_profile("keskus", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("keskus")
