"""Uploads on their way to the disk: written as they arrive, within limits, and readable for the service only."""

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
"""Bytes of the disk that uploads leave free, as records are written there, too."""
FILES_AT_ONCE: Final = 20
"""The most uploads of one user at one time."""


class Places:
    """How many uploads each user has under way, so that one user's do not keep the others' waiting for long."""

    def __init__(self) -> None:
        self._taken: Counter[int | None] = Counter()

    def take(self, user: int | None) -> None:
        """Count one more upload of this user; call `leave` when it ends.

        Raises:
            TooManyFiles: the user has `FILES_AT_ONCE` uploads under way.
        """
        if self._taken[user] >= FILES_AT_ONCE:
            raise TooManyFiles(files=FILES_AT_ONCE)
        self._taken[user] += 1

    def leave(self, user: int | None) -> None:
        """Count one upload of this user less: it is complete, or has failed."""
        self._taken[user] -= 1


class Folder:
    """The folder where files wait until they have been processed."""

    def __init__(self, path: Path, most_bytes: int, kept_free: int = KEPT_FREE) -> None:
        """A folder; created when first needed.

        Args:
            path: the folder's path.
            most_bytes: how large a file may be.
            kept_free: how many bytes of the disk stay free.
        """
        self.path = path
        self.most_bytes = most_bytes
        self._kept_free = kept_free
        self._mark = secrets.token_hex(4)  # tells this process's uploads from those before a stop

    @asynccontextmanager
    async def receive(self, pieces: AsyncIterable[bytes]) -> AsyncIterator[tuple[Path, int]]:
        """Save an upload to a temporary file. The caller moves it away within the context, or it is deleted.

        Args:
            pieces: its bytes.

        Yields:
            The temporary file, and its length in bytes.

        Raises:
            UploadTooLarge: it has more than `most_bytes`.
            DiskFull: less than `kept_free` bytes would stay free.
        """
        await asyncio.to_thread(self.path.mkdir, 0o700, parents=True, exist_ok=True)
        coming = self.path / f"coming-{self._mark}-{secrets.token_hex(8)}"
        try:
            yield coming, await self._save(coming, pieces)
        finally:
            await asyncio.to_thread(coming.unlink, missing_ok=True)

    async def tidy(self) -> None:
        """Delete the uploads that a stop of the service has cut off."""
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
    """A new file that only the service's user may read: it has telephone numbers."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
