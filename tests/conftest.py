"""Plugins of the whole suite."""

pytest_plugins = ["tests.pbx.fixtures", "tests.records.fixtures"]
