"""Campaigns on the floor: attempts, how many to place, who is kept for them."""
