"""Files that people send, on their way to the disk: as they come, never more than may be, for nobody else to read."""

import asyncio
import os
import secrets
import shutil
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO, Final

from app.lists.errors import DiskFull, TooManyFiles, UploadTooLarge

KEPT_FREE: Final = 1 << 30
"""Bytes of the disk that files do not take: records are written there, too."""
FILES_AT_ONCE: Final = 20
"""Of one user."""


class Places:
    """How many files each user has on their way at one time, so that no one's keep the others' waiting for long."""

    def __init__(self) -> None:
        self._taken: Counter[int | None] = Counter()

    def take(self, user: int | None) -> None:
        """One more file of this user's; `leave` gives its place back.

        Raises:
            TooManyFiles: there are `FILES_AT_ONCE`.
        """
        if self._taken[user] >= FILES_AT_ONCE:
            raise TooManyFiles(files=FILES_AT_ONCE)
        self._taken[user] += 1

    def leave(self, user: int | None) -> None:
        """A file is there, or is not coming."""
        self._taken[user] -= 1


class Folder:
    """Where files wait until they have been dealt with."""

    def __init__(self, path: Path, most_bytes: int, kept_free: int = KEPT_FREE) -> None:
        """A folder; made when it is first needed.

        Args:
            path: where it is.
            most_bytes: how large a file may be.
            kept_free: how many bytes of the disk stay free.
        """
        self.path = path
        self.most_bytes = most_bytes
        self._kept_free = kept_free
        self._mark = secrets.token_hex(4)  # files on their way to this folder now, not before a stop

    @asynccontextmanager
    async def receive(self, pieces: AsyncIterable[bytes]) -> AsyncIterator[tuple[Path, int]]:
        """Take a file in; who wants it moves it away meanwhile, else it goes.

        Args:
            pieces: its bytes.

        Yields:
            Where it is, and its length in bytes.

        Raises:
            UploadTooLarge: it has more than `most_bytes`.
            DiskFull: it would take of what stays free.
        """
        await asyncio.to_thread(self.path.mkdir, 0o700, parents=True, exist_ok=True)
        coming = self.path / f"coming-{self._mark}-{secrets.token_hex(8)}"
        try:
            yield coming, await self._save(coming, pieces)
        finally:
            await asyncio.to_thread(coming.unlink, missing_ok=True)

    async def tidy(self) -> None:
        """Take away what a stop has cut off on its way."""
        await asyncio.to_thread(self._tidy)

    def _tidy(self) -> None:
        for path in self.path.glob("coming-*"):
            if not path.name.startswith(f"coming-{self._mark}-"):
                path.unlink(missing_ok=True)

    async def _save(self, path: Path, pieces: AsyncIterable[bytes]) -> int:
        size = 0
        file: BinaryIO = await asyncio.to_thread(_open_private, path)
        try:
            async for piece in pieces:
                size += len(piece)
                if size > self.most_bytes:
                    raise UploadTooLarge(most_mib=self.most_bytes >> 20)
                await asyncio.to_thread(self._write, file, piece)
        finally:
            await asyncio.to_thread(file.close)
        return size

    def _write(self, file: BinaryIO, piece: bytes) -> None:
        if shutil.disk_usage(self.path).free < self._kept_free + len(piece):
            raise DiskFull
        file.write(piece)


def _open_private(path: Path) -> BinaryIO:
    """A new file that nobody else of the machine may read: it holds telephone numbers."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
