"""Wall clocks of single processes, set while they run: libfaketime, without touching their monotonic clocks."""

import shutil
from pathlib import Path

from app.sandbox.program import SYSTEM_PATHS
from tests.provision import faketime_library


class Clock:
    """A wall clock that is told how far off it is."""

    def __init__(self, file: Path, library: Path) -> None:
        self._file = file
        self._library = library
        self.set(0)

    def set(self, offset_s: int) -> None:
        """Put it so many seconds ahead of the true time, or behind it."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{offset_s:+d}\n")
        new.rename(self._file)  # whole at any moment

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to go by this clock."""
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


def service_clock(folder: Path) -> Clock:
    """A clock for the service, which runs on this machine's own libraries."""
    return Clock(folder / "service.clock", faketime_library(newest=False))


def pbx_clock(folder: Path) -> Clock:
    """A clock for the sandbox's Asterisk, which has the newest libraries unless it is an installed one."""
    installed = shutil.which("asterisk") or shutil.which("asterisk", path=SYSTEM_PATHS)
    return Clock(folder / "pbx.clock", faketime_library(newest=not installed))
