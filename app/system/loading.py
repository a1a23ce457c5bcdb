"""Loads modules, and what else is made once and stays, with the garbage collector switched off.

Modules contain no garbage, and looking for it takes a third of the service's start. Loaded modules stay, so they are
frozen: later collections, while calls wait, do not look at them either.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import modules, or make what stays, within this context."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
