"""What is held of a person: handed out, erased everywhere, and kept no longer than the centre needs it."""
