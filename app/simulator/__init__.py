"""Callers, operators and a PBX in virtual time around the real floor."""
