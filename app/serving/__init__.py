"""The HTTP server, with limits on connections and on requests before a log-in."""
