"""Campaigns beside the floor: choosing leads, dialling them, and recording what became of each attempt."""
