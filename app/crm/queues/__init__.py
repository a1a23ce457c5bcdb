"""Queues, and who serves them."""
