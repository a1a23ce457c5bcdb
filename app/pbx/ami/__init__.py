"""The Asterisk Manager Interface: bytes, logins, actions and their answers."""
