"""Keeps rows that the database refuses though it answers, and facts that cannot be made rows, in files of their own.

    keskus.db.spool.set-aside/
        20261129T101530.123456Z.json    {"version": 1, "at": ..., "rows": [{"statement", "row", "error", "traceback"}]}

Nothing else waits for these rows. Each start tries them once more, so that a version that mends the fault writes them.
A file goes away with its last row. Whoever runs the service may read these files, and remove them.
"""

import asyncio
import contextlib
import os
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import structlog

from app.records.packing import dump, load
from app.system import clock
from app.system.away import reason

FACT: Final = "fact"
"""Stands in place of a statement for a fact that could not be made a row: it is not tried again."""
_VERSION: Final = 1
_FOLDER, _FILE = 0o700, 0o600
"""Rows hold callers' numbers."""
_log = structlog.get_logger(__name__)


class SetAsideFull(Exception):  # noqa: N818 - named for what is so
    """The files have reached their bound."""


class Refused(NamedTuple):
    """One row that was refused."""

    statement: str
    """The name of the statement that was to write the row."""
    row: dict[str, Any]
    error: Exception


class SetAside:
    """The files. They are bounded: at the bound no more rows are taken, and those there stay."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        """Read what is there; blocks.

        Args:
            folder: the folder of the files, made when the first row comes.
            max_bytes: how large all files together may be.
        """
        self._folder, self._max_bytes = folder, max_bytes
        self._rows: dict[Path, int] = {}
        self._bytes = 0
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
            self._bytes += path.stat().st_size
            self._rows[path] = len(_read(path))

    @property
    def folder(self) -> Path:
        """The folder of the files."""
        return self._folder

    @property
    def rows(self) -> int:
        """How many rows the files have."""
        return sum(self._rows.values())

    @property
    def files(self) -> list[Path]:
        """The files that can be read, oldest first."""
        return [path for path, rows in self._rows.items() if rows]

    async def keep(self, refused: Sequence[Refused]) -> None:
        """Write rows to a file. They are on the disk when this returns.

        Raises:
            SetAsideFull: the files would pass their bound.
            OSError: the disk is full or fails.
        """
        at = clock.utc_now()
        path = self._folder / f"{at:%Y%m%dT%H%M%S.%fZ}.json"
        await asyncio.to_thread(self._write, path, [_told(one) for one in refused])
        _log.error("rows_set_aside", rows=len(refused), file=str(path))

    async def read(self, path: Path) -> list[dict[str, Any]]:
        """The rows of one file: `statement`, `row`, `error` and `traceback` of each.

        Raises:
            OSError: the disk fails.
        """
        return await asyncio.to_thread(_read, path)

    async def leave(self, path: Path, rows: Iterable[dict[str, Any]]) -> None:
        """Let a file have these rows only.

        Raises:
            OSError: the disk is full or fails; the file has all its rows still.
        """
        await asyncio.to_thread(self._write, path, list(rows))

    def _write(self, path: Path, rows: list[dict[str, Any]]) -> None:
        before = path.stat().st_size if path in self._rows else 0
        if not rows:
            path.unlink()
            del self._rows[path]
            self._bytes -= before
            return
        content = dump({"version": _VERSION, "at": clock.utc_now(), "rows": rows})
        if self._bytes - before + len(content) > self._max_bytes:
            raise SetAsideFull(f"{self._folder} is at its bound of {self._max_bytes >> 20} MB")
        self._folder.mkdir(_FOLDER, exist_ok=True)
        made = path.with_suffix(".partial")
        try:
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            made.replace(path)
            directory = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)
        except OSError:
            with contextlib.suppress(OSError):
                made.unlink()
            raise
        self._rows[path] = len(rows)
        self._bytes += len(content) - before


def set_aside_beside(spool: Path) -> Path:
    """The folder of the files: beside the spool."""
    return spool.with_name(f"{spool.name}.set-aside")


def _told(one: Refused) -> dict[str, Any]:
    frames = traceback.extract_tb(one.error.__traceback__)
    return {
        "statement": one.statement,
        "row": one.row,
        "error": reason(one.error),
        "traceback": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file; none of a file that is damaged or of a later version, which stays as it is."""
    try:
        found = load(path.read_bytes())
        rows: list[dict[str, Any]] = found["rows"] if found["version"] == _VERSION else []
    except (ValueError, KeyError, TypeError) as error:
        _log.warning("set_aside_unreadable", file=str(path), error=reason(error))
        return []
    return rows
