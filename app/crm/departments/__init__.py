"""Departments: who takes cases over, when they work, and how a call reaches them."""
