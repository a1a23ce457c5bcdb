"""Price lists, and the terms of contacts: which list is theirs, and their discount."""
