"""Whether a number may be dialled now: rule sets, calling hours, retries, operators' outside calls. Pure."""
