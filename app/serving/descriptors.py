"""Raises the limit of open files and sockets, and warns when few are left."""

import asyncio
import os
import resource
from dataclasses import dataclass
from typing import Final

import structlog

from app.system import clock

MOST: Final = 65_536
"""The limit is raised to this at most."""
NEAR: Final = 0.9
"""The share of the limit from which on a warning is logged, 0..1."""
LOOK_EVERY_S: Final = 2.0
LOG_EVERY_S: Final = 60.0
_OPEN: Final = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"  # noqa: PTH112 - once, at import
_log = structlog.get_logger(__name__)


def raise_limit() -> int:
    """Raise the process's limit of descriptors as far as the system allows, up to `MOST`; give the new limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return MOST if soft == resource.RLIM_INFINITY else soft


@dataclass(slots=True, frozen=True)
class DescriptorState:
    """How many descriptors are open, and the limit."""

    open: int
    limit: int

    @property
    def near(self) -> bool:
        """Whether few descriptors are left: soon files could not be written, nor connections accepted."""
        return self.open >= self.limit * NEAR


class Descriptors:
    """Watches the open descriptors. Run `run` in a task group."""

    def __init__(self) -> None:
        self.state = _look()
        self._told_s: float | None = None

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            self.note(_look(), clock.monotonic())
            await asyncio.sleep(LOOK_EVERY_S)

    def note(self, state: DescriptorState, now_s: float) -> None:
        """Take a count; log when few are left (at most every `LOG_EVERY_S`), and when enough are free again."""
        before, self.state = self.state, state
        if state.near:
            if self._told_s is None or now_s - self._told_s >= LOG_EVERY_S:
                _log.error("descriptors_run_out", open=state.open, limit=state.limit)
                self._told_s = now_s
        elif before.near:
            _log.info("descriptors_enough_again", open=state.open, limit=state.limit)
            self._told_s = None


def _look() -> DescriptorState:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    try:
        count = len(os.listdir(_OPEN))  # noqa: PTH208 - names alone, many times
    except OSError:  # no descriptor is left for listing them
        count = limit
    return DescriptorState(count, MOST if limit == resource.RLIM_INFINITY else limit)
