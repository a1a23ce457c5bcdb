"""Campaigns and their dispositions."""
