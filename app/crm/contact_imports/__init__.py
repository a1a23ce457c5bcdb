"""Imports of contacts: lists and address books, brought into the common database."""
