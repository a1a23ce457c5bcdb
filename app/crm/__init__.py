"""Who calls and what was agreed: contacts, their numbers, look-ups."""
