"""Promotions: what is offered, for whom, until when, and what it takes off a price."""
