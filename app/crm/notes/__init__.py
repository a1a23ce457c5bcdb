"""Notes about contacts: each with its author and its moment, and the call it was taken in."""
