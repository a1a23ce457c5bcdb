"""Exports of contacts: whatever a search finds, as a file that can be imported again without loss."""
