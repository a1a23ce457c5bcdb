"""Contacts: the people and companies who call or are called."""
