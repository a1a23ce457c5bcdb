"""What the machine gives: clocks, private files, processes, the log. It imports nothing of ours but `app.domain`."""
