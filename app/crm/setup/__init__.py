"""The way from an empty installation to the first answered call."""
