"""The ledger of erasures: a file beside the database, which no backup has and no restore replaces.

A line for each erasure: a checksum, then JSON with its id, the contact's id, keyed hashes and the moment. Whoever reads
it without the database's secret learns no name and no number. After a backup is restored, erasures that the database
does not know are done again.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from app.records.spool import frame, unframe
from app.system.private import FILE

FORM: Final = 1
"""The version of the lines."""


class Entry(NamedTuple):
    """One erasure."""

    id: str
    contact: int
    identities: tuple[tuple[int, str], ...]
    """The ids and the keyed hashes of `Person.identities`."""
    numbers: tuple[str, ...]
    """Keyed hashes."""
    at: datetime


class Ledger:
    """The file; its methods wait for the disk."""

    def __init__(self, path: Path) -> None:
        """Use a file, which is made with the first entry."""
        self.path = path

    def entries(self) -> list[Entry]:
        """All erasures, the oldest first; lines that are damaged, or of a later version, are left out.

        Raises:
            OSError: the disk fails.
        """
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        told = [json.loads(record) for line in lines if (record := unframe(line)) is not None]
        return [_entry(one) for one in told if one["form"] == FORM]

    def add(self, entry: Entry) -> None:
        """Add an erasure; it is on the disk when this returns. One that is there already is not added again.

        Raises:
            OSError: the disk is full or fails.
        """
        if any(one.id == entry.id for one in self.entries()):
            return
        told = entry._asdict() | {"form": FORM, "at": entry.at.isoformat()}
        line = frame(json.dumps(told, separators=(",", ":")).encode("ascii"))
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, FILE)
        try:
            size = os.fstat(file).st_size
            torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
            os.write(file, (b"\n" if torn else b"") + line)
            os.fsync(file)
        finally:
            os.close(file)


def ledger_beside(spool: Path) -> Path:
    """The ledger's path where none is set: beside the spool, which stays when the database is replaced."""
    return spool.with_name(f"{spool.name.removesuffix('.spool')}.erasures")


def _entry(told: dict[str, Any]) -> Entry:
    return Entry(
        id=told["id"],
        contact=told["contact"],
        identities=tuple((contact, hash_) for contact, hash_ in told["identities"]),
        numbers=tuple(told["numbers"]),
        at=datetime.fromisoformat(told["at"]),
    )
