"""Stale contacts: entries that nobody has called or talked with for long, and nothing else refers to."""
