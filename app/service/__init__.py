"""The service: settings, wiring, the runner, checks."""
