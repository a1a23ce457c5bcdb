"""The types every room shares: ids, moments, states, tariffs, refusals. Pure; it imports no other module of `app`."""
