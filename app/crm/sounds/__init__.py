"""Sound files that the PBX plays."""
