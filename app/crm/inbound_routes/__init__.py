"""Numbers that can be dialled, and where each leads."""
