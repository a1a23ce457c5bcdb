"""Attempts to reach a lead, and what operators say they came to."""
