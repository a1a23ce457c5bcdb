"""Records completed and made anew from the PBX's own log."""
