"""The demo: a call centre on one machine, with robot operators and random callers."""
