"""Completes and rebuilds records from the PBX's own event log."""
