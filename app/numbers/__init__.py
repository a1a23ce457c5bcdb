"""The one reader of telephone numbers, and what numbering plans say about them."""
