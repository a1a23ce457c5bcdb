"""The floor live: the websocket hub, its messages, and the page that shows them."""
