"""Asterisk's own log file, kept within bounds: a stranger's requests are lines in it, and it does not rotate by itself.

Where service and PBX share the file, the service moves it aside when it has grown and lets Asterisk open a new one.
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
"""Old files: `messages.log.1` is the newest of them."""
LOOK_S: Final = 10.0
MAX_BYTES: Final = 10 << 20


class PbxLog:
    """Keeps a log file of the PBX small; call `run` in a task group.

    Args:
        path: the file, as the service sees it.
        max_bytes: how large it may grow, but for what is written between two looks.
        link: to the PBX that writes it.
    """

    def __init__(self, path: Path, max_bytes: int, link: Link) -> None:
        self._path, self._max_bytes, self._link = path, max_bytes, link

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> bool:
        """Begin a new file if this one has grown too large; give whether that was done.

        While the PBX cannot be asked to open a new one, the old one stays.
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
    """Whether a file is there and larger than it may be."""
    try:
        return path.stat().st_size > max_bytes
    except OSError:
        return False


def set_aside(path: Path) -> None:
    """Give a log file the name of the newest old one; the oldest goes.

    Raises:
        OSError: it cannot be.
    """
    names = [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, KEPT + 1))]
    for newer, older in reversed(list(pairwise(names))):
        with contextlib.suppress(FileNotFoundError):
            newer.replace(older)
