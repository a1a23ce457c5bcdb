"""How well answering machines are told from people."""
