"""Reports: what happened in a period, by queue, operator or time; each figure with the rows that it counts."""
