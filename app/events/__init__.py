"""Events of the business: who changed what, when, before and after, written in the transaction that changed it.

From the one stream come the audit log and live changes on the websocket.
"""
