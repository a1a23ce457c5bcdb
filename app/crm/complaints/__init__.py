"""Complaints: cases of customers, with their calls, notes, tasks and orders, and by when each is due."""
