"""Merging a PBX's snapshot into the floor."""
