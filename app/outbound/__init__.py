"""Campaigns beside the floor: leads chosen, dialled, and what became of each attempt."""
