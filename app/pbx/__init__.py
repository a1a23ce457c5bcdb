"""The only place that speaks to Asterisk."""
