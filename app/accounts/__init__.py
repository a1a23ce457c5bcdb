"""Who may come in: users, passwords, sessions, and from where they have come before."""
