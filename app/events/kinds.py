"""Which kinds of event somebody wants: `*`, all of a subject (`order.*`), or one kind (`order.changed`). No I/O."""

from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import StringConstraints

from app.events.subjects import NAMES

ALL: Final = "*"
KIND: Final = r"^(\*|[a-z_]{1,40}\.(\*|[a-z_]{1,40}))$"
Kind = Annotated[str, StringConstraints(max_length=81, pattern=KIND)]
"""One kind, or several by an asterisk."""


class Kinds:
    """A set of kinds.

    >>> Kinds(["order.*", "call.ended"]).has("order", "order.changed")
    True
    """

    def __init__(self, wanted: Iterable[str]) -> None:
        self._wanted = frozenset(wanted)

    @property
    def subjects(self) -> frozenset[str]:
        """The subjects that are asked for; all of them for `*`."""
        if ALL in self._wanted:
            return frozenset(NAMES)
        return frozenset(one.partition(".")[0] for one in self._wanted)

    def has(self, subject: str, kind: str) -> bool:
        """Whether events of this subject and kind are wanted."""
        return not self._wanted.isdisjoint((kind, f"{subject}.*", ALL))
