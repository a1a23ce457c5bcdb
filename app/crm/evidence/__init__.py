"""A campaign's evidence: its attempts, and the numbers that were not dialled, each with the reason."""
