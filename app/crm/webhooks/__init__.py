"""Webhooks: events told to other programs, signed, in order, until they are taken."""
