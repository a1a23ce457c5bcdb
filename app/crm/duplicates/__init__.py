"""Contacts that are probably the same: found in the background, listed with reasons, dismissed for good."""
