"""Lists of contacts: what their columns are, and the contact that each row or card makes."""
