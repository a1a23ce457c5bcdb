"""Leads: the people and companies that a campaign calls."""
