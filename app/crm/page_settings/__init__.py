"""What a user's own pages keep for them: saved searches, and limits that sound an alarm."""
