"""Calls on the floor: how they come, wait, are offered, talk, move and end."""
