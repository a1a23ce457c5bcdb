"""The one reader of telephone numbers, and what numbering plans tell of them."""
