"""Where a file that somebody brought is."""

from enum import StrEnum


class JobState(StrEnum):
    """Where an import is."""

    READING = "reading"
    """The file is here; how it is to be read is being found out."""
    UPLOADED = "uploaded"
    """The file is here; nobody has said how to go on."""
    CHECKED = "checked"
    """A dry run has counted what would be added."""
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    CUT_OFF = "cut_off"
    """The service stopped meanwhile; it may go on from there."""
    UNDOING = "undoing"
    UNDONE = "undone"
