"""The journal's batches in the spool: appends them and takes them out, and waits for the disk in threads."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import structlog

from app.domain.now import Now
from app.records.mapping import Batch
from app.records.packing import Unpackable, pack, unpack
from app.records.spool import Chunk, Spool, SpoolFull, SpoolUnusable
from app.records.writer import Writer
from app.system.away import reason

CHUNK_BYTES = 256 * 1024
"""About how much of the spool goes into one commit: some 40 calls."""
REREAD_S = 5.0
"""Seconds to wait after a read of the disk failed."""

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)


class Spooled:
    """Batches in the spool. One task appends, one takes out."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._chunk = Chunk([], 0, 0)
        self._first: list[Batch] = []
        self.facts = 0
        """How many facts of this process are in the spool."""
        self.oldest: Now | None = None
        """When the oldest of these facts happened, as far as is known without reading."""
        self.error: str | None = None
        """Why the spool did not take the last batch; None once it has taken one."""
        self.some = asyncio.Event()
        """Set while the spool is not empty."""

    @property
    def batches(self) -> int:
        """How many batches are in the spool."""
        return self._spool.batches

    @property
    def size(self) -> int:
        """How many bytes these batches have."""
        return self._spool.size

    async def append(self, batch: Batch) -> bool:
        """Append a batch; return whether it is on the disk now. If not, `error` says why."""
        try:
            await _to_its_end(lambda: self._spool.append(pack(batch)))
        except (OSError, SpoolFull, TypeError, ValueError) as error:
            if self.error is None:
                _log.error("spool_takes_nothing", error=reason(error), batches=self.batches)
            self.error = reason(error)
            return False
        if self.error is not None:
            _log.info("spool_takes_again", batches=self.batches)
        self.error = None
        self.facts += batch.facts
        self.oldest = self.oldest or batch.oldest
        self.some.set()
        return True

    async def first(self) -> list[Batch]:
        """The first batches, as many as go into one commit."""
        while True:
            try:
                await self._read()
            except OSError as error:
                _log.error("spool_not_read", error=reason(error))
                await asyncio.sleep(REREAD_S)
            else:
                self.oldest = self._first[0].oldest if self._first else None
                return self._first

    async def drop_first(self) -> int:
        """Take away the batches that `first` gave; they are committed.

        Returns:
            How many facts they had.
        """
        try:
            await _to_its_end(partial(self._spool.drop, self._chunk))
        except OSError as error:  # they may come back after a restart, and then change nothing
            _log.error("spool_not_cut", error=reason(error))
        facts = sum(batch.facts for batch in self._first)
        self.facts -= facts
        if not self.batches:
            self.some.clear()
            self.oldest = None
            _log.info("spool_written")
        return facts

    async def recover(self, writer: Writer) -> int:
        """Write the batches that a dead process left.

        Returns:
            How many batches there were.

        Raises:
            Exception: the database is away (`is_away`), or the spool's disk fails; what is left stays.
            SpoolUnusable: a later version of the service left it.
        """
        left = self.batches
        if left:
            _log.warning("spool_left_behind", batches=left, bytes=self.size)
        while self.batches:
            try:
                await self._read()
            except Unpackable as error:
                raise SpoolUnusable(
                    f"the spool {self._spool.path} is of a later version of the service: {error}"
                ) from error
            await writer.write(self._first, give_up=True)
            await _to_its_end(partial(self._spool.drop, self._chunk))
        if left:
            _log.info("spool_written", batches=left)
        return left

    async def _read(self) -> None:
        def work() -> tuple[Chunk, list[Batch]]:
            chunk = self._spool.read(CHUNK_BYTES)
            return chunk, [unpack(record) for record in chunk.records]

        self._chunk, self._first = await _to_its_end(work)


async def _to_its_end(work: Callable[[], _T]) -> _T:
    """Do work in a thread, and wait for its end even when cancelled: the file must not be left half-done."""
    done = asyncio.get_running_loop().run_in_executor(None, work)
    cancelled = False
    while not done.done():
        try:
            await asyncio.wait([done])
        except asyncio.CancelledError:
            cancelled = True
    if cancelled and (task := asyncio.current_task()) is not None:
        task.cancel()  # raised at the next wait, when what was done has been noted
    return done.result()
