"""`keskus check`: looks at an installation for what is open or amiss."""
