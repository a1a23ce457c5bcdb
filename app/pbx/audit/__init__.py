"""How a PBX is set up: what it lacks, and what strangers could use."""
