"""The session of a transaction that writes: others listen to it."""

from sqlalchemy.orm import Session


class WritingSession(Session):
    """The session of a transaction that writes; `app.events` writes down what changes in it."""

    ACTOR = "actor"
    """In `info`: the `Actor` who changes something."""
