"""Modules are loaded without being looked through for garbage.

There is none among them, and looking over and over takes a third of the time that the service needs to start. What has
been loaded stays, so no later collection looks at it either, while calls wait.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import within this."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
