"""The words of a call centre: ids, moments, states, prices, what is refused. Pure; it imports nothing of ours."""
