"""What is shown: the websocket hub and its messages, and the page that shows the floor live."""
