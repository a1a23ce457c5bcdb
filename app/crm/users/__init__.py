"""Users, their log-ins and their tokens, over HTTP; who they are is known in `app.accounts`."""
