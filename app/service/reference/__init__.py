"""The reference of the interface: its description, and the page that shows it without any outside address."""
