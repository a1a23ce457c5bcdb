"""Lists of leads from files: their encoding and columns, and how their rows become leads.

file -> encoding, delimiter -> rows -> columns -> drafts or reasons -> batches -> campaign
"""
