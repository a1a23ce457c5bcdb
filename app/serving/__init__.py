"""The HTTP server: what a connection may take before anybody is logged in, and how many there may be."""
