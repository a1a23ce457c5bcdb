"""`keskus check`: looks for weaknesses and mistakes of an installation."""
