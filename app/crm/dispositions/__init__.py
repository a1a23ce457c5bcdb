"""Dispositions: the results that operators may set for a campaign's call."""
