"""Plugins of the whole suite."""

import asyncio

# Otherwise pytest-asyncio, asking for the loop there was before a test, has one made that nobody closes.
asyncio.set_event_loop(None)

pytest_plugins = ["tests.pbx.fixtures", "tests.records.fixtures"]
