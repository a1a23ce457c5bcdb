"""Phones and parking places that somebody must look after, because the PBX does not."""
