"""A sandbox: a real Asterisk on this machine, without Docker and without root."""
