"""What is refused: answers in words for people, with a status for programs. No faults are among them."""

from collections.abc import Sequence
from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - it reads as what it says
    """A request that cannot be granted as things are; its text says why, and what to do."""

    status: ClassVar[int] = 409
    """Of HTTP, 400..599; with 503 it may be asked again in a moment."""
    code: str = ""
    """What it is, for programs, where it has a name: `campaign.lacks`."""

    @property
    def errors(self) -> Sequence[tuple[str, str]]:
        """What does not fit: paths into the request's body, each with what is wrong there in words."""
        return ()


class NotPossible(Refusal):
    """A request that does not fit the floor as it is; raised before anything is changed."""
