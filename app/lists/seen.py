"""What a file has said before: in a temporary file of SQLite's own, so that a million rows need no memory."""

import sqlite3
from types import TracebackType

from app.lists.draft import LeadDraft


class Seen:
    """Numbers and external ids of one file, each with the first row that had it."""

    def __init__(self) -> None:
        # Work goes on in whatever thread is free, never in two.
        self._kept = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")

    def __enter__(self) -> "Seen":
        """It is closed at the end."""
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Close it."""
        self._kept.close()

    def add(self, row: int, draft: LeadDraft) -> str | None:
        """Note a lead; why it is one that the file has had, or None."""
        if draft.external_id is not None:
            before = self._first(f"x{draft.external_id}", row)
            if before is not None:
                return f"its id {draft.external_id} is in row {before} too"
        fresh = False
        number, of = "", 0
        for e164, *_ in draft.numbers:
            before = self._first(e164, row)
            if before is None:
                fresh = True
            elif not number:
                number, of = e164, before
        return None if fresh else f"its number {number} is in row {of} too"

    def _first(self, key: str, row: int) -> int | None:
        done = self._kept.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row))
        if done.rowcount:
            return None
        (before,) = self._kept.execute("SELECT row FROM seen WHERE key = ?", (key,)).fetchone()
        return int(before)
