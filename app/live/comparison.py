"""Looks whether what was told is still so, some of it at a time.

Facts say where to look at once. This holds where no fact came, for whatever reason: no view stays untrue for long.
"""

from collections.abc import Callable, Hashable, Iterable, MutableMapping
from itertools import chain
from typing import Any, Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)


class Kind(NamedTuple, Generic[K]):
    """One kind of thing that readers are told of."""

    there: Callable[[], Iterable[K]]
    """Those that are there now."""
    view: Callable[[K], object | None]
    """How one is; None when it is gone."""
    told: MutableMapping[K, object]
    """How each was told last."""
    touched: MutableMapping[K, None]
    """Those to be told of next."""

    def look(self, key: K) -> None:
        """Mark one that is otherwise than it was told."""
        if key not in self.touched and self.view(key) != self.told.get(key):
            self.touched[key] = None


class Comparison:
    """Goes round all that was told and all that is there.

    Args:
        kinds: looked at one after the other.
    """

    def __init__(self, *kinds: Kind[Any]) -> None:
        self._kinds = kinds
        self._round: list[Callable[[], None]] = []

    def look(self, most: int) -> None:
        """Look at so many, and begin a new round when one is over."""
        if not self._round:
            self._round = [look for kind in self._kinds for look in _looks(kind)]
        for _ in range(min(most, len(self._round))):
            self._round.pop()()


def _looks(kind: Kind[K]) -> Iterable[Callable[[], None]]:
    return (_looking(kind, key) for key in dict.fromkeys(chain(kind.there(), kind.told)))


def _looking(kind: Kind[K], key: K) -> Callable[[], None]:
    return lambda: kind.look(key)
