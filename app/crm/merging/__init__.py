"""Two contacts become one, and two again."""
