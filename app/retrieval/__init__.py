"""Finds articles: words in three languages, an index in memory, and the order of what is found.

It has no clock, no database and no language model; each hit can say why it is there.
"""
