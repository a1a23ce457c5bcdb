"""Cases of customers: what may happen to them, and by when they are due. Pure."""
