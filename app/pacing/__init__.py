"""How many numbers a campaign dials now: forecasts, statistics, abandonment and operators left for callers. Pure."""
