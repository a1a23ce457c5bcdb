"""The databases that Asterisk reads at each use: the service writes them."""
