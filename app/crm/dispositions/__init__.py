"""Dispositions: what operators may say that a campaign's call came to."""
