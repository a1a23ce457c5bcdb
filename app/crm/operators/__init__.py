"""Operators: users who take calls."""
