"""What a request names and does not exist: one refusal for all, which says where it stands.

An unknown id in the path is 404, by the thing's own refusal (`contact.unknown`). Within a request it is this one, 422,
and the thing's own refusal stands in its `errors`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from app.domain.errors import Refusal, Texts

_NOT_FOUND: Final = 404


class ReferenceUnknown(Refusal):
    """The request names something that does not exist; `errors` tells what, and where."""

    code = "reference.unknown"
    status = 422
    texts = Texts(
        en="{field} names something that does not exist: make it first, or name another",
        et="väli {field} nimetab midagi, mida ei ole: loo see enne või nimeta midagi muud",
        ru="поле {field} называет то, чего нет: сначала создайте это или назовите другое",
    )
    field: str

    def __init__(self, field: str, what: Refusal, *, within: str = "body") -> None:
        self.field = field
        self._what, self._within = what, within

    def below(self, path: str) -> "ReferenceUnknown":
        """The same, in a request of which the present one is a part."""
        return ReferenceUnknown(f"{path}.{self.field}", self._what, within=self._within)

    @property
    def errors(self) -> Sequence[tuple[str, Refusal]]:
        """The field, with what is unknown."""
        return [(f"{self._within}.{self.field}", self._what)]


@contextmanager
def named(field: str, *, within: str = "body") -> Iterator[None]:
    """Refuse what does not exist as a reference of the request.

    Args:
        field: that names it, such as `contact`, or `lines.0.product`.
        within: the part of the request: `body` or `query`.

    Raises:
        ReferenceUnknown: in place of a refusal with 404.
    """
    try:
        yield
    except Refusal as refusal:
        if refusal.status != _NOT_FOUND:
            raise
        raise ReferenceUnknown(field, refusal, within=within) from refusal


@contextmanager
def in_part(path: str) -> Iterator[None]:
    """Tell where a reference stands in the whole request that was refused in a part of it.

    Args:
        path: of the part, such as `users.3`.
    """
    try:
        yield
    except ReferenceUnknown as unknown:
        raise unknown.below(path) from unknown
