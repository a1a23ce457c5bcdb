"""Custom fields of contacts: what a centre keeps beside names and numbers, as its administrator declares it."""
