"""Operators' outside calls on the floor."""
