"""The floor live: the websocket hub and its messages."""
