"""Compares what readers were told with the floor, some of it at a time.

Facts report changes at once. The comparison finds changes that no fact reported: no view stays untrue for long.
"""

from collections.abc import Callable, Hashable, Iterable, MutableMapping
from itertools import chain
from typing import Any, Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)


class Kind(NamedTuple, Generic[K]):
    """One kind of thing that readers are told of."""

    there: Callable[[], Iterable[K]]
    """Keys of the things that are there now."""
    view: Callable[[K], object | None]
    """The present view of a thing; None when it is gone."""
    told: MutableMapping[K, object]
    """The last view of each thing that was told."""
    touched: MutableMapping[K, None]
    """Keys of the things to tell of next."""

    def look(self, key: K) -> None:
        """Touch a thing whose present view differs from what was told."""
        if key not in self.touched and self.view(key) != self.told.get(key):
            self.touched[key] = None


class Comparison:
    """Goes round everything that was told or is there.

    Args:
        kinds: kinds of things, looked at one after the other.
    """

    def __init__(self, *kinds: Kind[Any]) -> None:
        self._kinds = kinds
        self._round: list[Callable[[], None]] = []

    def look(self, most: int) -> None:
        """Look at the next `most` things; begin a new round when one is over."""
        if not self._round:
            self._round = [look for kind in self._kinds for look in _looks(kind)]
        for _ in range(min(most, len(self._round))):
            self._round.pop()()


def _looks(kind: Kind[K]) -> Iterable[Callable[[], None]]:
    return (_looking(kind, key) for key in dict.fromkeys(chain(kind.there(), kind.told)))


def _looking(kind: Kind[K], key: K) -> Callable[[], None]:
    return lambda: kind.look(key)
