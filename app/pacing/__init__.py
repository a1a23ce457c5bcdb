"""How many numbers to dial now: forecasts, statistics, abandonment, waiting times. Pure."""
