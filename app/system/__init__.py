"""What the service needs of the machine: clocks, private files, processes, the log. It imports `app.domain` only."""
