"""The one search over all contacts."""
