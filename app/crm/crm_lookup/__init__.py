"""The centre's CRM: who calls is asked of it, and calls are reported to it."""
