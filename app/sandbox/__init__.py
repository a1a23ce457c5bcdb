"""A real Asterisk on this machine, without Docker and without root."""
