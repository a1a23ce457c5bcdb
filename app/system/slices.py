"""Long work on the event loop, in slices: what else is due has its turn between them."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from app.system.clock import monotonic

SLICE_S: Final = 0.005
"""How long one slice may hold the loop."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


async def in_slices(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    """Give the results of `work` for each item, in order.

    Args:
        work: takes a small part of a slice.
        items: must not change meanwhile.
    """
    results: list[_Result] = []
    over_s = monotonic() + SLICE_S
    for item in items:
        results.append(work(item))
        if monotonic() >= over_s:
            await asyncio.sleep(0)
            over_s = monotonic() + SLICE_S
    return results
