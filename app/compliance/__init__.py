"""May this number be dialled now: rule sets, hours, retries, what phones may call. Pure."""
