"""Users, passwords, roles, sessions, tokens, and the places that users have logged in from."""
