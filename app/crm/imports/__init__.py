"""Lists of leads from files: what they are written in, what their columns are, and how they come in.

file -> encoding, delimiter -> rows -> columns -> drafts or reasons -> batches -> campaign
"""
