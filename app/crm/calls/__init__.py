"""Calls, live and on record."""
