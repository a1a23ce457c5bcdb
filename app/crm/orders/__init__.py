"""Orders: drafts typed in a call, placed once, with a number, then confirmed, delivered, cancelled or returned."""
