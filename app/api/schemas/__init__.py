"""What is said over HTTP, in and out."""
