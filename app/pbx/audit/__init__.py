"""Checks of a PBX's configuration: what it lacks, and what strangers could use."""
