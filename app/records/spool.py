"""The spool: a local file for batches that the database cannot take now. First in, first out.

    keskus-spool-1 <offset of the first record> <checksum>
    <checksum> <record>
    ...

Each record is one line, so that a damaged record does not spoil those behind it, and the file can be read with any
tool. `append` returns when the record is on the disk. The file is never replaced, only cut: its lock holds as long as
it is open.
"""

import contextlib
import fcntl
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import structlog

_MAGIC = b"keskus-spool-1 "
_HEADER_BYTES = len(_MAGIC) + 20 + 1 + 8 + 1
_CHECKSUM_BYTES = 8
_BLOCK_BYTES = 1 << 20
_PRIVATE = 0o600
"""Records hold callers' numbers."""

_log = structlog.get_logger(__name__)


class SpoolUnusable(Exception):  # noqa: N818 - named for what is so
    """The spool cannot be opened; the message tells whoever runs the service why."""


class SpoolFull(Exception):  # noqa: N818 - named for what is so
    """The spool has reached its bound."""


class Chunk(NamedTuple):
    """The first records of a spool."""

    records: list[bytes]
    lines: int
    end: int
    """Offset behind the last of these records."""


def frame(record: bytes) -> bytes:
    r"""A record as it stands in the file. It is not empty, and may hold any byte but a line feed.

    >>> frame(b'{"facts": 1}')
    b'58da302e {"facts": 1}\n'
    """
    assert record
    assert b"\n" not in record
    return b"%08x %s\n" % (crc32(record), record)


def unframe(line: bytes) -> bytes | None:
    """The record of a line without its line feed, or None when it is damaged."""
    record = line[_CHECKSUM_BYTES + 1 :]
    sound = record and b"\n" not in record and line == frame(record)[:-1]
    return record if sound else None


def waiting_bytes(path: Path) -> int:
    """How many bytes wait in a spool that another process may have open; 0 where there is none."""
    try:
        with path.open("rb") as file:
            header, size = file.read(_HEADER_BYTES), os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return 0
    return max(0, size - _offset(header, size))


@dataclass(slots=True, frozen=True)
class Found:
    """What was in the file when it was opened."""

    batches: int
    damaged: int
    """Records that cannot be read, between others that can."""
    cut_bytes: int
    """Length of the torn end, cut off."""


class Spool:
    """An open spool. Its methods wait for the disk: call them in a thread; any thread may call any of them.

    The spool is bounded: at the bound `append` refuses, and its records stay. The file shrinks when it is empty.
    """

    def __init__(self, file: int, path: Path, max_bytes: int) -> None:
        """Use `Spool.open`."""
        self._file = file
        self._path = path
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._head = self._end = _HEADER_BYTES
        self._batches = 0
        self.found = Found(0, 0, 0)

    @classmethod
    def open(cls, path: Path, max_bytes: int) -> "Spool":
        """Open a spool, or make one. A torn end, as a crash leaves it, is cut off.

        Args:
            path: the file; its directory must be there.
            max_bytes: how large the file may grow.

        Raises:
            SpoolUnusable: another process has it, it is no spool, or it cannot be written.
        """
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
        except OSError as error:
            raise SpoolUnusable(f"cannot open the spool {path}: {error.strerror}") from error
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SpoolUnusable(f"the spool {path} is in use by another process") from None
            spool = cls(file, path, max_bytes)
            spool._begin()
        except OSError as error:
            os.close(file)
            raise SpoolUnusable(f"cannot use the spool {path}: {error.strerror}") from error
        except BaseException:
            os.close(file)
            raise
        return spool

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def batches(self) -> int:
        """How many records are in the spool."""
        return self._batches

    @property
    def size(self) -> int:
        """How many bytes these records have."""
        return self._end - self._head

    def append(self, record: bytes) -> None:
        """Add a record behind all others. It is on the disk when this returns, or not there at all.

        Raises:
            SpoolFull: the file would pass its bound.
            OSError: the disk is full or fails.
        """
        line = frame(record)
        with self._lock:
            if self._end + len(line) > self._max_bytes:
                raise SpoolFull(f"the spool is at its bound of {self._max_bytes >> 20} MB")
            try:
                self._write(line, self._end)
                os.fsync(self._file)
            except OSError:
                with contextlib.suppress(OSError):  # the next one is written over it all the same
                    os.ftruncate(self._file, self._end)
                raise
            self._end += len(line)
            self._batches += 1

    def read(self, about_bytes: int) -> Chunk:
        """The first records, in order: about this many bytes, at least one record; none when the spool is empty.

        Raises:
            OSError: the disk fails.
        """
        with self._lock:
            block = self._whole_lines(self._head, self._end, about_bytes)
            head = self._head
        lines = block.split(b"\n")[:-1]
        records = [record for line in lines if (record := unframe(line)) is not None]
        return Chunk(records, len(lines), head + len(block))

    def drop(self, chunk: Chunk) -> None:
        """Take away the records that `read` gave last. The change is on the disk when this returns.

        Raises:
            OSError: the disk fails; the records may then come back after a restart.
        """
        with self._lock:
            self._head = chunk.end
            self._batches -= len(chunk.records)
            if self._head == self._end:
                self._write(_header(_HEADER_BYTES), 0)
                os.ftruncate(self._file, _HEADER_BYTES)
                self._head = self._end = _HEADER_BYTES
            else:
                self._write(_header(self._head), 0)
            # Before anything is appended or written to the database: what was dropped must not come back
            # behind newer facts, and the new offset must not be believed of a file that was cut since.
            os.fsync(self._file)

    def close(self) -> None:
        """Close the file and give up its lock."""
        os.close(self._file)

    def _begin(self) -> None:
        size = os.fstat(self._file).st_size
        first = os.pread(self._file, _HEADER_BYTES, 0)
        if len(first) < _HEADER_BYTES and _header(_HEADER_BYTES).startswith(first):
            self._write(_header(_HEADER_BYTES), 0)
            size = _HEADER_BYTES
        elif not first.startswith(_MAGIC):
            raise SpoolUnusable(f"{self._path} is no spool; it was left as it is")
        else:
            self._head = _offset(first, size)
        self._end, batches, damaged = self._survey(size)
        self._batches = batches
        self.found = Found(batches, damaged, size - self._end)
        os.ftruncate(self._file, self._end)
        os.fsync(self._file)
        directory = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        if damaged or self.found.cut_bytes:
            _log.error("spool_damaged", records=damaged, cut_bytes=self.found.cut_bytes)

    def _survey(self, size: int) -> tuple[int, int, int]:
        """The end of the last record that can be read, how many can, and how many before it cannot."""
        at = end = self._head
        good = damaged = 0
        bad = 0  # since the last good one
        while block := self._whole_lines(at, size, _BLOCK_BYTES):
            for line in block.split(b"\n")[:-1]:
                at += len(line) + 1
                if unframe(line) is None:
                    bad += 1
                else:
                    end, good, damaged, bad = at, good + 1, damaged + bad, 0
        return end, good, damaged

    def _whole_lines(self, start: int, end: int, about_bytes: int) -> bytes:
        block = os.pread(self._file, min(about_bytes, end - start), start)
        last = block.rfind(b"\n")
        while last < 0 and start + len(block) < end:
            more = os.pread(self._file, min(_BLOCK_BYTES, end - start - len(block)), start + len(block))
            if not more:
                break
            block += more
            last = block.find(b"\n")
        return block[: last + 1]

    def _write(self, data: bytes, at: int) -> None:
        view = memoryview(data)
        while view:
            written = os.pwrite(self._file, view, at)
            at += written
            view = view[written:]


def _header(offset: int) -> bytes:
    said = b"%020d" % offset
    return b"%b%b %08x\n" % (_MAGIC, said, crc32(said))


def _offset(header: bytes, size: int) -> int:
    """Offset of the first record. Where the header is damaged, the file's beginning: writing again changes nothing."""
    said = header[len(_MAGIC) :].partition(b" ")[0]
    if said.isdigit() and header == _header(int(said)) and _HEADER_BYTES <= int(said) <= size:
        return int(said)
    return _HEADER_BYTES
