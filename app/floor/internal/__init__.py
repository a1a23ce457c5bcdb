"""Calls between colleagues' phones, on the floor."""
