"""Calls on the floor: arrival, waiting, offers, talks, transfers, parking and end."""
