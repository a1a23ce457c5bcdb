"""When a delivery that failed is tried again. No clock, no chance.

The first tries follow within minutes, for a receiver that restarts; the later ones are eight hours apart, for one whose
people come back after a weekend. In all it takes about five days.
"""

from typing import Final

FIRST_S: Final = 5.0
FACTOR: Final = 3.0
LONGEST_S: Final = 8 * 3600.0
SPREAD: Final = 0.2
"""The share of the time by which chance prolongs or shortens it: receivers are not all asked at one moment."""
TRIES_MOST: Final = 23
"""With these waits, five days."""
ROW_OF_FAILURES: Final = 5
"""So many failures of one webhook, one after the other, mean that the receiver is away."""
PROBE_MOST_S: Final = 60.0


def wait_s(tries: int, chance: float) -> float | None:
    """Seconds until the next try; None: it is given up.

    Args:
        tries: how many have failed, at least 1.
        chance: 0..1.

    >>> [wait_s(tries, 0.5) for tries in (1, 2, 3, 9, 23)]
    [5.0, 15.0, 45.0, 28800.0, None]
    """
    if tries >= TRIES_MOST:
        return None
    return min(FIRST_S * FACTOR ** (tries - 1), LONGEST_S) * (1 - SPREAD + 2 * SPREAD * chance)


def rest_s(failures: int) -> float:
    """Seconds that a webhook rests between two tries, whatever is due; 0: it does not rest.

    Args:
        failures: how many of its tries have failed since one was taken.

    >>> [rest_s(failures) for failures in (4, 5, 6, 7, 50)]
    [0.0, 1.0, 2.0, 4.0, 60.0]
    """
    over = failures - ROW_OF_FAILURES
    return 0.0 if over < 0 else min(2.0 ** min(over, 10), PROBE_MOST_S)
