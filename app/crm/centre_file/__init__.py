"""The whole configuration of a centre as one file, out and in."""
