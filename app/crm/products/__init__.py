"""Products and services: what is sold, for how much, with which VAT, and whether it is in stock."""
