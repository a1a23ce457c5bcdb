"""Uploaded lists of leads and of numbers, in any supported format, read in a process of their own."""
