"""Consents and do-not-calls."""
