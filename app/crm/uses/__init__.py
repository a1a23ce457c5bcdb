"""Where things that are set up are used: what a change of one touches."""
