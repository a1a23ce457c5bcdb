"""Who acts: a person in a browser, a program with a token, the command line, or the service itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ActorKind(StrEnum):
    """The kinds of actor."""

    USER = "user"
    """A person who is logged in."""
    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    """A program that holds a user's token."""
    COMMAND_LINE = "command_line"
    """Whoever may run `keskus` on the service's machine."""
    SERVICE = "service"
    """The service itself, at nobody's request."""


@dataclass(slots=True, frozen=True)
class Actor:
    """Who made a change, as the event of the change records it."""

    kind: ActorKind
    user: int | None = None
    """The user's id; None: no user acted."""
    name: str = ""
    """The user's display name, followed by the token's name if a token was used."""
    request: str = ""
    """The id of the HTTP request, as in `X-Request-Id` and in the log."""


SERVICE: Final = Actor(ActorKind.SERVICE)
COMMAND_LINE: Final = Actor(ActorKind.COMMAND_LINE)
