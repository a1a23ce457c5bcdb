"""How good an order of hits is."""

from collections.abc import Collection, Sequence


def recall_at(hits: Sequence[int], right: Collection[int], most: int = 3) -> float:
    """1 where one of the right articles is among the first hits, else 0.

    Args:
        hits: ids of articles, the best first.
        right: ids of the articles that answer the question.
        most: how many hits count.
    """
    return float(any(one in right for one in hits[:most]))


def reciprocal_rank(hits: Sequence[int], right: Collection[int]) -> float:
    """One over the place of the first right article, 0 where there is none; its mean is the MRR."""
    return next((1 / place for place, one in enumerate(hits, 1) if one in right), 0.0)
