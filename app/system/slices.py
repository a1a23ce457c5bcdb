"""Long work on the event loop in short slices, so that other work runs between them."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from app.system.clock import monotonic

SLICE_S: Final = 0.005
"""Seconds that one slice may hold the event loop."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


async def in_slices(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    """Give the results of `work` for each item, in order.

    Args:
        work: called for one item; must take a small part of `SLICE_S`.
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
