"""The session of a transaction that writes, whose events other modules listen to."""

from sqlalchemy.orm import Session


class WritingSession(Session):
    """The session of a transaction that writes; `app.events` writes down what changes in it."""

    ACTOR = "actor"
    """The key in `info` of the `Actor` who changes something."""
