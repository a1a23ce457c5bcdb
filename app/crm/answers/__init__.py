"""The floor's questions about a call, answered from the database."""
