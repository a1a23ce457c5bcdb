"""Lists of consents and do-not-calls, on their way in."""
