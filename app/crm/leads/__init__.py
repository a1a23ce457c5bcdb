"""Leads: whom a campaign calls."""
