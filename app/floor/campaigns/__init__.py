"""Campaigns on the floor: their attempts, how many to place, and the operators kept for them."""
