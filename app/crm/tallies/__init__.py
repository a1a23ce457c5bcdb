"""Prices, what campaigns have spent, and when people answer."""
