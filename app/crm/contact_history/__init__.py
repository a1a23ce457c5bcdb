"""A contact's history in one list: calls, attempts, promises, notes, changes, and whatever other subjects add."""
