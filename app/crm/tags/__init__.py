"""Tags: short words that sort contacts, such as "hulgiklient" or "VIP"."""
