"""A campaign's evidence: attempts, and what was not dialled and why."""
