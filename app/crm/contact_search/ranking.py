"""Which of the contacts found comes first. Pure: no clock, no I/O."""

from collections.abc import Sequence
from typing import Final, NamedTuple

_WHOLE: Final = 4.0
"""A word of the query is a whole word of the name."""
_BEGINS: Final = 2.0
"""A word of the query begins a word of the name."""
_FIRST: Final = 1.0
"""The word of the name is its first: a surname, or what a company is known by."""


class Candidate(NamedTuple):
    """A contact that was found."""

    id: int
    names: str
    """The folded words of the name, with one blank between."""


def rank(candidates: Sequence[Candidate], said: Sequence[str]) -> list[int]:
    """Ids of contacts, the best first; of equals, the newest.

    Args:
        candidates: each once.
        said: the folded words of the query.

    >>> rank([Candidate(1, "tamm mari"), Candidate(2, "tammsaar mari"), Candidate(3, "mari tamm")], ["tamm"])
    [1, 3, 2]
    """
    scored = [(score(one.names.split(), said), one.id) for one in candidates]
    return [id_ for _, id_ in sorted(scored, reverse=True)]


def score(names: Sequence[str], said: Sequence[str]) -> float:
    """How well a name fits the words of a query; 0: only something else of the contact fits."""
    total = 0.0
    for word in said:
        if word in names:
            total += _WHOLE
            place = names.index(word)
        else:
            place = next((at for at, name in enumerate(names) if name.startswith(word)), -1)
            total += _BEGINS if place >= 0 else 0.0
        total += _FIRST if place == 0 else 0.0
    return total
