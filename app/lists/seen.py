"""Finds duplicates within one file, in a temporary SQLite database, so that a million rows need no memory."""

import sqlite3
from types import TracebackType

from app.lists.draft import LeadDraft
from app.lists.row_errors import RowRepeatsId, RowRepeatsNumber, RowUnfit


class Seen:
    """Numbers and external ids of one file, each with the first row that had it."""

    def __init__(self) -> None:
        # The work may move from thread to thread, but never runs in two at a time.
        self._kept = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")

    def __enter__(self) -> "Seen":
        """Use the database; it is closed at the end."""
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Close it."""
        self._kept.close()

    def add(self, row: int, draft: LeadDraft) -> RowUnfit | None:
        """Note a lead; return why it is a duplicate of an earlier row; None: it is not."""
        if draft.external_id is not None:
            before = self.first(f"x{draft.external_id}", row)
            if before is not None:
                return RowRepeatsId(id=draft.external_id, row=before)
        fresh = False
        number, of = "", 0
        for e164, *_ in draft.numbers:
            before = self.first(e164, row)
            if before is None:
                fresh = True
            elif not number:
                number, of = e164, before
        return None if fresh else RowRepeatsNumber(number=number, row=of)

    def first(self, key: str, row: int) -> int | None:
        """The first row that had a key; None: this row is the first."""
        done = self._kept.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row))
        if done.rowcount:
            return None
        (before,) = self._kept.execute("SELECT row FROM seen WHERE key = ?", (key,)).fetchone()
        return int(before)
