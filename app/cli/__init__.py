"""`keskus` on the command line."""
