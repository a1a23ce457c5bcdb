"""Operators on the floor."""
