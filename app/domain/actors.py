"""Who acts: a person in a browser, a program with a token, the command line, or the service itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ActorKind(StrEnum):
    """How somebody acts."""

    USER = "user"
    """A person who is logged in."""
    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    """A program with a token of a user's."""
    COMMAND_LINE = "command_line"
    """Whoever may run `keskus` on the service's machine."""
    SERVICE = "service"
    """The service, by itself."""


@dataclass(slots=True, frozen=True)
class Actor:
    """Who changes something, as the event of the change tells it."""

    kind: ActorKind
    user: int | None = None
    """The user's id; None: no user's."""
    name: str = ""
    """The user's name as others see it, with the token's where it was one."""
    request: str = ""
    """The id of the HTTP request, as in `X-Request-Id` and in the log."""


SERVICE: Final = Actor(ActorKind.SERVICE)
COMMAND_LINE: Final = Actor(ActorKind.COMMAND_LINE)
