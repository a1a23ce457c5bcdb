"""CRM templates: XML files that tell a telephone system how to ask a CRM who calls, and how to report a call to it.

The format is that of 3CX's server-side CRM integration. `reading` reads a file into a `model.Template`, `expressions`
evaluates the language of its texts, `answers` reads what a CRM answers, and `run` walks its scenarios. There is no I/O:
`run` yields requests and is sent replies.
"""
