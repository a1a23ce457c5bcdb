"""The state of the journal, for readiness, metrics and desktops."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Keeping(StrEnum):
    """Where new facts go."""

    WRITTEN = "written"
    """They go to the database."""
    KEPT = "kept"
    """They are kept on this machine: the database is away, or is catching up."""
    REFUSED = "refused"
    """Spool and memory are full: they are lost to the journal."""


@dataclass(slots=True, frozen=True)
class JournalState:
    """The state of the journal."""

    keeping: Keeping
    backlog: int
    """Facts recorded but not committed, in memory and in the spool."""
    in_memory: int
    """Those of the backlog that are in memory alone."""
    lag_s: float
    """Age of the oldest fact of the backlog; 0 when there is none."""
    last_commit_at: datetime | None
    last_error: str | None
    """Why the database did not take the last attempt; None once one has succeeded."""
    refused: int
    """Facts not taken because spool and memory were full, since the start."""
    spoiled: int
    """Rows the database would not take in any form, since the start."""
    fault: bool = False
    """The last attempt met a fault of the program: the database is there."""
    set_aside: int = 0
    """Rows that are set aside in files."""
    spooled_batches: int = 0
    spooled_bytes: int = 0
    spool_error: str | None = None
    """Why the spool did not take the last batch: its bound, a full disk; None once it has taken one."""
