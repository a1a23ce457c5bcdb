"""The database that Asterisk reads at each use (realtime); the service writes it."""
