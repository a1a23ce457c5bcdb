"""What is kept: engine, tables, the journal, and every query."""
