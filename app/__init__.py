"""Keskus: a call-centre service on top of Asterisk."""
