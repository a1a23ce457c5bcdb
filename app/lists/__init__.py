"""Lists that people send, whatever they are written in: read in a process of their own."""
