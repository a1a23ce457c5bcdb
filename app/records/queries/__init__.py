"""Every read and write of the tables that is not the journal's, one module a subject.

Each function takes the caller's session and commits nothing: one commit a request, at the edge.
"""
