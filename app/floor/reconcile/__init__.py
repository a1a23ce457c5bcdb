"""What the PBX has, merged into the floor."""
