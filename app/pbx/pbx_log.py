"""Keeps Asterisk's own log file small: strangers' requests add lines to it, and Asterisk does not rotate it.

When the service sees the PBX's log file, it moves a file that has grown aside and has Asterisk open a new one.
"""

import asyncio
import contextlib
from itertools import pairwise
from pathlib import Path
from typing import Final

import structlog

from app.pbx.ami.errors import PbxError
from app.pbx.ami.link import Link

log = structlog.get_logger(__name__)

KEPT: Final = 4
"""How many old files are kept; `messages.log.1` is the newest."""
LOOK_S: Final = 10.0
MAX_BYTES: Final = 10 << 20


class PbxLog:
    """Keeps a log file of the PBX small; call `run` in a task group.

    Args:
        path: the file, as the service sees it.
        max_bytes: its size in bytes from which it is moved aside; looked at every `LOOK_S` seconds.
        link: to the PBX that writes it.
    """

    def __init__(self, path: Path, max_bytes: int, link: Link) -> None:
        self._path, self._max_bytes, self._link = path, max_bytes, link

    async def run(self) -> None:
        """Look every `LOOK_S` seconds until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> bool:
        """Begin a new file if the file has grown too large; give whether that was done.

        While the link is down, the old file stays.
        """
        if not self._link.connected or not await asyncio.to_thread(has_grown, self._path, self._max_bytes):
            return False
        try:
            await asyncio.to_thread(set_aside, self._path)
            await self._link.send({"Action": "LoggerRotate"})
        except (OSError, PbxError) as error:
            log.warning("pbx_log_not_rotated", path=str(self._path), reason=str(error))
            return False
        return True


def has_grown(path: Path, max_bytes: int) -> bool:
    """Whether a file exists and is larger than `max_bytes`."""
    try:
        return path.stat().st_size > max_bytes
    except OSError:
        return False


def set_aside(path: Path) -> None:
    """Rename a log file to the newest old file (`.1`), and shift the older ones; the oldest is deleted.

    Raises:
        OSError: a file cannot be renamed.
    """
    names = [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, KEPT + 1))]
    for newer, older in reversed(list(pairwise(names))):
        with contextlib.suppress(FileNotFoundError):
            newer.replace(older)
