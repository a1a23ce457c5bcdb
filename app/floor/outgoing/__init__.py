"""Operators' own calls outside, on the floor."""
